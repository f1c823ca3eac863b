// What is seen of TLS. Calls while nobody watches record nothing.
import type { Leg, TlsClientHello, TlsEstablished } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';
import type { ServedChain } from './servedChain';

export type ClientHelloFields = Pick<
  TlsClientHello,
  'serverName' | 'alpn' | 'versions' | 'groups' | 'encryptedClientHello' | 'bytes'
>;
export type TlsEstablishedFields = Pick<
  TlsEstablished,
  | 'leg'
  | 'version'
  | 'cipher'
  | 'alpn'
  | 'serverName'
  | 'certificate'
  | 'resumed'
  | 'verified'
  | 'peerSubject'
  | 'group'
  | 'peerChain'
> & {
  /** What a client was shown; absent = nothing was. */
  readonly served?: ServedChain;
};

export function recordClientHello(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: ClientHelloFields,
): void {
  if (emitter.isWatched) emitter.record(clientHello, flowId, connectionId, 0, 0, 0, fields, 1000);
}

export function recordTlsEstablished(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: TlsEstablishedFields,
): void {
  if (emitter.isWatched) emitter.record(established, flowId, connectionId, 0, 0, 0, fields, 200);
}

/** At most 256 characters of `reason` are kept. */
export function recordTlsFailed(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  leg: Leg,
  reason: string,
): void {
  if (!emitter.isWatched) return;
  emitter.record(failed, flowId, connectionId, 0, 0, 0, { leg, reason: reason.slice(0, 256) }, 300);
}

const clientHello: RecordType<ClientHelloFields> = {
  build: (base, _a, _b, _c, { serverName, alpn, versions, groups, encryptedClientHello, bytes }) => ({
    ...base,
    kind: 'tls.clientHello',
    serverName,
    alpn,
    versions,
    groups,
    encryptedClientHello,
    bytes,
  }),
};

const established: RecordType<TlsEstablishedFields> = {
  build: (base, _a, _b, _c, { served, ...fields }) => ({
    ...base,
    kind: 'tls.established',
    ...fields,
    ...(served === undefined ? {} : { servedChain: served.certificates }),
  }),
};

const failed: RecordType<{ readonly leg: Leg; readonly reason: string }> = {
  build: (base, _a, _b, _c, { leg, reason }) => ({ ...base, kind: 'tls.failed', leg, reason }),
};
