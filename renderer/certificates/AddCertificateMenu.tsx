import { BadgeCheck, ChevronDown, FileInput, Globe, PenLine, Send } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Button } from '../components/Button';
import { portalHost } from '../components/portalHost';

export type AddWay = 'issue' | 'import' | 'acme' | 'request' | 'sign';

const ways = [
  { way: 'issue', label: 'Issue with the local CA', hint: 'for names of your own', icon: BadgeCheck },
  { way: 'import', label: 'Import files', hint: 'PEM, DER, PKCS#12', icon: FileInput },
  { way: 'acme', label: 'From a public CA', hint: "Let's Encrypt and others", icon: Globe },
  { way: 'request', label: 'Ask another CA', hint: 'a request (CSR)', icon: Send },
  { way: 'sign', label: "Sign somebody's request", hint: 'with the local CA', icon: PenLine },
] as const;

/** The ways to a certificate other than the one big button. */
export function AddCertificateMenu({ onChoose }: { readonly onChoose: (way: AddWay) => void }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button>
          More ways
          <ChevronDown size={14} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {ways.map(({ way, label, hint, icon: Icon }) => (
            <DropdownMenu.Item key={way} className="menu-item" onSelect={() => onChoose(way)}>
              <Icon size={15} aria-hidden />
              <span>{label}</span>
              <span className="menu-hint">{hint}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
