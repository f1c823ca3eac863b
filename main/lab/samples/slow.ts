// Lets clients wait: for the head, and between the parts of the body.
import { inSteps, manyConnections, numberOf, openHttp, type SampleKind } from './sample';

export const slowSample: SampleKind = {
  kind: 'http',
  maxConnections: manyConnections,
  about: 'waits before it answers (?delay=1000 ms), then sends the body in parts (?parts=1&pause=500)',
  hint: (port) => `curl -N 'http://127.0.0.1:${port}/?delay=500&parts=5&pause=300'`,
  open: (served) =>
    openHttp(served, (request, response) => {
      const delay = numberOf(request, 'delay', { least: 0, most: 60_000, usual: 1000 });
      const times = numberOf(request, 'parts', { least: 1, most: 1000, usual: 1 });
      const pauseMs = numberOf(request, 'pause', { least: 0, most: 10_000, usual: 500 });
      request.resume();
      const timer = setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/plain', 'x-served-by': 'slow' });
        inSteps(
          response,
          { times, pauseMs },
          (index) => `part ${index + 1} of ${times}, after a delay of ${delay} ms\n`,
          () => response.end(),
        );
      }, delay);
      response.once('close', () => clearTimeout(timer));
    }),
};
