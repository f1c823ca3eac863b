import { History } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { portalHost } from '../components/portalHost';
import { formatClock } from '../stores/flowFormat';
import type { ComposerStore } from './composerStore';
import type { SentEntry } from './sendHistory';

/** What was sent before; an entry puts it into the form again. */
export function HistoryMenu({ composer }: { readonly composer: ComposerStore }) {
  const { entries, keepsSecrets } = useStore(composer, (state) => state.history);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button
          size="small"
          variant="ghost"
          className="button-icon"
          aria-label="History"
          title="What was sent before"
        >
          <History size={14} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu sent-menu" align="end" sideOffset={4}>
          {entries.length === 0 && (
            <DropdownMenu.Label className="menu-note">Nothing was sent yet.</DropdownMenu.Label>
          )}
          {entries.map((entry) => (
            <DropdownMenu.Item
              key={entry.id}
              className="menu-item"
              onSelect={() => composer.take(entry.composed, lackOf(entry))}
            >
              <span className="sent-method">{titleOf(entry)}</span>
              <span className="sent-url">{entry.composed.url}</span>
              <span className="menu-hint">
                {entry.outcome} · {formatClock(entry.at).slice(0, 8)}
              </span>
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator className="menu-separator" />
          <DropdownMenu.CheckboxItem
            className="menu-item"
            checked={keepsSecrets}
            onCheckedChange={(checked) => composer.setKeepsSecrets(checked)}
            onSelect={(event) => event.preventDefault()}
          >
            <span className="menu-check">
              <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
            </span>
            Keep Authorization, cookies and passwords
          </DropdownMenu.CheckboxItem>
          <DropdownMenu.Item
            className="menu-item"
            disabled={entries.length === 0}
            onSelect={() => composer.clearHistory()}
          >
            <span className="menu-check" />
            Clear the history
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function titleOf({ composed }: SentEntry): string {
  if (composed.mode === 'http') return composed.method;
  return composed.mode === 'raw' ? 'RAW' : 'WS';
}

function lackOf({ missing }: SentEntry): string | null {
  return missing === null ? null : `Not kept in the history: ${missing}. Fill it in, then send.`;
}
