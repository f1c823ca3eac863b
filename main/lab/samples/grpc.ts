// gRPC over HTTP/2 in the clear: /hopscope.Echo/Say sends one message back, /hopscope.Echo/Repeat sends it several times.
// Any message is taken as bytes, so no schema is needed; framing and status as in gRPC's PROTOCOL-HTTP2.
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { fewConnections, inSteps, patience, type SampleKind } from './sample';

/** As in gRPC itself. */
const maxMessageBytes = 4_194_304;
/** Of all calls together, while they are read and sent back. */
const maxHeldBytes = 67_108_864;
const prefixBytes = 5;
const status = { ok: 0, invalidArgument: 3, resourceExhausted: 8, unimplemented: 12 } as const;
const repeats = { times: 5, pauseMs: 100 };
const maxStreams = 100;

export const grpcSample: SampleKind = {
  kind: 'h2',
  maxConnections: fewConnections,
  about:
    'gRPC echo (HTTP/2 in the clear): /hopscope.Echo/Say one message, /hopscope.Echo/Repeat five of them',
  hint: (port) =>
    `printf '\\0\\0\\0\\0\\4\\n\\2hi' | curl --http2-prior-knowledge -H 'content-type: application/grpc' -H 'te: trailers' --data-binary @- -o - -v http://127.0.0.1:${port}/hopscope.Echo/Say`,
  open: (served) => {
    const held = { bytes: 0 };
    const server = createServer({ settings: { maxConcurrentStreams: maxStreams } });
    server.on('session', limitSession);
    server.on('sessionError', () => undefined);
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      stream.once('close', served);
      limitStream(stream);
      answer(stream, String(headers[':path']), String(headers['content-type'] ?? ''), held);
    });
    return { server };
  },
};

function limitSession(session: ServerHttp2Session): void {
  session.on('error', () => session.destroy());
  session.setTimeout(patience.silenceMs, () => session.destroy());
  const timer = setTimeout(() => session.destroy(), patience.wholeMs);
  session.once('close', () => clearTimeout(timer));
}

function limitStream(stream: ServerHttp2Stream): void {
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), patience.requestMs);
  stream.once('close', () => clearTimeout(timer));
}

function answer(stream: ServerHttp2Stream, path: string, contentType: string, held: { bytes: number }): void {
  if (!contentType.startsWith('application/grpc')) {
    stream.respond({ ':status': 415, 'content-type': 'text/plain' });
    stream.end('This server speaks gRPC: content-type application/grpc.\n');
    stream.resume();
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
  readMessage(stream, held, (frame) => {
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

/** Calls `done` with one message and its prefix; ends the stream with its status where there is none. */
function readMessage(
  stream: ServerHttp2Stream,
  held: { bytes: number },
  done: (frame: Buffer) => void,
): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  const refuse = (code: number, message: string) => {
    parts = [];
    endWith(stream, code, message);
  };
  stream.on('data', (part: Buffer) => {
    if (stream.headersSent) return;
    bytes += part.length;
    held.bytes += part.length;
    if (bytes > maxMessageBytes + prefixBytes)
      refuse(status.resourceExhausted, `a message may have ${maxMessageBytes} bytes`);
    else if (held.bytes > maxHeldBytes)
      refuse(status.resourceExhausted, `all calls together may hold ${maxHeldBytes} bytes`);
    else parts.push(part);
  });
  stream.once('close', () => {
    held.bytes -= bytes;
  });
  stream.on('end', () => {
    if (stream.destroyed || stream.headersSent) return;
    const frame = Buffer.concat(parts);
    const isWhole = frame.length >= prefixBytes && frame.length === prefixBytes + frame.readUInt32BE(1);
    if (!isWhole || frame[0] !== 0) {
      refuse(status.invalidArgument, 'one message, not compressed, with its five bytes of prefix');
      return;
    }
    done(frame);
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
