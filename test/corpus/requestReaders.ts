// How servers, strict and lenient, read a stream of requests: each mode stands for a habit of real parsers. What a proxy
// sends is safe when all of them read the same messages.

export interface ReadRequest {
  readonly method: string;
  readonly target: string;
  readonly body: string;
  /** The first and the last Host, which some servers prefer to each other. */
  readonly hosts: readonly string[];
  readonly forwardedFor: readonly string[];
}

export interface Reading {
  readonly requests: readonly ReadRequest[];
  /** What is no whole request. */
  readonly rest: string;
}

export interface ReaderMode {
  readonly name: string;
  /** LF ends a line as CR LF does. */
  readonly takesLf?: boolean;
  /** So does CR. */
  readonly takesCr?: boolean;
  /** A line that begins with white space continues the one before; otherwise it is a line of its own. */
  readonly unfolds?: boolean;
  /** White space before the colon belongs to nothing. */
  readonly trimsNames?: boolean;
  /** "_" and "." are "-", as CGI has it. */
  readonly likensNames?: boolean;
  /** A value ends at NUL. */
  readonly endsAtNul?: boolean;
  /** Any white space is trimmed from values, not space and tab alone. */
  readonly trimsAll?: boolean;
  /** What makes a body chunked: exactly "chunked", "chunked" at the end of a list, or anywhere. */
  readonly chunked?: 'exact' | 'last' | 'anywhere' | 'never';
  /** Content-Length wins over Transfer-Encoding. */
  readonly prefersLength?: boolean;
  /** Of several lengths: the last; otherwise the first. */
  readonly takesLastLength?: boolean;
  /** "+5", "0x5" and "5abc" are numbers. */
  readonly readsNumbersLoosely?: boolean;
}

export const readerModes: readonly ReaderMode[] = [
  { name: 'strict' },
  { name: 'LF ends lines', takesLf: true },
  { name: 'CR and LF end lines', takesLf: true, takesCr: true },
  { name: 'unfolds', unfolds: true },
  { name: 'unfolds at LF', takesLf: true, unfolds: true },
  { name: 'trims names', trimsNames: true },
  { name: 'likens names', likensNames: true },
  { name: 'ends values at NUL', endsAtNul: true },
  { name: 'trims every white space', trimsAll: true },
  { name: 'chunked anywhere', chunked: 'anywhere' },
  { name: 'chunked last', chunked: 'last' },
  { name: 'knows no chunks', chunked: 'never' },
  { name: 'prefers the length', prefersLength: true, chunked: 'anywhere' },
  { name: 'takes the last length', takesLastLength: true },
  { name: 'reads numbers loosely', readsNumbersLoosely: true },
  {
    name: 'everything at once',
    takesLf: true,
    takesCr: true,
    unfolds: true,
    trimsNames: true,
    likensNames: true,
    endsAtNul: true,
    trimsAll: true,
    chunked: 'anywhere',
    readsNumbersLoosely: true,
  },
];

/** Whether a mode can read chunks at all; of one that cannot, nothing with chunks is asked. */
export function canRead(mode: ReaderMode, stream: string): boolean {
  return mode.chunked !== 'never' || !/^transfer-encoding: chunked\r$/im.test(stream);
}

export function readRequests(stream: string, mode: ReaderMode): Reading {
  const requests: ReadRequest[] = [];
  let rest = stream;
  while (rest !== '') {
    const read = readOne(rest, mode);
    if (read === null) break;
    requests.push(read.request);
    rest = read.rest;
  }
  return { requests, rest };
}

function readOne(stream: string, mode: ReaderMode): { request: ReadRequest; rest: string } | null {
  const head = readLines(stream, mode);
  if (head === null) return null;
  const [requestLine = '', ...lines] = head.lines;
  const [method = '', target = ''] = requestLine.split(' ');
  const fields = lines.map((line) => readField(line, mode));
  const valuesOf = (name: string) => fields.flatMap((field) => (field.name === name ? [field.value] : []));
  const body = readBody(head.rest, valuesOf('transfer-encoding'), valuesOf('content-length'), mode);
  if (body === null) return null;
  const hosts = valuesOf('host');
  return {
    request: {
      method,
      target,
      body: body.text,
      hosts: [hosts[0] ?? '', hosts.at(-1) ?? ''],
      forwardedFor: valuesOf('x-forwarded-for'),
    },
    rest: body.rest,
  };
}

