// gRPC over HTTP/2 in the clear: /hopscope.Echo/Say sends one message back, /hopscope.Echo/Repeat sends it several times.
// Any message is taken as bytes, so no schema is needed; framing and status as in gRPC's PROTOCOL-HTTP2.
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { inSteps, type SampleKind } from './sample';

const maxMessageBytes = 4_194_304;
const prefixBytes = 5;
const status = { ok: 0, invalidArgument: 3, resourceExhausted: 8, unimplemented: 12 } as const;
const repeats = { times: 5, pauseMs: 100 };
const maxStreams = 100;

export const grpcSample: SampleKind = {
  kind: 'h2',
  port: 17_811,
  about:
    'gRPC echo (HTTP/2 in the clear): /hopscope.Echo/Say one message, /hopscope.Echo/Repeat five of them',
  hint: (port) =>
    `printf '\\0\\0\\0\\0\\4\\n\\2hi' | curl --http2-prior-knowledge -H 'content-type: application/grpc' -H 'te: trailers' --data-binary @- -o - -v http://127.0.0.1:${port}/hopscope.Echo/Say`,
  open: (served) => {
    const server = createServer({ settings: { maxConcurrentStreams: maxStreams } });
    server.on('session', (session) => session.on('error', () => session.destroy()));
    server.on('sessionError', () => undefined);
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      stream.once('close', served);
      answer(stream, String(headers[':path']), String(headers['content-type'] ?? ''));
    });
    return { server };
  },
};

function answer(stream: ServerHttp2Stream, path: string, contentType: string): void {
  if (!contentType.startsWith('application/grpc')) {
    stream.respond({ ':status': 415, 'content-type': 'text/plain' });
    stream.end('This server speaks gRPC: content-type application/grpc.\n');
    return;
  }
  const method = path.split('?')[0];
  if (method !== '/hopscope.Echo/Say' && method !== '/hopscope.Echo/Repeat') {
    endWith(
      stream,
      status.unimplemented,
      `there is no ${path.slice(0, 100)}; Say and Repeat of hopscope.Echo are`,
    );
    return;
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= maxMessageBytes + prefixBytes) parts.push(part);
    else endWith(stream, status.resourceExhausted, `a message may have ${maxMessageBytes} bytes`);
  });
  stream.on('end', () => {
    if (stream.destroyed || stream.headersSent) return;
    const frame = Buffer.concat(parts);
    const isWhole = frame.length >= prefixBytes && frame.length === prefixBytes + frame.readUInt32BE(1);
    if (!isWhole || frame[0] !== 0) {
      endWith(stream, status.invalidArgument, 'one message, not compressed, with its five bytes of prefix');
      return;
    }
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'x-served-by': 'grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status.ok) }));
    inSteps(
      stream,
      method.endsWith('Say') ? { times: 1, pauseMs: 0 } : repeats,
      () => frame,
      () => stream.end(),
    );
  });
}

/** "Trailers-Only": head and status in one. */
function endWith(stream: ServerHttp2Stream, code: number, message: string): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(code),
      'grpc-message': encodeURIComponent(message).replaceAll('%20', ' '),
    },
    { endStream: true },
  );
  stream.resume();
}
