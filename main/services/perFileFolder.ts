// Where the app keeps what belongs to one workspace file (history, drafts): a folder named by the file's path.
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

export function perFileFolder(parent: string, workspaceFile: string): string {
  const key = createHash('sha256').update(resolve(workspaceFile)).digest('hex').slice(0, 24);
  return join(parent, key);
}
