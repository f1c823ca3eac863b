// What a PROXY header said. Calls while nobody watches record nothing.
import type { ProxyProtocolReceived } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';

export type ProxyReceivedFields = Pick<ProxyProtocolReceived, 'version' | 'source' | 'destination'>;

export function recordProxyReceived(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: ProxyReceivedFields,
): void {
  if (emitter.isWatched) emitter.record(received, flowId, connectionId, 0, 0, 0, fields, 150);
}

export function recordProxyRefused(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  reason: string,
): void {
  if (emitter.isWatched) emitter.record(refused, flowId, connectionId, 0, 0, 0, reason, 150);
}

const received: RecordType<ProxyReceivedFields> = {
  build: (base, _a, _b, _c, { version, source, destination }) => ({
    ...base,
    kind: 'proxyProtocol.received',
    version,
    source,
    destination,
  }),
};

const refused: RecordType<string> = {
  build: (base, _a, _b, _c, reason) => ({ ...base, kind: 'proxyProtocol.refused', reason }),
};
