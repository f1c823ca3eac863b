// The menus of the canvas as data: what can come next, and what can be done with a node, a line, a selection or the canvas.
import {
  ArrowDownToLine,
  ArrowLeftToLine,
  ArrowRightToLine,
  ArrowUpToLine,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Focus,
  Frame,
  LayoutGrid,
  Lightbulb,
  PencilLine,
  Plus,
  SlidersHorizontal,
  StickyNote,
  Trash2,
  Unlink,
} from 'lucide-react';
import type { WorkspaceDocument } from '../../main/contract/config';
import { joinGroup } from './dropPlace';
import type { EditorTools, Point } from './EditorContext';
import { mostSingleEndpoints } from './graphFromConfig';
import { kindIcons } from './kindIcons';
import { type Direction, type NextOffer, nextOffers } from './nextOffers';
import { formatNode, nodeWords, parseEdge, parseMark, parseNode } from './nodeIds';
import type { MenuEntry, MenuSection, PointMenu } from './overlayStore';

/** null = nothing comes there. */
export function nextMenu(
  document: WorkspaceDocument,
  id: string,
  direction: Direction,
  at: Point,
  take: (offer: NextOffer) => void,
): PointMenu | null {
  const offers = nextOffers(document, id, direction);
  const node = parseNode(id);
  if (offers.length === 0 || node === null) return null;
  const title = direction === 'behind' ? `Behind ${nodeWords(node)}` : `In front of ${nodeWords(node)}`;
  const entry = (offer: NextOffer, index: number): MenuEntry => ({
    id: `${index} ${offer.label}`,
    label: offer.label,
    hint: offer.hint,
    icon: offer.kind === 'filter' ? SlidersHorizontal : kindIcons[offer.kind],
    className: `kind-${offer.kind === 'filter' ? 'route' : offer.kind}`,
    run: () => take(offer),
  });
  const section = (name: string, chosen: NextOffer[]): MenuSection[] =>
    chosen.length === 0 ? [] : [{ title: name, entries: chosen.map(entry) }];
  return {
    title,
    ...at,
    sections: [
      ...section(
        'New',
        offers.filter((offer) => offer.isNew && offer.kind !== 'filter'),
      ),
      ...section(
        'Connect',
        offers.filter((offer) => !offer.isNew),
      ),
      ...section(
        'Filter',
        offers.filter((offer) => offer.kind === 'filter'),
      ),
    ],
  };
}

export function nodeMenu(tools: EditorTools, id: string, at: Point, copy: () => void): PointMenu {
  const { ui, config, overlay } = tools;
  const { selection } = ui.getState();
  const ids = selection.includes(id) ? selection : [id];
  const document = config.getState().draft.document;
  const node = parseNode(id);
  const mark = parseMark(id);
  const next = (direction: Direction): MenuEntry[] => {
    const menu = ids.length > 1 ? null : nextMenu(document, id, direction, at, (offer) => tools.take(offer));
    if (menu === null) return [];
    const isBehind = direction === 'behind';
    return [
      entry(isBehind ? 'Add behind it…' : 'Add in front of it…', isBehind ? 'A' : 'Shift A', Plus, () =>
        overlay.show({ kind: 'menu', menu }),
      ),
    ];
  };
  const canCopy = node?.kind !== 'client';
  const one: MenuEntry[] =
    ids.length > 1
      ? []
      : [
          entry('Edit', 'Enter', PencilLine, () => tools.focusForm()),
          ...(node?.kind === 'route' || node?.kind === 'listener'
            ? [entry('Ask with a request it gets', '', Lightbulb, tools.askRoutes)]
            : []),
          ...foldEntry(tools, id),
        ];
  const all: MenuEntry[] = canCopy
    ? [
        entry('Duplicate', 'Ctrl D', CopyPlus, () => tools.duplicate(ids)),
        entry('Copy as YAML', 'Ctrl C', Copy, copy),
        ...(mark === null ? groupEntries(tools, ids) : []),
        entry(ui.getState().isFocusing ? 'Leave the focus' : 'Focus on it', 'F', Focus, () =>
          ui.focusOnSelection(!ui.getState().isFocusing),
        ),
      ]
    : [];
  const removal = canCopy
    ? [
        {
          ...entry(mark?.kind === 'group' ? 'Ungroup' : 'Delete', 'Delete', Trash2, () => tools.remove(ids)),
          isDanger: true,
        },
      ]
    : [];
  const title = ids.length > 1 ? `${ids.length} selected` : node === null ? id : nodeWords(node);
  const plain = (entries: MenuEntry[]): MenuSection => ({ title: null, entries });
  const order = {
    title: 'Order: the first wins a tie',
    entries: ids.length > 1 ? [] : orderEntries(tools, id),
  };
  const sections = [
    plain([...next('behind'), ...next('before')]),
    plain(one),
    plain(all),
    order,
    plain(removal),
  ];
  return { title, ...at, sections: sections.filter(({ entries }) => entries.length > 0) };
}

