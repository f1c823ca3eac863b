// What a node says on the canvas: the essential in two short lines. Pure, from the document and what runs.
import type { BoundListener, EndpointHealthInfo } from '../../main/contract/api';
import type { ListenerDocument, PoolDocument, RouteDocument } from '../../main/contract/config';
import type { EndpointDocument } from '../../main/contract/configEdit';
import type { SampleName, SampleServer } from '../../main/contract/sampleApi';
import { filterChip } from './filterTexts';

export interface FilterChip {
  /** A word or two: "limit 10/s". */
  readonly text: string;
  /** The whole sentence. */
  readonly summary: string;
}

export interface NodeFace {
  /** The kind in words: "HTTP listener". */
  readonly kindLabel: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** A route's filters in order. */
  readonly chips?: readonly FilterChip[];
  /** The sample server that this endpoint leads to and that does not run. */
  readonly stoppedSample?: SampleName;
  /** The state in words, for the mark at the foot; null = nothing to say. */
  readonly state: { readonly tone: 'ok' | 'neutral' | 'warning' | 'danger'; readonly text: string } | null;
}

const protocolWords: Readonly<Record<ListenerDocument['protocol'], string>> = {
  http: 'HTTP listener',
  https: 'HTTPS listener',
  tls: 'TLS listener',
  tcp: 'TCP listener',
  forward: 'Forward listener',
};

export const defaultAddress = '127.0.0.1';

export function listenerFace(listener: ListenerDocument, bound: BoundListener | undefined): NodeFace {
  const port = listener.port === 0 ? 'any port' : String(listener.port ?? '?');
  const isBoundHere =
    bound !== undefined &&
    bound.protocol === listener.protocol &&
    (bound.port === listener.port || listener.port === 0);
  return {
    kindLabel: protocolWords[listener.protocol],
    title: listener.name ?? listener.id,
    lines: [`${listener.address ?? defaultAddress}:${port}`],
    state: isBoundHere
      ? { tone: 'ok', text: listener.port === 0 ? `listening on ${bound.port}` : 'listening' }
      : { tone: 'neutral', text: 'not applied yet' },
  };
}

const routeWords: Readonly<Record<RouteDocument['kind'], string>> = {
  http: 'HTTP route',
  tls: 'TLS route',
  tcp: 'TCP route',
};

export function routeFace(route: RouteDocument): NodeFace {
  return {
    kindLabel: routeWords[route.kind],
    title: route.name ?? route.id,
    lines: routeLines(route),
    ...(route.kind === 'http' && route.filters !== undefined ? { chips: route.filters.map(filterChip) } : {}),
    state: null,
  };
}

function routeLines(route: RouteDocument): string[] {
  if (route.kind === 'tcp') return ['every connection'];
  const hosts = listWords(route.hostnames ?? [], route.kind === 'tls' ? 'any server name' : 'any host');
  if (route.kind === 'tls') {
    return [hosts, route.mode === 'terminate' ? 'decrypts here' : 'passed through sealed'];
  }
  const buffering = route.requestBuffering === 'stream' ? 'streams' : 'whole request first';
  return [`${hosts} · ${matchWords(route.matches ?? [])}`, buffering];
}

function matchWords(matches: NonNullable<Extract<RouteDocument, { kind: 'http' }>['matches']>): string {
  const [first, ...others] = matches;
  if (first === undefined) return 'any path';
  const parts: string[] = [];
  if (first.method !== undefined) parts.push(first.method);
  if (first.path !== undefined) parts.push(pathWords(first.path));
  const conditions = (first.headers?.length ?? 0) + (first.query?.length ?? 0) + (first.cookies?.length ?? 0);
  if (conditions > 0) parts.push(`+${countWords(conditions, 'condition')}`);
  const words = parts.length === 0 ? 'any path' : parts.join(' ');
  return others.length === 0 ? words : `${words}, or ${others.length} more`;
}

