// Server-sent events: numbered, with a retry time; goes on after Last-Event-ID as a browser asks for.
import { inSteps, manyConnections, numberOf, openHttp, type SampleKind } from './sample';

export const eventsSample: SampleKind = {
  kind: 'http',
  maxConnections: manyConnections,
  about: 'server-sent events: ?count=60 of them, one every ?every=1000 ms, with ids and a retry time',
  hint: (port) => `curl -N 'http://127.0.0.1:${port}/?every=500&count=10'`,
  open: (served) =>
    openHttp(served, (request, response) => {
      const times = numberOf(request, 'count', { least: 1, most: 10_000, usual: 60 });
      const pauseMs = numberOf(request, 'every', { least: 10, most: 60_000, usual: 1000 });
      const before = Number(request.headers['last-event-id']);
      const first = Number.isSafeInteger(before) && before >= 0 ? before + 1 : 1;
      request.resume();
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-served-by': 'events',
      });
      response.write('retry: 2000\n\n');
      inSteps(
        response,
        { times, pauseMs },
        (index) => {
          const id = first + index;
          return `id: ${id}\nevent: tick\ndata: {"number":${id}}\n\n`;
        },
        () => response.end(),
      );
    }),
};
