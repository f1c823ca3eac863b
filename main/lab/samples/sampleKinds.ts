// All kinds of sample servers by name.
import type { SampleName } from '../../contract/sampleApi';
import { bigSample } from './big';
import { chunkedSample } from './chunked';
import { eventsSample } from './events';
import { flakySample } from './flaky';
import { grpcSample } from './grpc';
import { helloSample } from './hello';
import type { SampleKind } from './sample';
import { sealedSample } from './sealed';
import { slowSample } from './slow';
import { tcpEchoSample } from './tcpEcho';
import { webSocketSample } from './webSocket';

export const sampleKinds: Readonly<Record<SampleName, SampleKind>> = {
  apple: helloSample('apple'),
  banana: helloSample('banana'),
  slow: slowSample,
  flaky: flakySample,
  big: bigSample,
  chunked: chunkedSample,
  events: eventsSample,
  websocket: webSocketSample,
  grpc: grpcSample,
  sealed: sealedSample,
  echo: tcpEchoSample,
};
