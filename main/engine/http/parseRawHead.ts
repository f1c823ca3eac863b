// Reads heads again for people: only heads that were accepted or made here come this way, so it need not be strict.
import { maskedValue, type RawHeaders, secretHeaderNames } from '../../contract/flowEvent';

/** The field lines of a head, in order and case. `raw` starts with the request or status line. */
export function rawHeadersOf(raw: string, masksSecrets: boolean): RawHeaders {
  const headers: (readonly [string, string])[] = [];
  let lineStart = raw.indexOf('\r\n') + 2;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', lineStart);
    if (lineEnd <= lineStart) return headers;
    // A pseudo-header of HTTP/2 begins with a colon.
    const colonAt = raw.indexOf(':', lineStart + 1);
    const name = raw.slice(lineStart, colonAt);
    const isSecret = masksSecrets && secretHeaderNames.has(name.toLowerCase());
    headers.push([name, isSecret ? maskedValue : raw.slice(colonAt + 1, lineEnd).trim()]);
    lineStart = lineEnd + 2;
  }
}

/** The first line in its three parts. */
export function firstLineOf(raw: string): readonly [string, string, string] {
  const line = raw.slice(0, raw.indexOf('\r\n'));
  const first = line.indexOf(' ');
  const second = line.indexOf(' ', first + 1);
  if (second === -1) return [line.slice(0, first), line.slice(first + 1), ''];
  return [line.slice(0, first), line.slice(first + 1, second), line.slice(second + 1)];
}
