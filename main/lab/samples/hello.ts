// Says who answered and what arrived, so that header edits, balancing and buffering can be seen in any client.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { manyConnections, openHttp, type SampleKind } from './sample';

/** Body bytes of a request that the reply repeats. */
const maxEchoBytes = 65_536;
/** Reads of a body that the reply lists. */
const maxToldReads = 100;

export function helloSample(name: string): SampleKind {
  return {
    kind: 'http',
    maxConnections: manyConnections,
    about:
      'answers with its name and the request as it arrived: head, body, and in which pieces the body was read',
    hint: (bound) => `curl -d hello http://127.0.0.1:${bound}/any/path`,
    open: (served) => openHttp(served, hello(name)),
  };
}

interface Body {
  readonly kept: string;
  readonly bytes: number;
  /** Sizes of the reads that brought it. */
  readonly reads: readonly number[];
  readonly readCount: number;
}

export function hello(name: string): RequestListener {
  return (request, response) => {
    const kept: Buffer[] = [];
    const reads: number[] = [];
    let [bytes, room, readCount] = [0, maxEchoBytes, 0];
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      readCount += 1;
      if (reads.length < maxToldReads) reads.push(chunk.length);
      if (room > 0) kept.push(chunk.subarray(0, room));
      room -= chunk.length;
    });
    request.on('error', () => response.destroy());
    request.on('end', () =>
      reply(name, request, response, { kept: Buffer.concat(kept).toString(), bytes, reads, readCount }),
    );
  };
}

function reply(name: string, request: IncomingMessage, response: ServerResponse, body: Body): void {
  const lines = [`Hello from ${name}`, '', `${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
  }
  if (body.bytes > 0) {
    lines.push('', body.kept);
    const more = body.readCount > body.reads.length ? ' …' : '';
    const reads = body.readCount === 1 ? '1 read' : `${body.readCount} reads`;
    lines.push('', `body of ${body.bytes} bytes in ${reads}: ${body.reads.join(' ')}${more}`);
  }
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'x-served-by': name });
  response.end(`${lines.join('\n')}\n`);
}
