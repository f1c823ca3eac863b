// What was sent from this browser, newest first. Secrets are left out unless the person wants them kept.
import { maskedValue, secretHeaderNames } from '../../main/contract/flowEvent';
import { type Composed, firstComposed } from './composed';

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

/** The browser's storage, as far as it is used here. */
export interface KeptTexts {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
}

const key = 'hopscope.sent';
const mostEntries = 30;
const mostBodyCharacters = 16_384;

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

function keepable(composed: Composed, keepsSecrets: boolean): Pick<SentEntry, 'composed' | 'missing'> {
  const missing: string[] = [];
  let { headers, url, body, raw } = composed;
  if (!keepsSecrets) {
    const masked = maskedHeaders(headers);
    if (masked !== headers) missing.push('secret headers');
    headers = masked;
    const plain = url.replace(/^(\w+:\/\/)?[^/?#@]*@/, '$1');
    if (plain !== url) missing.push('the password of the URL');
    url = plain;
  }
  if (body.kind === 'file' || (body.kind === 'text' && body.text.length > mostBodyCharacters)) {
    missing.push('the body');
    body = { kind: 'text', text: '' };
  }
  if (raw.text.length > mostBodyCharacters) {
    missing.push('the raw bytes');
    raw = { ...raw, text: '' };
  }
  return {
    composed: { ...composed, headers, url, body, raw },
    missing: missing.length === 0 ? null : missing.join(', '),
  };
}

/** The same text when it has no secret. */
function maskedHeaders(headers: string): string {
  return headers
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':');
      const isSecret = colon > 0 && secretHeaderNames.has(line.slice(0, colon).trim().toLowerCase());
      return isSecret ? `${line.slice(0, colon)}: ${maskedValue}` : line;
    })
    .join('\n');
}

/** Names of the headers whose value is a mask: sent so, they would be wrong. */
export function maskedNames(headers: string): string[] {
  return headers
    .split('\n')
    .flatMap((line) => (line.includes(maskedValue) ? [line.split(':')[0]!.trim()] : []));
}

function readEntry(value: unknown): SentEntry[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, at, composed, outcome, missing } = value as Readonly<Record<string, unknown>>;
  const isWhole = typeof id === 'string' && typeof at === 'number' && typeof outcome === 'string';
  if (!isWhole || !isComposed(composed)) return [];
  return [{ id, at, composed, outcome, missing: typeof missing === 'string' ? missing : null }];
}

/** Of the same shape as the form of today, field by field. */
function isComposed(value: unknown): value is Composed {
  return hasShapeOf(value, { ...firstComposed, body: null }) && isBody((value as { body?: unknown }).body);
}

function isBody(body: unknown): boolean {
  return (
    hasShapeOf(body, { kind: 'text', text: '' }) ||
    hasShapeOf(body, { kind: 'fill', bytes: '' }) ||
    hasShapeOf(body, { kind: 'file', name: '', data: '', bytes: 0 })
  );
}

function hasShapeOf(value: unknown, model: object): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(model).every(([name, example]) => {
    const field = (value as Readonly<Record<string, unknown>>)[name];
    if (example === null) return true;
    return typeof example === 'object' ? hasShapeOf(field, example) : typeof field === typeof example;
  });
}
