// The actions of the command palette.

import { presets } from '../presets/presets';
import type { EditorTools } from './EditorContext';
import type { NewThing } from './newThings';
import { parseNode } from './nodeIds';

export interface PaletteAction {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly isEnabled: boolean;
  readonly run: () => void;
}

const additions: readonly (readonly [title: string, detail: string, thing: NewThing])[] = [
  ['Add an HTTP listener', 'new port, plain HTTP', { kind: 'listener', protocol: 'http' }],
  ['Add an HTTPS listener', 'new port, decrypts', { kind: 'listener', protocol: 'https' }],
  ['Add a TLS listener', 'new port, passthrough by server name', { kind: 'listener', protocol: 'tls' }],
  ['Add a TCP listener', 'new port, relays bytes', { kind: 'listener', protocol: 'tcp' }],
  ['Add a forward listener', 'new port, clients say where to', { kind: 'listener', protocol: 'forward' }],
  ['Add a route', 'who goes where', { kind: 'route' }],
  ['Add a pool', 'servers of one kind', { kind: 'pool' }],
  ['Add an endpoint', 'into the selected pool', { kind: 'endpoint' }],
];

function selectedPool(selected: string | null): string | null {
  const node = selected === null ? null : parseNode(selected);
  if (node?.kind === 'endpoint') return node.pool;
  return node?.kind === 'pool' ? node.id : null;
}

/** As things stand now; made when the palette opens. */
export function paletteActions(tools: EditorTools): PaletteAction[] {
  const { config, ui, add, remove, apply, askRoutes, overlay, views } = tools;
  const { draft, isPending } = config.getState();
  const { selected, selection, screen, isFocusing, isMapShown } = ui.getState();
  /** What is done on the canvas is shown on the canvas. */
  const onCanvas = (run: () => void) => () => {
    ui.show('routes');
    requestAnimationFrame(run);
  };
  const action = (title: string, detail: string, run: () => void, isEnabled = true): PaletteAction => ({
    id: title,
    title,
    detail,
    isEnabled,
    run,
  });
  return [
    action('Apply the draft', 'Ctrl/Cmd Enter', apply, isPending),
    action('Discard the draft', 'back to what runs', () => config.discard(), isPending),
    action('Undo', 'Ctrl/Cmd Z', () => config.undo(), draft.undo.length > 0),
    action('Redo', 'Ctrl/Cmd Shift Z', () => config.redo(), draft.redo.length > 0),
    action('History', 'revisions that ran, and the way back', () => views.openDialog('history')),
    action('Send a request', 'with the built-in client, on the Flows screen', () => {
      ui.show('flows');
      tools.composer.open();
    }),
    action(
      'Send through both',
      'the same bytes two ways, as two diagrams: L4 and L7, buffered and streamed',
      () => {
        ui.show('flows');
        tools.composer.askBoth('pairs');
      },
    ),
    action('Sample servers', 'echo, slow, flaky, big, WebSocket, gRPC: start, stop, use', () =>
      overlay.show({ kind: 'samples', pool: selectedPool(selected) }),
    ),
    action('Ask the routes', 'which way would a request go?', onCanvas(askRoutes)),
    ...presets.map((preset) =>
      action(
        `Preset: ${preset.title}`,
        preset.text,
        onCanvas(() => overlay.show({ kind: 'preset', preset: preset.id })),
      ),
    ),
    ...additions.map(([title, detail, thing]) =>
      action(
        title,
        detail,
        onCanvas(() => add(thing)),
      ),
    ),
    action(
      'Add a note',
      'a text on the canvas',
      onCanvas(() => tools.addNote()),
    ),
    action(
      'Duplicate what is selected',
      'Ctrl/Cmd D',
      onCanvas(() => tools.duplicate(selection)),
      selected !== null,
    ),
    action(
      'Group what is selected',
      'Ctrl/Cmd G',
      onCanvas(() => tools.group(selection)),
      selected !== null,
    ),
    action(
      'Delete what is selected',
      selection.join(', '),
      onCanvas(() => remove(selection)),
      selected !== null,
    ),
    action(
      isFocusing ? 'Leave the focus' : 'Focus on what is selected',
      'F: only its way stays lit',
      onCanvas(() => ui.focusOnSelection(!isFocusing)),
      isFocusing || selected !== null,
    ),
    action(
      'Tidy up the canvas',
      'all nodes to their columns',
      onCanvas(() => config.edit({ type: 'clearPositions' })),
    ),
    action(
      isMapShown ? 'Hide the map' : 'Show the map',
      'the whole canvas, small',
      onCanvas(() => ui.showMap(!isMapShown)),
    ),
    action(
      'Show problems',
      'the overview of the workspace',
      onCanvas(() => ui.select(null)),
    ),
    action('Open a capture file', 'flows that were saved before', tools.openCapture),
    action('Show all keys', '?', () => overlay.show({ kind: 'keys' })),
    action('Go to Routes', 'the canvas', () => ui.show('routes'), screen !== 'routes'),
    action('Go to Flows', 'live traffic', () => ui.show('flows'), screen !== 'flows'),
    action(
      'Go to Certificates',
      'local authority and store',
      () => ui.show('certificates'),
      screen !== 'certificates',
    ),
    action('Light theme', 'colours', () => ui.setTheme('light')),
    action('Dark theme', 'colours', () => ui.setTheme('dark')),
    action('Theme of the system', 'colours', () => ui.setTheme('system')),
  ].filter((item) => item.isEnabled);
}
