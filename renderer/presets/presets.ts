// Ready-made beginnings: a few fields, and the edits that they make. Pure; the form is in PresetDialog.
import type { ListenerDocument, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit, EndpointDocument } from '../../main/contract/configEdit';
import { freeId, idFromHostname } from '../stores/freeNames';
import type { PresetValues } from './presetFields';

export type PresetId =
  | 'hostToPort'
  | 'canary'
  | 'https'
  | 'passthrough'
  | 'cache'
  | 'loadBalance'
  | 'tcp'
  | 'redirect';

type FieldKey = 'hostname' | 'port' | 'otherPort' | 'ports' | 'server';

export interface Preset {
  readonly id: PresetId;
  readonly title: string;
  /** One line: what it makes. */
  readonly text: string;
  readonly fields: readonly FieldKey[];
  readonly protocol: 'http' | 'https' | 'tls' | 'tcp';
  /** HTTPS with a certificate of the local authority can be ticked. */
  readonly canBeHttps: boolean;
}

export const presets: readonly Preset[] = [
  {
    id: 'hostToPort',
    title: 'Host name → local port',
    text: 'A name in front of a server that runs here.',
    fields: ['hostname', 'port'],
    protocol: 'http',
    canBeHttps: true,
  },
  {
    id: 'canary',
    title: 'Canary',
    text: '90 % to what runs today, 10 % to the new version; a slider moves it.',
    fields: ['hostname', 'port', 'otherPort'],
    protocol: 'http',
    canBeHttps: true,
  },
  {
    id: 'https',
    title: 'Terminate HTTPS',
    text: 'HTTPS outside with a certificate of the local authority, plain HTTP inside.',
    fields: ['hostname', 'port'],
    protocol: 'https',
    canBeHttps: false,
  },
  {
    id: 'passthrough',
    title: 'Pass TLS through',
    text: 'By server name, sealed: the server keeps the key.',
    fields: ['hostname', 'server'],
    protocol: 'tls',
    canBeHttps: false,
  },
  {
    id: 'cache',
    title: 'Cache',
    text: 'Answers that may be kept are given without asking the server again.',
    fields: ['hostname', 'port'],
    protocol: 'http',
    canBeHttps: true,
  },
  {
    id: 'loadBalance',
    title: 'Load-balance',
    text: 'Several servers take turns; unhealthy ones are left out.',
    fields: ['hostname', 'ports'],
    protocol: 'http',
    canBeHttps: true,
  },
  {
    id: 'tcp',
    title: 'TCP port',
    text: 'Relays the bytes of a port: a database, a broker, anything.',
    fields: ['server'],
    protocol: 'tcp',
    canBeHttps: false,
  },
  {
    id: 'redirect',
    title: 'Redirect to HTTPS',
    text: 'Plain HTTP is sent to the HTTPS address.',
    fields: ['hostname'],
    protocol: 'http',
    canBeHttps: false,
  },
];

export interface PresetPlan {
  readonly edits: readonly ConfigEdit[];
  /** The route that was made. */
  readonly route: string;
}

/** `certificate` = the id of the one to serve, where the listener decrypts. */
export function planPreset(
  document: WorkspaceDocument,
  preset: Preset,
  values: PresetValues,
  certificate: string | null,
): PresetPlan {
  const protocol = preset.canBeHttps && values.isHttps ? 'https' : preset.protocol;
  const listener = listenerFor(document, protocol, values.listenerPort, certificate);
  const name = preset.id === 'tcp' ? `port-${values.listenerPort}` : idFromHostname(values.hostname);
  const id = freeId(preset.id === 'redirect' ? `${name}-to-https`.slice(0, 63) : name, document.routes);
  const pools = poolsFor(document, preset, values, name);
  const backends = pools.map(({ pool, weight }) =>
    weight === undefined ? { pool: pool.id } : { pool: pool.id, weight },
  );
  const base = { id, listeners: [listener.id] };
  const hostnames = [values.hostname];
  const route: RouteDocument =
    preset.id === 'tcp'
      ? { ...base, kind: 'tcp', backends }
      : preset.id === 'passthrough'
        ? { ...base, kind: 'tls', hostnames, backends }
        : {
            ...base,
            kind: 'http',
            hostnames,
            ...filtersFor(document, preset),
            ...(backends.length > 0 ? { backends } : {}),
          };
  return {
    route: id,
    edits: [
      ...listener.edits,
      ...pools.map(({ pool }): ConfigEdit => ({ type: 'addPool', pool })),
      { type: 'addRoute', route },
    ],
  };
}

const listenerIds = { http: 'web', https: 'secure', tls: 'edge', tcp: 'tcp' } as const;

/** The listener of the document with this protocol and port, or a new one. */
function listenerFor(
  document: WorkspaceDocument,
  protocol: Preset['protocol'],
  port: number,
  certificate: string | null,
): { readonly id: string; readonly edits: readonly ConfigEdit[] } {
  const found = document.listeners?.find((item) => item.protocol === protocol && item.port === port);
  if (found === undefined) {
    const id = freeId(listenerIds[protocol], document.listeners);
    const tls =
      protocol === 'https' ? { tls: { certificates: certificate === null ? [] : [certificate] } } : {};
    const listener: ListenerDocument = { id, port, protocol, ...tls };
    return { id, edits: [{ type: 'addListener', listener }] };
  }
  const served = found.tls?.certificates ?? [];
  if (certificate === null || served.includes(certificate)) return { id: found.id, edits: [] };
  const tls = { ...found.tls, certificates: [...served, certificate] };
  return { id: found.id, edits: [{ type: 'updateListener', id: found.id, patch: { tls } }] };
}

interface PlannedPool {
  readonly pool: { id: string; endpoints: EndpointDocument[]; healthCheck?: { type: 'tcp' } };
  readonly weight?: number;
}

function poolsFor(
  document: WorkspaceDocument,
  preset: Preset,
  values: PresetValues,
  name: string,
): PlannedPool[] {
  const here = (port: number): EndpointDocument => ({ address: '127.0.0.1', port });
  const shortened = name.slice(0, 60);
  switch (preset.id) {
    case 'redirect':
      return [];
    case 'canary': {
      const today = freeId(`${shortened}-v1`, document.pools);
      const next = freeId(`${shortened}-v2`, document.pools);
      return [
        { pool: { id: today, endpoints: [here(values.port)] }, weight: 90 },
        { pool: { id: next, endpoints: [here(values.otherPort)] }, weight: 10 },
      ];
    }
    case 'loadBalance':
      return [
        {
          pool: {
            id: freeId(shortened, document.pools),
            endpoints: values.ports.map(here),
            healthCheck: { type: 'tcp' },
          },
        },
      ];
    case 'passthrough':
    case 'tcp':
      return [{ pool: { id: freeId(shortened, document.pools), endpoints: [values.server] } }];
    default:
      return [{ pool: { id: freeId(shortened, document.pools), endpoints: [here(values.port)] } }];
  }
}

function filtersFor(document: WorkspaceDocument, preset: Preset) {
  if (preset.id === 'cache') return { filters: [{ type: 'cache' as const }] };
  if (preset.id !== 'redirect') return {};
  const secure = document.listeners?.find((listener) => listener.protocol === 'https' && listener.port !== 0);
  const port = secure === undefined || secure.port === 443 ? {} : { port: secure.port };
  return {
    filters: [{ type: 'redirect' as const, scheme: 'https' as const, ...port, status: 308 as const }],
  };
}
