// Fails for a share of its requests, by counting: the same order of requests fails in the same places every time.
import type { Socket } from 'node:net';
import { numberOf, openHttp, queryOf, type SampleKind } from './sample';

const ways = ['reset', 'status', 'cut'] as const;

/** Whether the request with this number (from 1) fails, where `share` of 100 do, spread evenly. */
export function isFailure(number: number, share: number): boolean {
  return Math.floor((number * share) / 100) > Math.floor(((number - 1) * share) / 100);
}

export const flakySample: SampleKind = {
  kind: 'http',
  port: 17_806,
  about:
    'fails for ?share=50 of 100 requests: ?how=reset, status (?status=503) or cut in the body; else in turn',
  hint: (port) => `curl -i 'http://127.0.0.1:${port}/?share=100&how=status&status=503'`,
  open: (served) => {
    let requests = 0;
    let failures = 0;
    return openHttp(served, (request, response) => {
      const share = numberOf(request, 'share', { least: 0, most: 100, usual: 50 });
      const status = numberOf(request, 'status', { least: 400, most: 599, usual: 503 });
      requests += 1;
      request.resume();
      if (!isFailure(requests, share)) {
        response.writeHead(200, { 'content-type': 'text/plain', 'x-served-by': 'flaky' });
        response.end(`request ${requests}: fine\n`);
        return;
      }
      const asked = ways.find((way) => way === queryOf(request).get('how'));
      const way = asked ?? ways[failures % ways.length]!;
      failures += 1;
      const socket = request.socket as Socket;
      if (way === 'reset') socket.resetAndDestroy();
      else if (way === 'status') {
        response.writeHead(status, { 'content-type': 'text/plain', 'x-served-by': 'flaky' });
        response.end(`request ${requests}: failed on purpose\n`);
      } else {
        response.writeHead(200, { 'content-length': '1000', 'x-served-by': 'flaky' });
        response.write(`request ${requests}: cut here\n`, () => socket.destroySoon());
      }
    });
  },
};
