import { ChevronDown, FileText } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Fragment, useEffect } from 'react';
import { useStore } from 'zustand';
import { download } from '../components/download';
import { portalHost } from '../components/portalHost';
import type { ConfigStore } from '../stores/configStore';
import type { UiStore } from '../stores/uiStore';
import { fileShortcutOf } from './fileShortcuts';
import { type FilesStore, messageOf, nameOf } from './filesStore';

export interface FileMenuProps {
  readonly files: FilesStore;
  readonly config: ConfigStore;
  readonly ui: UiStore;
  readonly onHistory: () => void;
  readonly onApply: () => void;
  readonly onOpenCapture: () => void;
}

interface Entry {
  readonly label: string;
  readonly hint: string;
  readonly run: () => void;
  readonly isEnabled?: boolean;
}

/** The open workspace; a click shows what can be done with it as a file. */
export function FileMenu(props: FileMenuProps) {
  const { files, config, ui, onApply } = props;
  const file = useStore(config, (state) => state.running?.file ?? '');
  const canSwitch = useStore(files, (state) => state.list?.canSwitch ?? true);
  useEffect(() => {
    void files.refresh();
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = fileShortcutOf(event);
      if (shortcut === null || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      if (shortcut === 'apply') onApply();
      else if (files.getState().list?.canSwitch !== false) files.show(shortcut);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [files, onApply]);
  const groups = menuGroups(props, canSwitch, (error) => ui.toast('danger', error));
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="file-menu-button" title={file}>
          <FileText size={14} aria-hidden />
          <span className="visually-hidden">File: </span>
          <span className="app-file-name">{file.split(/[\\/]/).at(-1)}</span>
          <ChevronDown size={14} aria-hidden />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {!canSwitch && <p className="menu-note">Started for this one file.</p>}
          {groups.map((entries, index) => (
            <Fragment key={entries[0]?.label}>
              {index > 0 && <DropdownMenu.Separator className="menu-separator" />}
              {entries.map(({ label, hint, run, isEnabled = true }) => (
                <DropdownMenu.Item key={label} className="menu-item" disabled={!isEnabled} onSelect={run}>
                  <span>{label}</span>
                  <span className="menu-hint">{hint}</span>
                </DropdownMenu.Item>
              ))}
            </Fragment>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function menuGroups(
  { files, config, onHistory, onOpenCapture }: FileMenuProps,
  canSwitch: boolean,
  onError: (message: string) => void,
): readonly (readonly Entry[])[] {
  const name = () => nameOf(config.getState().running?.file);
  const save = (work: () => Promise<void>) => () => {
    work().catch((error: unknown) => onError(messageOf(error)));
  };
  const exportYaml = save(async () => download(`${name()}.yaml`, await files.text(), 'application/yaml'));
  const exportJson = save(async () => {
    const { formatWorkspaceText } = await import('../../main/contract/workspaceTextWriter');
    const text = formatWorkspaceText(config.getState().draft.document, 'json');
    download(`${name()}.json`, text, 'application/json');
  });
  return [
    [
      { label: 'New…', hint: 'an empty workspace', run: () => files.show('new'), isEnabled: canSwitch },
      { label: 'Open…', hint: 'Ctrl/Cmd O', run: () => files.show('open'), isEnabled: canSwitch },
      { label: 'Save as…', hint: 'Ctrl/Cmd Shift S', run: () => files.show('saveAs'), isEnabled: canSwitch },
      { label: 'Rename…', hint: '', run: () => files.show('rename'), isEnabled: canSwitch },
    ],
    [
      { label: 'Import…', hint: 'YAML, JSON or a bundle', run: () => files.show('import') },
      { label: 'Export as YAML', hint: '', run: exportYaml },
      { label: 'Export as JSON', hint: '', run: exportJson },
      { label: 'Export with certificates…', hint: 'one encrypted file', run: () => files.show('bundle') },
    ],
    [
      { label: 'History…', hint: 'every revision that ran', run: onHistory },
      { label: 'Access log…', hint: 'a line for every request', run: () => files.show('accessLog') },
      { label: 'Open capture file…', hint: 'flows that were saved', run: onOpenCapture },
    ],
  ];
}
