import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineMetrics } from '../engine/engineMetrics';
import { formatOpenMetrics, openMetricsContentType } from './metrics';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** OpenMetrics at http://127.0.0.1:PORT/metrics. Rejects with the system's error when the port cannot be bound. */
export async function startMetricsServer(metrics: EngineMetrics, port: number): Promise<MetricsServer> {
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const bound = (server.address() as AddressInfo).port;
    const path = (request.url ?? '').split('?', 1)[0];
    const answer = (status: number, body: string, contentType = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    // A web page that rebinds its DNS name to loopback must not read these.
    if (![`127.0.0.1:${bound}`, `localhost:${bound}`].includes(request.headers.host?.toLowerCase() ?? '')) {
      answer(421, 'This server answers only to 127.0.0.1 and localhost.\n');
    } else if (path !== '/metrics') answer(404, 'Metrics are at /metrics.\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      answer(405, 'Only GET is answered here.\n');
    else answer(200, formatOpenMetrics(metrics), openMetricsContentType);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
