import { ChevronDown, Plus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Button } from '../components/Button';
import { portalHost } from '../components/portalHost';
import { useEditor } from './EditorContext';
import { kindIcons } from './kindIcons';
import type { NewThing } from './newThings';

interface MenuEntry {
  readonly thing: NewThing;
  readonly label: string;
  readonly hint: string;
}

const listenerEntries: readonly MenuEntry[] = [
  { thing: { kind: 'listener', protocol: 'http' }, label: 'HTTP listener', hint: 'plain HTTP' },
  {
    thing: { kind: 'listener', protocol: 'https' },
    label: 'HTTPS listener',
    hint: 'decrypts with a certificate',
  },
  {
    thing: { kind: 'listener', protocol: 'tls' },
    label: 'TLS listener',
    hint: 'routes by server name, sealed',
  },
  { thing: { kind: 'listener', protocol: 'tcp' }, label: 'TCP listener', hint: 'relays bytes' },
  {
    thing: { kind: 'listener', protocol: 'forward' },
    label: 'Forward listener',
    hint: 'clients say where to',
  },
];

const otherEntries: readonly MenuEntry[] = [
  { thing: { kind: 'route' }, label: 'Route', hint: 'who goes where' },
  { thing: { kind: 'pool' }, label: 'Pool', hint: 'servers of one kind' },
  { thing: { kind: 'endpoint' }, label: 'Endpoint', hint: 'one server, into the selected pool' },
];

export function AddMenu() {
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
          {listenerEntries.map((entry) => (
            <AddItem key={entry.label} entry={entry} />
          ))}
          <DropdownMenu.Separator className="menu-separator" />
          {otherEntries.map((entry) => (
            <AddItem key={entry.label} entry={entry} />
          ))}
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
