// What was sent from this browser, newest first. Secrets are left out unless the person wants them kept.
import type { Composed } from './composed';
import { isComposed, type KeptTexts, keepable } from './keptForm';

export interface SentEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly composed: Composed;
  /** "200 OK", "failed". */
  readonly outcome: string;
  /** The body or secrets were too much to keep, in words; null = it is all there. */
  readonly missing: string | null;
}

export interface SendHistory {
  readonly entries: readonly SentEntry[];
  readonly keepsSecrets: boolean;
}

const key = 'hopscope.sent';
const mostEntries = 30;

export function readHistory(storage: Pick<KeptTexts, 'getItem'>): SendHistory {
  const none: SendHistory = { entries: [], keepsSecrets: false };
  let value: unknown;
  try {
    value = JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return none;
  }
  if (typeof value !== 'object' || value === null) return none;
  const { entries, keepsSecrets } = value as Readonly<Record<string, unknown>>;
  return {
    entries: Array.isArray(entries) ? entries.flatMap(readEntry).slice(0, mostEntries) : [],
    keepsSecrets: keepsSecrets === true,
  };
}

/** A full or forbidden storage costs the next session its history, nothing else. */
export function writeHistory(storage: Pick<KeptTexts, 'setItem'>, history: SendHistory): void {
  try {
    storage.setItem(key, JSON.stringify(history));
  } catch {
    // See above.
  }
}

/** The same request again comes to the top in place of the old entry. */
export function withSent(history: SendHistory, sent: Omit<SentEntry, 'missing'>): SendHistory {
  const kept = keepable(sent.composed, history.keepsSecrets);
  const same = JSON.stringify(kept.composed);
  const others = history.entries.filter((entry) => JSON.stringify(entry.composed) !== same);
  return { ...history, entries: [{ ...sent, ...kept }, ...others].slice(0, mostEntries) };
}

export function withSecretsKept(history: SendHistory, keepsSecrets: boolean): SendHistory {
  if (keepsSecrets) return { ...history, keepsSecrets };
  // What was kept until now goes, too.
  const entries = history.entries.map((entry) => ({ ...entry, ...keepable(entry.composed, false) }));
  return { entries, keepsSecrets };
}

function readEntry(value: unknown): SentEntry[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, at, composed, outcome, missing } = value as Readonly<Record<string, unknown>>;
  const isWhole = typeof id === 'string' && typeof at === 'number' && typeof outcome === 'string';
  if (!isWhole || !isComposed(composed)) return [];
  return [{ id, at, composed, outcome, missing: typeof missing === 'string' ? missing : null }];
}
