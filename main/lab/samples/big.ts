// A body of any size, no faster than it is read.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { manyConnections, numberOf, openHttp, type SampleKind } from './sample';

const blockBytes = 65_536;
const lineBytes = 64;

/** Numbered lines of 64 bytes. */
export function* numberedBlocks(bytes: number): Generator<Buffer> {
  for (let start = 0; start < bytes; start += blockBytes) {
    const size = Math.min(blockBytes, bytes - start);
    let text = '';
    for (let line = start / lineBytes; text.length < size; line++)
      text += `${String(line).padEnd(63, '.')}\n`;
    yield Buffer.from(text.slice(0, size), 'latin1');
  }
}

export const bigSample: SampleKind = {
  kind: 'http',
  maxConnections: manyConnections,
  about: 'answers with ?bytes=1048576, as fast as they are read',
  hint: (port) => `curl -o /dev/null 'http://127.0.0.1:${port}/?bytes=104857600'`,
  open: (served) =>
    openHttp(served, (request, response) => {
      const bytes = numberOf(request, 'bytes', { least: 0, most: 1_073_741_824, usual: 1_048_576 });
      request.resume();
      response.writeHead(200, {
        'content-type': 'text/plain',
        'content-length': String(bytes),
        'x-served-by': 'big',
      });
      if (request.method === 'HEAD') response.end();
      // A client that leaves early is no fault of ours.
      else pipeline(Readable.from(numberedBlocks(bytes)), response).catch(() => response.destroy());
    }),
};
