import { Check, MoreVertical, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { CopyContext } from '../components/copyContext';
import { portalHost } from '../components/portalHost';
import { useOutcome } from '../components/useOutcome';
import { firstComposed } from './composed';
import type { ComposerStore } from './composerStore';
import { type FormattedCurl, formatCurl } from './formatCurl';
import { PasteCurlDialog } from './PasteCurlDialog';
import type { Surroundings } from './wayOfUrl';

/** curl in and out, and what else concerns the form as a whole. */
export function ComposerMenu(props: { readonly composer: ComposerStore; readonly around: Surroundings }) {
  const { composer, around } = props;
  const copyText = useContext(CopyContext);
  const followsFlow = useStore(composer, (state) => state.followsFlow);
  const { said, run } = useOutcome();
  const [curl, setCurl] = useState<FormattedCurl | null>(null);
  const [isPasting, setPasting] = useState(false);
  const open = (isOpen: boolean) => setCurl(isOpen ? formatCurl(composer.getState().composed, around) : null);
  const Icon = said === null ? MoreVertical : said.isOk ? Check : X;
  return (
    <>
      <DropdownMenu.Root modal={false} onOpenChange={open}>
        <DropdownMenu.Trigger asChild>
          <Button
            size="small"
            variant="ghost"
            className="button-icon"
            aria-label="curl and more"
            title={said?.text ?? 'curl and more'}
          >
            <Icon size={14} aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <span role="status" className="visually-hidden">
          {said?.text ?? ''}
        </span>
        <DropdownMenu.Portal container={portalHost()}>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
            <DropdownMenu.Item
              className="menu-item"
              disabled={curl?.kind !== 'command'}
              onSelect={() => curl?.kind === 'command' && run('Copied', () => copyText(curl.command))}
            >
              {curl === null ? 'Copy as curl' : curlLabel(curl)}
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" onSelect={() => setPasting(true)}>
              Paste a curl command…
            </DropdownMenu.Item>
            <DropdownMenu.Separator className="menu-separator" />
            <DropdownMenu.CheckboxItem
              className="menu-item"
              checked={followsFlow}
              onCheckedChange={(checked) => composer.setFollowsFlow(checked)}
            >
              <span className="menu-check">
                <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
              </span>
              Show the flow of what is sent
            </DropdownMenu.CheckboxItem>
            <DropdownMenu.Item
              className="menu-item"
              onSelect={() => composer.take({ ...firstComposed, url: composer.getState().composed.url })}
            >
              <span className="menu-check" />
              Empty the form
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {isPasting && <PasteCurlDialog composer={composer} onClose={() => setPasting(false)} />}
    </>
  );
}

function curlLabel(curl: FormattedCurl): string {
  if (curl.kind === 'problem') return `No curl: ${curl.message}`;
  return curl.without.length === 0 ? 'Copy as curl' : `Copy as curl without ${curl.without.join(', ')}`;
}
