// The actions of the command palette.
import type { EditorTools } from './EditorContext';
import type { NewThing } from './newThings';

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

/** As things stand now; made when the palette opens. */
export function paletteActions(tools: EditorTools): PaletteAction[] {
  const { config, ui, add, remove, apply, askRoutes } = tools;
  const { draft, isPending } = config.getState();
  const { selected } = ui.getState();
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
    action('Ask the routes', 'which way would a request go?', askRoutes),
    ...additions.map(([title, detail, thing]) => action(title, detail, () => add(thing))),
    action('Delete what is selected', selected ?? '', () => remove(selected ?? ''), selected !== null),
    action('Show problems', 'the overview of the workspace', () => ui.select(null)),
    action('Go to Flows', 'live traffic', () => ui.show('flows')),
    action('Go to Certificates', 'local authority and store', () => ui.show('certificates')),
    action('Light theme', 'colours', () => ui.setTheme('light')),
    action('Dark theme', 'colours', () => ui.setTheme('dark')),
    action('Theme of the system', 'colours', () => ui.setTheme('system')),
  ].filter((item) => item.isEnabled);
}
