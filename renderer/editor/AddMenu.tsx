import { ChevronDown, Plus, StickyNote } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ListenerProtocol } from '../../main/contract/config';
import { Button } from '../components/Button';
import { portalHost } from '../components/portalHost';
import { presetIcons } from '../presets/PresetGallery';
import { presets } from '../presets/presets';
import { useEditor } from './EditorContext';
import { kindIcons } from './kindIcons';
import type { NewThing } from './newThings';
import { listenerWords } from './nextOffers';

interface MenuEntry {
  readonly thing: NewThing;
  readonly label: string;
  readonly hint: string;
}

const entries: readonly MenuEntry[] = [
  ...(Object.keys(listenerWords) as ListenerProtocol[]).map((protocol) => ({
    thing: { kind: 'listener' as const, protocol },
    ...listenerWords[protocol],
  })),
  { thing: { kind: 'route' }, label: 'Route', hint: 'who goes where' },
  { thing: { kind: 'pool' }, label: 'Pool', hint: 'servers of one kind' },
  { thing: { kind: 'endpoint' }, label: 'Endpoint', hint: 'one server, into the selected pool' },
];

export function AddMenu() {
  const { overlay, addNote } = useEditor();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button icon={<Plus size={15} aria-hidden />}>
          Add
          <ChevronDown size={14} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4} onCloseAutoFocus={keepFocus}>
          <DropdownMenu.Label className="menu-section menu-section-first">Presets</DropdownMenu.Label>
          {presets.map((preset) => {
            const Icon = presetIcons[preset.id];
            return (
              <DropdownMenu.Item
                key={preset.id}
                className="menu-item"
                title={preset.text}
                onSelect={() =>
                  requestAnimationFrame(() => overlay.show({ kind: 'preset', preset: preset.id }))
                }
              >
                <Icon size={15} aria-hidden />
                <span>{preset.title}</span>
              </DropdownMenu.Item>
            );
          })}
          <DropdownMenu.Label className="menu-section">One by one</DropdownMenu.Label>
          {entries.map((entry) => (
            <AddItem key={entry.label} entry={entry} />
          ))}
          <DropdownMenu.Item className="menu-item" onSelect={() => addNote()}>
            <StickyNote size={15} aria-hidden />
            <span>Note</span>
            <span className="menu-hint">a text on the canvas</span>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The focus goes to the new thing's form; leaving the menu without a choice goes back to the button by itself. */
function keepFocus(event: Event): void {
  if (document.activeElement?.closest('.inspector') != null) event.preventDefault();
}

function AddItem({ entry }: { readonly entry: MenuEntry }) {
  const { add } = useEditor();
  const Icon = kindIcons[entry.thing.kind];
  return (
    <DropdownMenu.Item className={`menu-item kind-${entry.thing.kind}`} onSelect={() => add(entry.thing)}>
      <Icon size={15} aria-hidden />
      <span>{entry.label}</span>
      <span className="menu-hint">{entry.hint}</span>
    </DropdownMenu.Item>
  );
}
