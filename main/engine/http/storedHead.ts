// Heads of responses that are put together from fields instead of forwarded as they came.
import type { RawHeaders } from '../../contract/flowEvent';
import type { HeaderEdits } from '../compiledConfig';
import { withoutNames } from '../filter/headerEdits';

export interface ComposedHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: RawHeaders;
  /** Edits of filters between the fields' origin and the client. */
  readonly edits: HeaderEdits | null;
  /** Whole lines of ours, each with its line end; edits apply to them too. */
  readonly ownLines: string;
  /** Framing and connection management: nothing edits them. */
  readonly framingLines: string;
}

export function composeHead({
  status,
  reason,
  headers,
  edits,
  ownLines,
  framingLines,
}: ComposedHead): string {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (const [name, value] of headers) {
    if (edits?.removedNames.has(name.toLowerCase()) !== true) text += `${name}: ${value}\r\n`;
  }
  const lines = `${ownLines}Via: 1.1 hopscope\r\n`;
  text += framingLines;
  return edits === null
    ? `${text}${lines}\r\n`
    : `${text}${withoutNames(lines, edits.removedNames)}${edits.appendedLines}\r\n`;
}

export function connectionLine(keepsClient: boolean, minorVersion: number): string {
  if (!keepsClient) return 'Connection: close\r\n';
  return minorVersion === 0 ? 'Connection: keep-alive\r\n' : '';
}

/** The fields after the edits. */
export function editedFields(headers: RawHeaders, edits: HeaderEdits | null): RawHeaders {
  if (edits === null) return headers;
  const added = edits.appendedLines
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line): readonly [string, string] => {
      const colonAt = line.indexOf(':');
      return [line.slice(0, colonAt), line.slice(colonAt + 1).trim()];
    });
  return [...headers.filter(([name]) => !edits.removedNames.has(name.toLowerCase())), ...added];
}
