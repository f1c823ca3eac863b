// What of a form is kept in the browser: no secrets unless the person wants them kept, and nothing large.
import { maskedValue, secretHeaderNames } from '../../main/contract/flowEvent';
import { type Composed, firstComposed } from './composed';

/** The browser's storage, as far as it is used here. */
export interface KeptTexts {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
}

export interface KeptForm {
  readonly composed: Composed;
  /** The body or secrets were too much to keep, in words; null = it is all there. */
  readonly missing: string | null;
}

const key = 'hopscope.composer';
const mostBodyCharacters = 16_384;

export function keepable(composed: Composed, keepsSecrets: boolean): KeptForm {
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

/** What stood in the form when the page was left: that of this tab, else the last one of any. */
export function readForm(storages: readonly Pick<KeptTexts, 'getItem'>[]): KeptForm | null {
  for (const storage of storages) {
    let value: unknown;
    try {
      value = JSON.parse(storage.getItem(key) ?? 'null');
    } catch {
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    const { composed, missing } = value as Readonly<Record<string, unknown>>;
    if (isComposed(composed)) return { composed, missing: typeof missing === 'string' ? missing : null };
  }
  return null;
}

/** A full or forbidden storage costs the next load its form, nothing else. */
export function writeForm(storages: readonly Pick<KeptTexts, 'setItem'>[], form: KeptForm): void {
  for (const storage of storages) {
    try {
      storage.setItem(key, JSON.stringify(form));
    } catch {
      // See above.
    }
  }
}

/** Names of the headers whose value is a mask: sent so, they would be wrong. */
export function maskedNames(headers: string): string[] {
  return headers
    .split('\n')
    .flatMap((line) => (line.includes(maskedValue) ? [line.split(':')[0]!.trim()] : []));
}

/** Of the same shape as the form of today, field by field. */
export function isComposed(value: unknown): value is Composed {
  return hasShapeOf(value, { ...firstComposed, body: null }) && isBody((value as { body?: unknown }).body);
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
