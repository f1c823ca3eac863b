import { CornerDownLeft } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { Dialog } from '../components/Dialog';
import { type EditorTools, useEditor } from './EditorContext';
import { focusNode } from './focusForm';
import { kindIcons } from './kindIcons';
import type { PaletteMode } from './overlayStore';
import { paletteActions } from './paletteActions';
import { type PaletteNode, paletteNodes, searchItems } from './paletteItems';

interface Offer {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly node: PaletteNode | null;
  readonly run: () => void;
}

/** More than a person reads; typing narrows it down. */
const mostShown = 60;
const texts = {
  find: { title: 'Find on the canvas', hint: 'Name, host name, path, address…' },
  commands: { title: 'Commands', hint: 'An action, or the name of a node…' },
} as const;

/** Ctrl/Cmd-F and Ctrl/Cmd-K: nodes and actions by a few typed letters. */
export function Palette({ mode, onClose }: { readonly mode: PaletteMode; readonly onClose: () => void }) {
  const tools = useEditor();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const offers = useMemo(() => {
    const nodes = paletteNodes(tools.config.getState().draft.document).map(
      (node): Offer => ({ ...node, key: node.id, node, run: () => goTo(node.id, tools) }),
    );
    const actions = paletteActions(tools).map((item): Offer => ({ ...item, key: item.id, node: null }));
    return mode === 'find' ? nodes : [...actions, ...nodes];
  }, [tools, mode]);
  const found = useMemo(() => searchItems(offers, typed).slice(0, mostShown), [offers, typed]);
  const current = found[Math.min(index, found.length - 1)];
  const choose = (offer: Offer | undefined) => {
    if (offer === undefined) return;
    onClose();
    // After the dialog gave the focus back, so that the action may take it.
    requestAnimationFrame(() => offer.run());
  };
  const move = (to: number) => {
    setIndex(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = found.length - 1;
    const at = Math.min(index, last);
    if (event.key === 'ArrowDown') move(at >= last ? 0 : at + 1);
    else if (event.key === 'ArrowUp') move(at <= 0 ? last : at - 1);
    else if (event.key === 'Enter') choose(current);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={texts[mode].title} isOpen onClose={onClose}>
      <input
        className="input"
        role="combobox"
        aria-label={texts[mode].title}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={current === undefined ? undefined : 'palette-current'}
        autoComplete="off"
        spellCheck={false}
        placeholder={texts[mode].hint}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id="palette-list" className="palette-list" role="listbox" aria-label="Found">
        {found.map((offer) => (
          <PaletteRow
            key={offer.key}
            offer={offer}
            isCurrent={offer === current}
            onChoose={() => choose(offer)}
          />
        ))}
      </div>
      <p className="palette-none" role="status">
        {found.length === 0 ? 'Nothing here is called that.' : ''}
      </p>
    </Dialog>
  );
}

function PaletteRow(props: {
  readonly offer: Offer;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}) {
  const { offer } = props;
  const Icon = offer.node === null ? CornerDownLeft : kindIcons[offer.node.kind];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox keeps the focus and handles the keys.
    <div
      id={props.isCurrent ? 'palette-current' : undefined}
      className={`palette-row ${offer.node === null ? '' : `kind-${offer.node.kind}`}`}
      role="option"
      tabIndex={-1}
      aria-selected={props.isCurrent}
      onClick={props.onChoose}
    >
      <Icon size={15} aria-hidden />
      <span className="palette-title">{offer.title}</span>
      <span className="palette-detail">{offer.detail}</span>
    </div>
  );
}

function goTo(id: string, { ui }: EditorTools): void {
  ui.show('routes');
  ui.select(id);
  focusNode(id);
}
