import { CircleCheck, CircleX, Lock } from 'lucide-react';
import type { ImportedFile } from '../../../main/contract/certificateFiles';

const icons = { read: CircleCheck, passwordNeeded: Lock, wrongPassword: Lock, unreadable: CircleX } as const;

/** What each file turned out to be. */
export function ImportedFiles({ files }: { readonly files: readonly ImportedFile[] }) {
  return (
    <ul className="certificates-files" aria-label="Files">
      {files.map((file, index) => {
        const Icon = icons[file.status];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name; their place tells them apart.
          <li key={index} className={`certificates-file-${file.status}`}>
            <Icon size={14} aria-hidden />
            <span>{file.name}</span>
            <span className="field-help">{contentWords(file)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function contentWords(file: ImportedFile): string {
  if (file.status === 'passwordNeeded') return 'sealed: needs a password';
  if (file.status === 'wrongPassword') return 'sealed: the password is wrong';
  if (file.status === 'unreadable') return file.message ?? 'not a certificate or key';
  const parts = [
    file.certificates > 0 ? count(file.certificates, 'certificate') : '',
    file.keys > 0 ? count(file.keys, 'key') : '',
  ].filter((part) => part !== '');
  const format = { pem: 'PEM', der: 'DER', pkcs12: 'PKCS#12', unknown: 'unknown' }[file.format];
  return `${format}: ${parts.length === 0 ? 'nothing to import' : parts.join(', ')}`;
}

function count(number: number, thing: string): string {
  return number === 1 ? `1 ${thing}` : `${number} ${thing}s`;
}