function lineEnd(mode: ReaderMode): RegExp {
  if (mode.takesCr === true) return /\r\n|\r|\n/;
  return mode.takesLf === true ? /\r?\n/ : /\r\n/;
}

function readLines(stream: string, mode: ReaderMode): { lines: string[]; rest: string } | null {
  const lines: string[] = [];
  let rest = stream;
  for (;;) {
    const end = lineEnd(mode).exec(rest);
    if (end === null) return null;
    const line = rest.slice(0, end.index);
    rest = rest.slice(end.index + end[0].length);
    if (line === '') {
      if (lines.length > 0) return { lines, rest };
    } else if (mode.unfolds === true && /^[ \t]/.test(line) && lines.length > 1)
      lines[lines.length - 1] += ` ${line}`;
    else lines.push(line);
  }
}

function readField(line: string, mode: ReaderMode): { name: string; value: string } {
  const colon = line.indexOf(':');
  let name = (colon === -1 ? line : line.slice(0, colon)).toLowerCase();
  let value = colon === -1 ? '' : line.slice(colon + 1);
  if (mode.trimsNames === true) name = name.trim();
  if (mode.likensNames === true) name = name.replace(/[_.]/g, '-');
  if (mode.endsAtNul === true) value = value.split('\0', 1)[0]!;
  value =
    mode.trimsAll === true
      ? value.replace(/^[\s\x00-\x20\x85\xa0]+|[\s\x00-\x20\x85\xa0]+$/g, '')
      : value.replace(/^[ \t]+|[ \t]+$/g, '');
  return { name, value };
}

function isChunked(codings: readonly string[], mode: ReaderMode): boolean {
  const all = codings.join(', ').toLowerCase();
  switch (mode.chunked ?? 'exact') {
    case 'exact':
      return all === 'chunked';
    case 'last':
      return /(^|,)[ \t]*chunked$/.test(all);
    case 'anywhere':
      return all.includes('chunked');
    default:
      return false;
  }
}

function readBody(
  stream: string,
  codings: readonly string[],
  lengths: readonly string[],
  mode: ReaderMode,
): { text: string; rest: string } | null {
  const chunked = isChunked(codings, mode) && !(mode.prefersLength === true && lengths.length > 0);
  if (chunked) return readChunks(stream, mode);
  const length =
    lengths.length === 0 ? 0 : lengthOf(mode.takesLastLength === true ? lengths.at(-1)! : lengths[0]!, mode);
  if (Number.isNaN(length) || stream.length < length) return null;
  return { text: stream.slice(0, length), rest: stream.slice(length) };
}

function lengthOf(text: string, mode: ReaderMode): number {
  if (mode.readsNumbersLoosely === true)
    return /^\s*0x/i.test(text) ? Number.parseInt(text, 16) : Number.parseInt(text, 10);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function readChunks(stream: string, mode: ReaderMode): { text: string; rest: string } | null {
  let text = '';
  let rest = stream;
  for (;;) {
    const end = lineEnd(mode).exec(rest);
    if (end === null) return null;
    const line = rest.slice(0, end.index);
    const size = sizeOf(line, mode);
    if (Number.isNaN(size)) return null;
    rest = rest.slice(end.index + end[0].length);
    if (size === 0) break;
    const after = lineEnd(mode).exec(rest.slice(size));
    if (after === null || after.index !== 0) return null;
    text += rest.slice(0, size);
    rest = rest.slice(size + after[0].length);
  }
  // Trailer fields, up to an empty line.
  for (;;) {
    const end = lineEnd(mode).exec(rest);
    if (end === null) return null;
    const isLast = end.index === 0;
    rest = rest.slice(end.index + end[0].length);
    if (isLast) return { text, rest };
  }
}

function sizeOf(line: string, mode: ReaderMode): number {
  if (mode.readsNumbersLoosely === true) return Number.parseInt(line, 16);
  const size = /^([0-9a-f]+)[ \t]*(;.*)?$/i.exec(line);
  return size === null ? Number.NaN : Number.parseInt(size[1]!, 16);
}
