// A body in the chunked coding, piece by piece, with a trailer (RFC 9112 7.1).
import { inSteps, manyConnections, numberOf, openHttp, type SampleKind } from './sample';

export const chunkedSample: SampleKind = {
  kind: 'http',
  maxConnections: manyConnections,
  about: 'sends ?parts=5 chunks of ?bytes=1000 with ?pause=200 ms between, and a trailer',
  hint: (port) => `curl -Niv --raw 'http://127.0.0.1:${port}/?parts=5&pause=200'`,
  open: (served) =>
    openHttp(served, (request, response) => {
      const times = numberOf(request, 'parts', { least: 1, most: 10_000, usual: 5 });
      const bytes = numberOf(request, 'bytes', { least: 1, most: 65_536, usual: 1000 });
      const pauseMs = numberOf(request, 'pause', { least: 0, most: 10_000, usual: 200 });
      request.resume();
      response.writeHead(200, {
        'content-type': 'text/plain',
        'transfer-encoding': 'chunked',
        trailer: 'x-parts',
        'x-served-by': 'chunked',
      });
      inSteps(
        response,
        { times, pauseMs },
        (index) => `${`chunk ${index + 1} `.padEnd(bytes, '.').slice(0, bytes - 1)}\n`,
        () => {
          response.addTrailers({ 'x-parts': String(times) });
          response.end();
        },
      );
    }),
};