export function edgeMenu(tools: EditorTools, id: string, at: Point): PointMenu {
  const edge = parseEdge(id);
  const words = edge === null ? id : `${nodeWords(edge.source)} → ${nodeWords(edge.target)}`;
  const beside: MenuEntry[] =
    edge === null
      ? []
      : [
          entry('Add beside it…', '', Plus, () => {
            const source = formatNode(edge.source);
            const menu = nextMenu(tools.config.getState().draft.document, source, 'behind', at, (offer) =>
              tools.take(offer),
            );
            if (menu !== null) tools.overlay.show({ kind: 'menu', menu });
          }),
        ];
  const removal = { ...entry('Disconnect', 'Delete', Unlink, () => tools.remove([id])), isDanger: true };
  return { title: words, ...at, sections: [{ title: null, entries: [...beside, removal] }] };
}

export function paneMenu(tools: EditorTools, at: Point, place: Point, paste: () => void): PointMenu {
  const document = tools.config.getState().draft.document;
  const listeners = nextOffers(document, 'client').map(
    (offer): MenuEntry => ({
      id: offer.label,
      label: offer.label,
      hint: offer.hint,
      icon: kindIcons.listener,
      className: 'kind-listener',
      run: () => tools.take(offer, place),
    }),
  );
  const things: MenuEntry[] = [
    {
      ...entry('Route', 'who goes where', kindIcons.route, () => tools.add({ kind: 'route' })),
      className: 'kind-route',
    },
    {
      ...entry('Pool', 'servers of one kind', kindIcons.pool, () => tools.add({ kind: 'pool' })),
      className: 'kind-pool',
    },
    entry('Note', 'a text on the canvas', StickyNote, () => tools.addNote(place)),
  ];
  const whole: MenuEntry[] = [
    entry('Paste', 'Ctrl V', ClipboardPaste, paste),
    entry('Tidy up', 'all nodes to their columns', LayoutGrid, () =>
      tools.config.edit({ type: 'clearPositions' }),
    ),
  ];
  return {
    title: 'Canvas',
    ...at,
    sections: [
      { title: 'Add', entries: [...listeners, ...things] },
      { title: null, entries: whole },
    ],
  };
}

/** Between routes that are equally precise, the first in the document wins. */
function orderEntries(tools: EditorTools, id: string): MenuEntry[] {
  const node = parseNode(id);
  if (node?.kind !== 'route') return [];
  const routes = tools.config.getState().draft.document.routes ?? [];
  const index = routes.findIndex((route) => route.id === node.id);
  const move = (to: number) => tools.config.edit({ type: 'moveRoute', id: node.id, to });
  return [
    ...(index > 0
      ? [
          entry('First in the document', '', ArrowUpToLine, () => move(0)),
          entry(`Before ${routes[index - 1]!.id}`, '', ArrowLeftToLine, () => move(index - 1)),
        ]
      : []),
    ...(index < routes.length - 1
      ? [
          entry(`After ${routes[index + 1]!.id}`, '', ArrowRightToLine, () => move(index + 1)),
          entry('Last in the document', '', ArrowDownToLine, () => move(routes.length - 1)),
        ]
      : []),
  ];
}

/** A new frame, or one that is there. */
function groupEntries(tools: EditorTools, ids: readonly string[]): MenuEntry[] {
  const { config } = tools;
  const groups = config.getState().draft.document.layout?.groups ?? [];
  const edit = (group: string | null) => config.edit(joinGroup(config.getState().draft.document, ids, group));
  const isMember = (members: readonly string[]) => ids.some((id) => members.includes(id));
  return [
    entry('Group', 'Ctrl G', Frame, () => tools.group(ids)),
    ...groups
      .filter(({ members }) => !ids.every((id) => members.includes(id)))
      .slice(0, 5)
      .map(({ id, name }) => entry(`Into the group ${name}`, '', Frame, () => edit(id))),
    ...(groups.some(({ members }) => isMember(members))
      ? [entry('Out of its group', '', Frame, () => edit(null))]
      : []),
  ];
}

function foldEntry(tools: EditorTools, id: string): MenuEntry[] {
  const node = parseNode(id);
  if (node?.kind !== 'pool') return [];
  const pool = tools.config.getState().draft.document.pools?.find((item) => item.id === node.id);
  if (pool === undefined || pool.endpoints.length <= mostSingleEndpoints) return [];
  const isOpen = tools.ui.getState().openPools.has(pool.id);
  const label = isOpen ? 'Fold its endpoints' : `Show all ${pool.endpoints.length} endpoints`;
  return [entry(label, '', kindIcons.endpoint, () => tools.ui.togglePool(pool.id))];
}

function entry(label: string, hint: string, icon: MenuEntry['icon'], run: () => void): MenuEntry {
  return { id: label, label, ...(hint === '' ? {} : { hint }), ...(icon === undefined ? {} : { icon }), run };
}
