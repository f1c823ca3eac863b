import { resolve } from 'node:path';

/** The file of `--capture FILE` or `--capture=FILE`, as an absolute path; null = none. Chromium adds switches of its own. */
export function captureArgument(argv: readonly string[], folder: string): string | null {
  for (const [index, word] of argv.entries()) {
    const file = word === '--capture' ? argv[index + 1] : /^--capture=(.+)$/s.exec(word)?.[1];
    if (file !== undefined && file !== '' && !file.startsWith('--')) return resolve(folder, file);
  }
  return null;
}
