import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import type { SampleServer } from '../../../main/contract/sampleApi';
import { endpointFace } from '../../../renderer/editor/nodeFaces';
import {
  followSample,
  isInPool,
  sampleEdits,
  sampleNeeds,
  sampleOf,
  strandedEndpoints,
} from '../../../renderer/editor/samples/sampleEdits';

const server = (name: SampleServer['name'], kind: SampleServer['kind'], port: number): SampleServer => ({
  name,
  kind,
  state: 'running',
  address: '127.0.0.1',
  port,
  usualPort: port,
  about: '',
  hint: '',
  served: 0,
  openConnections: 0,
  problem: null,
});
const empty: WorkspaceDocument = { schemaVersion: 1, pools: [{ id: 'p', endpoints: [] }] };

describe('a sample server as an endpoint', () => {
  it('is added to its pool, and known there by address and port', () => {
    const slow = server('slow', 'http', 17_805);
    const document = sampleEdits(empty, 'p', slow).reduce(applyEdit, empty);
    expect(document.pools).toEqual([{ id: 'p', endpoints: [{ address: '127.0.0.1', port: 17_805 }] }]);
    expect([isInPool(empty, 'p', slow), isInPool(document, 'p', slow)]).toEqual([false, true]);
    expect(sampleOf([slow], { address: 'localhost', port: 17_805 })).toBe(slow);
    expect(sampleOf([slow], { address: '10.0.0.1', port: 17_805 })).toBeUndefined();
    expect(sampleNeeds(document, 'p', slow)).toBeNull();
  });

  it('teaches an empty pool HTTP/2, and says what a filled one needs', () => {
    const grpc = server('grpc', 'h2', 17_811);
    const document = sampleEdits(empty, 'p', grpc).reduce(applyEdit, empty);
    expect(document.pools?.[0]).toMatchObject({ protocol: 'h2' });
    expect(sampleNeeds(document, 'p', grpc)).toBeNull();
    const filled: WorkspaceDocument = {
      ...empty,
      pools: [{ id: 'p', endpoints: [{ address: '127.0.0.1', port: 1 }] }],
    };
    expect(sampleEdits(filled, 'p', grpc)).toHaveLength(1);
    expect(sampleNeeds(filled, 'p', grpc)).toContain('set the protocol of pool p to HTTP/2');
    expect(sampleNeeds(filled, 'p', server('sealed', 'tls', 2))).toContain('TLS passthrough route');
    expect(sampleNeeds(filled, 'p', server('echo', 'tcp', 2))).toContain('TCP route');
  });

  it('leads endpoints that name its usual port to the one that it had to take', () => {
    const document: WorkspaceDocument = {
      ...empty,
      pools: [
        { id: 'p', endpoints: [{ address: '10.0.0.1', port: 17_805 }] },
        {
          id: 'q',
          endpoints: [
            { address: '127.0.0.1', port: 1 },
            { address: 'localhost', port: 17_805 },
          ],
        },
      ],
    };
    const moved = { ...server('slow', 'http', 17_905), usualPort: 17_805 };
    expect(strandedEndpoints(document, moved)).toEqual([{ pool: 'q', index: 1 }]);
    expect(strandedEndpoints(document, server('slow', 'http', 17_805))).toEqual([]);
    const led = followSample(document, moved).reduce(applyEdit, document);
    expect(led.pools?.[1]?.endpoints[1]).toEqual({ address: 'localhost', port: 17_905 });
    expect(strandedEndpoints(led, moved)).toEqual([]);
  });

  it('says on the canvas which sample it is, and whether it runs', () => {
    const endpoint = { address: '127.0.0.1', port: 17_805 };
    const running = endpointFace(endpoint, undefined, { name: 'slow', state: 'running' });
    expect(running).toMatchObject({ kindLabel: 'Sample: slow', state: null });
    const stopped = endpointFace(endpoint, 'unhealthy', { name: 'slow', state: 'stopped' });
    expect(stopped).toMatchObject({ stoppedSample: 'slow', state: { tone: 'warning', text: 'not running' } });
  });
});