function pathWords(path: { readonly type: 'exact' | 'prefix' | 'regex'; readonly value: string }): string {
  if (path.type === 'exact') return `= ${path.value}`;
  return path.type === 'regex'
    ? `~ ${path.value}`
    : path.value.endsWith('/')
      ? `${path.value}*`
      : `${path.value}/*`;
}

const policyWords: Readonly<Record<string, string>> = {
  roundRobin: 'round robin',
  leastRequest: 'least requests',
  random: 'random',
  powerOfTwo: 'power of two',
  sourceIp: 'by client address',
  hash: 'by hash',
};

export function poolFace(pool: PoolDocument): NodeFace {
  const policy = policyWords[pool.loadBalancing?.policy ?? 'roundRobin'] ?? 'round robin';
  const reuse = pool.connections?.reuse === false ? 'new connection each time' : 'reuses connections';
  return {
    kindLabel: 'Pool',
    title: pool.name ?? pool.id,
    lines: [`${policy} · ${countWords(pool.endpoints.length, 'endpoint')}`, reuse],
    state: null,
  };
}

const healthTones = { healthy: 'ok', unhealthy: 'danger', ejected: 'warning', unknown: 'neutral' } as const;

/** `health` of what runs; undefined = nobody watches it. `sample`: the sample server that it leads to. */
export function endpointFace(
  endpoint: EndpointDocument,
  health?: EndpointHealthInfo['health'],
  sample?: Pick<SampleServer, 'name' | 'state'>,
): NodeFace {
  const face = plainEndpointFace(endpoint, health);
  if (sample === undefined) return face;
  const kindLabel = `Sample: ${sample.name}`;
  if (sample.state === 'running') return { ...face, kindLabel };
  const state = { tone: 'warning', text: sample.state === 'starting' ? 'starting' : 'not running' } as const;
  return { ...face, kindLabel, lines: [], state, stoppedSample: sample.name };
}

function plainEndpointFace(endpoint: EndpointDocument, health?: EndpointHealthInfo['health']): NodeFace {
  const weight = endpoint.weight ?? 1;
  const line = weight === 0 ? 'weight 0: gets nothing' : `weight ${weight}`;
  const title = endpointKey(endpoint);
  if (health === undefined) return { kindLabel: 'Endpoint', title, lines: [line], state: null };
  const kindLabel = weight === 1 ? 'Endpoint' : `Endpoint · weight ${weight}`;
  const text = health === 'unknown' ? 'not checked yet' : health;
  return { kindLabel, title, lines: [], state: { tone: healthTones[health], text } };
}

/** Many endpoints in one node: how many, and how they are. */
export function foldedFace(
  endpoints: readonly EndpointDocument[],
  health: readonly (EndpointHealthInfo['health'] | undefined)[],
): NodeFace {
  const counts = (['healthy', 'unhealthy', 'ejected', 'unknown'] as const)
    .map((state) => ({ state, count: health.filter((item) => item === state).length }))
    .filter(({ count }) => count > 0);
  const worst = counts.some(({ state }) => state === 'unhealthy')
    ? 'danger'
    : counts.some(({ state }) => state === 'ejected')
      ? 'warning'
      : counts.some(({ state }) => state === 'healthy')
        ? 'ok'
        : 'neutral';
  const text = counts
    .map(({ state, count }) => `${count} ${state === 'unknown' ? 'not checked' : state}`)
    .join(', ');
  return {
    kindLabel: 'Endpoints',
    title: `${endpoints.length} endpoints`,
    lines: counts.length > 0 ? [] : [`${endpointKey(endpoints[0]!)} and more`],
    state: counts.length === 0 ? null : { tone: worst, text },
  };
}

/** "address:port" as the engine names it, IPv6 in brackets. */
export function endpointKey({ address, port }: EndpointDocument): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function clientFace(): NodeFace {
  return { kindLabel: 'Downstream', title: 'Clients', lines: ['curl, browsers'], state: null };
}

export function countWords(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function listWords(items: readonly string[], whenEmpty: string): string {
  const [first, ...others] = items;
  if (first === undefined) return whenEmpty;
  return others.length === 0 ? first : `${first} +${others.length}`;
}
