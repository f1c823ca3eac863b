// What can be done with one flow: the same entries in the menu of a row and in that of the heading.
import type { ContextMenu, DropdownMenu } from 'radix-ui';
import { useContext } from 'react';
import type { Flow } from '../../main/contract/flow';
import type { ComposerStore } from '../composer/composerStore';
import { flowRow } from '../stores/flowRow';
import { type FlowStore, markColors, type ShownFlow } from '../stores/flowState';
import { IsViewer } from './isViewer';
import { editAndResend, resend, resendRefusal } from './resend';

/** Menus of both kinds have the same parts. */
export type MenuParts = typeof ContextMenu | typeof DropdownMenu;

export interface FlowMenuProps {
  readonly parts: MenuParts;
  readonly flow: Flow;
  readonly flowStore: FlowStore;
  readonly composer: ComposerStore;
  readonly onOpenRoute: (routeId: string) => void;
  readonly onMakeRoute: (flow: Flow) => void;
}

export function FlowMenuItems(props: FlowMenuProps) {
  const { parts: Menu, flow, flowStore } = props;
  const isViewer = useContext(IsViewer);
  const { pinned, marks, togglePin, mark, compared, toggleCompared } = flowStore.getState();
  const isPinned = pinned.some((other) => other.id === flow.id);
  return (
    <>
      <Menu.Item className="menu-item" onSelect={() => togglePin(flow.id)}>
        {isPinned ? 'Unpin' : 'Pin to the top'}
        <span className="menu-hint">P</span>
      </Menu.Item>
      <Menu.Item className="menu-item" onSelect={() => toggleCompared(flow.id)}>
        {compareLabel(flow, compared)}
        <span className="menu-hint">X</span>
      </Menu.Item>
      <Menu.Separator className="menu-separator" />
      {!isViewer && (
        <>
          <ResendItems {...props} />
          <Menu.Separator className="menu-separator" />
        </>
      )}
      <Menu.Group className="menu-marks" aria-label="Mark">
        {markColors.map((color, index) => (
          <Menu.Item
            key={color}
            className="menu-item menu-mark"
            aria-label={`Mark ${color}`}
            title={`Mark ${color} (${index + 1})`}
            onSelect={() => mark(flow.id, marks.get(flow.id) === color ? null : color)}
          >
            <i
              className={`mark mark-${color} ${marks.get(flow.id) === color ? 'mark-on' : ''}`}
              aria-hidden
            />
          </Menu.Item>
        ))}
        <Menu.Item className="menu-item menu-mark" title="No mark (0)" onSelect={() => mark(flow.id, null)}>
          none
        </Menu.Item>
      </Menu.Group>
      <Menu.Separator className="menu-separator" />
      {!isViewer && <RouteItems {...props} />}
      {similarFilters(flow).map((filter) => (
        <Menu.Item key={filter} className="menu-item" onSelect={() => addToFilter(flowStore, filter)}>
          Only <span className="mono">{filter.length > 48 ? `${filter.slice(0, 47)}…` : filter}</span>
        </Menu.Item>
      ))}
    </>
  );
}

function RouteItems({ parts: Menu, flow, onOpenRoute, onMakeRoute }: FlowMenuProps) {
  const { route } = flow;
  return (
    <>
      <Menu.Item
        className="menu-item"
        disabled={route === null}
        onSelect={() => route !== null && onOpenRoute(route)}
      >
        {route === null ? 'No route to go to' : `Go to route ${route}`}
        <span className="menu-hint">R</span>
      </Menu.Item>
      <Menu.Item className="menu-item" onSelect={() => onMakeRoute(flow)}>
        Make a route from this
      </Menu.Item>
      <Menu.Separator className="menu-separator" />
    </>
  );
}

function ResendItems({ parts: Menu, flow, flowStore, composer }: FlowMenuProps) {
  const refusal = resendRefusal(flow.id, flowStore);
  if (refusal !== null) {
    return (
      <Menu.Item className="menu-item" disabled>
        Cannot be sent again: {refusal}
      </Menu.Item>
    );
  }
  return (
    <>
      <Menu.Item className="menu-item" onSelect={() => resend(flow.id, flowStore, composer)}>
        Send again
        <span className="menu-hint">A</span>
      </Menu.Item>
      <Menu.Item className="menu-item" onSelect={() => editAndResend(flow.id, flowStore, composer)}>
        Edit and send again
        <span className="menu-hint">E</span>
      </Menu.Item>
    </>
  );
}

function compareLabel(flow: Flow, compared: readonly ShownFlow[]): string {
  if (compared.some((other) => other.flow.id === flow.id)) return 'Take out of the comparison';
  const first = compared[0];
  return first === undefined ? 'Compare: take as A' : `Compare with A (${flowRow(first.flow).time})`;
}

function similarFilters(flow: Flow): string[] {
  const host = flow.hostname ?? flow.serverName;
  const filters = [
    host === null ? '' : `host=${quoted(host)}`,
    flow.route === null ? '' : `route=${flow.route}`,
    flow.endpoint === null ? '' : `endpoint=${quoted(flow.endpoint)}`,
    flow.status === null ? '' : `status=${flow.status}`,
    flow.failure === null ? '' : `error=${flow.failure.code}`,
  ];
  return filters.filter((filter) => filter !== '');
}

function quoted(value: string): string {
  return /[\s"\\]/.test(value) ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value;
}

function addToFilter(flowStore: FlowStore, word: string): void {
  const { filter, setFilter } = flowStore.getState();
  setFilter(`${filter.trim()} ${word}`.trim());
}
