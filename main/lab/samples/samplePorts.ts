// The one table of the ports of sample servers; docs/sample-servers.md is made from it and checked against it.
import type { SampleName } from '../../contract/sampleApi';

/** Below the ports that systems give to clients, so they are seldom taken and a workspace finds its samples again. */
export const samplePorts: Readonly<Record<SampleName, number>> = {
  apple: 17_801,
  banana: 17_802,
  echo: 17_803,
  sealed: 17_804,
  slow: 17_805,
  flaky: 17_806,
  big: 17_807,
  chunked: 17_808,
  websocket: 17_809,
  events: 17_810,
  grpc: 17_811,
};

/** Further ones to try where the first is in use, e.g. by another Hopscope; after them any that is free. */
export function portsToTry(name: SampleName): readonly number[] {
  const port = samplePorts[name];
  return [port, port + 100, port + 200, 0];
}
