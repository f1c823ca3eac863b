import type { ComposerStore } from './composerStore';
import { parseCurl } from './parseCurl';

/** Puts a curl command into the form. Returns what is wrong with it; null = it is there, and what was left out is said. */
export function pasteCurl(composer: ComposerStore, text: string): string | null {
  const parsed = parseCurl(text);
  if (parsed.kind === 'problem') return parsed.message;
  const { ignored } = parsed;
  composer.take(
    parsed.composed,
    ignored.length === 0 ? null : `Left out of the curl command: ${ignored.join(', ')}.`,
  );
  return null;
}
