// An HTTP/1.1 request as the bytes that travel, cut into the pieces in which they are written (RFC 9112).
import type { HttpMessage } from '../../contract/clientRequest';
import { splitBytes } from './pieces';

export interface Http1Message {
  readonly pieces: readonly Buffer[];
  /** The first so many are the head and nothing else. */
  readonly headPieces: number;
  /** The others go out after 100 Continue. */
  readonly waitsForContinue: boolean;
}

type Fields = HttpMessage['headers'];

/** `body` = the bytes of the message's. */
export function http1Message(message: HttpMessage, body: Buffer): Http1Message {
  const { pieces: plan, expectContinue } = message;
  const isChunked = hasChunkedCoding(message);
  const head = Buffer.from(headText(message, body.length, isChunked), 'utf8');
  const trailer = isChunked ? Buffer.from(`0\r\n${lines(message.trailers)}\r\n`, 'utf8') : null;
  if (!plan.headApart && !expectContinue) {
    const coded = trailer === null ? body : Buffer.concat([...codedChunk(body), trailer]);
    const pieces = splitBytes(Buffer.concat([head, coded]), plan.split);
    return { pieces, headPieces: 0, waitsForContinue: false };
  }
  const bodyPieces = splitBytes(body, plan.split);
  return {
    pieces: [head, ...codedPieces(bodyPieces, trailer)],
    headPieces: 1,
    waitsForContinue: expectContinue,
  };
}

function hasChunkedCoding({ framing, trailers, headers }: HttpMessage): boolean {
  const typed = headers.find(([name]) => name.toLowerCase() === 'transfer-encoding');
  if (typed !== undefined) return /^\s*chunked\s*$/i.test(typed[1]);
  return framing === 'chunked' || trailers.length > 0;
}

function headText(message: HttpMessage, bodyBytes: number, isChunked: boolean): string {
  const { method, path, hostname, headers, trailers, expectContinue } = message;
  const has = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
  const added: Fields = [];
  // What a server cannot know otherwise; what the person typed stays as it is, right or wrong.
  if (isChunked) {
    if (!has('transfer-encoding')) added.push(['Transfer-Encoding', 'chunked']);
    if (trailers.length > 0 && !has('trailer')) {
      added.push(['Trailer', trailers.map(([name]) => name).join(', ')]);
    }
  } else if (
    !has('content-length') &&
    !has('transfer-encoding') &&
    (bodyBytes > 0 || expectsBody.has(method))
  ) {
    added.push(['Content-Length', String(bodyBytes)]);
  }
  if (expectContinue && !has('expect')) added.push(['Expect', '100-continue']);
  const host: Fields = has('host') ? [] : [['Host', hostname]];
  return `${method} ${path} HTTP/1.1\r\n${lines([...host, ...headers, ...added])}\r\n`;
}

/** RFC 9110 8.6: those say Content-Length: 0 when there is nothing. */
const expectsBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

function lines(fields: Fields): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

/** RFC 9112 7.1. */
function codedChunk(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return [];
  return [Buffer.from(`${bytes.length.toString(16)}\r\n`, 'latin1'), bytes, Buffer.from('\r\n', 'latin1')];
}

/** Each piece is one chunk; the last one brings the end with it. */
function codedPieces(pieces: readonly Buffer[], trailer: Buffer | null): Buffer[] {
  if (trailer === null) return [...pieces];
  const coded = pieces.map((piece) => Buffer.concat(codedChunk(piece)));
  const last = coded.pop();
  return [...coded, last === undefined ? trailer : Buffer.concat([last, trailer])];
}
