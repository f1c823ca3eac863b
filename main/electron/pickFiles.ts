// The system's own file dialogs.
import { dialog } from 'electron';

const filters = [{ name: 'Workspaces', extensions: ['yaml', 'yml', 'json'] }];
const captureFilters = [
  { name: 'Capture files', extensions: ['ndjson', 'jsonl'] },
  { name: 'All files', extensions: ['*'] },
];

/** null = cancelled. */
export async function pickCaptureFile(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: 'Open a capture file',
    filters: captureFilters,
    properties: ['openFile'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

/** null = cancelled. It asks itself before a file is replaced. */
export async function pickWorkspaceFile(purpose: 'open' | 'saveAs'): Promise<string | null> {
  if (purpose === 'open') {
    const { canceled, filePaths } = await dialog.showOpenDialog({ filters, properties: ['openFile'] });
    return canceled ? null : (filePaths[0] ?? null);
  }
  const { canceled, filePath } = await dialog.showSaveDialog({ filters, defaultPath: 'workspace.yaml' });
  return canceled || filePath === '' ? null : filePath;
}
