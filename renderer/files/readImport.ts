// What a chosen file is: a bundle that needs its passphrase, a workspace, or neither.
import type { WorkspaceDocument } from '../../main/contract/config';

export type ImportedFile =
  | { readonly kind: 'bundle'; readonly bytes: Uint8Array }
  | { readonly kind: 'workspace'; readonly document: WorkspaceDocument; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

const bundleMagic = 'HOPSBNDL';
/** Of any file that is read at all. */
const mostBytes = 6 * 1024 * 1024;

export async function readImport(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<ImportedFile> {
  if (file.size > mostBytes) return { kind: 'refused', reason: 'The file is larger than 6 MiB.' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (String.fromCharCode(...bytes.subarray(0, 8)) === bundleMagic) return { kind: 'bundle', bytes };
  const text = new TextDecoder().decode(bytes);
  const { checkWorkspaceText } = await import('../../main/contract/checkWorkspaceText');
  const { document, issues, workspace } = checkWorkspaceText(text);
  const first = issues.find((issue) => issue.severity === 'error');
  if (workspace !== null) return { kind: 'workspace', document: document as WorkspaceDocument, text };
  const place = first?.line === undefined ? '' : `Line ${first.line}: `;
  return { kind: 'refused', reason: `That is no workspace that can be run. ${place}${first?.message ?? ''}` };
}
