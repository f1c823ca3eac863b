// The part of the api that is about sample servers; api.ts takes it in.
import { z } from 'zod';

/** In the order in which they are shown. */
export const sampleNames = [
  'apple',
  'banana',
  'slow',
  'flaky',
  'big',
  'chunked',
  'events',
  'websocket',
  'grpc',
  'sealed',
  'echo',
] as const;

export type SampleName = (typeof sampleNames)[number];

export interface SampleServer {
  readonly name: SampleName;
  /** What a pool that leads to it must speak; `h2` = HTTP/2 with prior knowledge. */
  readonly kind: 'http' | 'h2' | 'tls' | 'tcp';
  readonly state: 'stopped' | 'starting' | 'running' | 'failed';
  readonly address: string;
  /** The bound port; of one that does not run the port that it would take, if that is free then. */
  readonly port: number;
  /** The port that it has where nobody else uses that one. */
  readonly usualPort: number;
  /** What it is for, in one line. */
  readonly about: string;
  /** A command that tries it, with this port. */
  readonly hint: string;
  /** Requests answered (raw TCP: connections) since the app started. */
  readonly served: number;
  readonly openConnections: number;
  /** Why it does not run, in words; null = nothing is wrong. */
  readonly problem: string | null;
}

const one = z.strictObject({ name: z.enum(sampleNames) });

export const sampleInputs = {
  /** Those that "Try it with sample servers" needs. */
  startSampleServers: z.undefined(),
  stopSampleServers: z.undefined(),
  listSampleServers: z.undefined(),
  /** A server that cannot be started is `failed` in the answer, with its problem. */
  startSampleServer: one,
  stopSampleServer: one,
} as const satisfies Record<string, z.ZodType>;

interface SampleList {
  readonly servers: readonly SampleServer[];
}

export interface SampleResults {
  /** Only those that were asked for: two HTTP servers, raw TCP and TLS. */
  startSampleServers: SampleList;
  stopSampleServers: null;
  listSampleServers: SampleList;
  startSampleServer: SampleList;
  stopSampleServer: SampleList;
}

export interface SampleEvents {
  /** All of them, after one was started or stopped. */
  'samples.changed': SampleList;
}
