// The first workspace, made from two fields or from the sample servers.
import { hostnameSchema, type WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import type { SampleServer } from '../../main/contract/sampleApi';
import { freeId, idFromHostname } from '../stores/freeNames';

export interface StartForm {
  readonly hostname: string;
  readonly port: string;
  readonly listenerPort: string;
}

export interface StartInput {
  readonly hostname: string;
  readonly port: number;
  readonly listenerPort: number;
}

export type StartErrors = Partial<Record<keyof StartForm, string>>;

/** The values of the form, or what is wrong at which field. */
export function readStartForm(form: StartForm): StartInput | StartErrors {
  const errors: { hostname?: string; port?: string; listenerPort?: string } = {};
  const hostname = form.hostname.trim().toLowerCase();
  if (hostname === '') errors.hostname = 'Type a host name, for example shop.test.';
  else if (!hostnameSchema.safeParse(hostname).success) {
    errors.hostname = 'Only the host name, such as shop.test: no scheme, port or path.';
  }
  const port = readPort(form.port);
  if (port === null) errors.port = 'A port is a number from 1 to 65535.';
  const listenerPort = readPort(form.listenerPort);
  if (listenerPort === null) errors.listenerPort = 'A port is a number from 1 to 65535.';
  else if (listenerPort === port)
    errors.listenerPort = 'Your own server has this port; Hopscope needs another.';
  if (port === null || listenerPort === null || Object.keys(errors).length > 0) return errors;
  return { hostname, port, listenerPort };
}

export function isStartInput(value: StartInput | StartErrors): value is StartInput {
  return typeof value.port === 'number';
}

function readPort(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,5}$/.test(trimmed)) return null;
  const port = Number(trimmed);
  return port >= 1 && port <= 65535 ? port : null;
}

export interface StartPlan {
  readonly edits: readonly ConfigEdit[];
  /** The route that was made. */
  readonly route: string;
}

/** Host name → 127.0.0.1:port. */
export function planHostToPort(document: WorkspaceDocument, input: StartInput): StartPlan {
  return plan(document, {
    name: idFromHostname(input.hostname),
    hostname: input.hostname,
    listenerPort: input.listenerPort,
    endpoints: [{ address: '127.0.0.1', port: input.port }],
  });
}

export const sampleHostname = 'hello.test';

/** A host name in front of all HTTP sample servers, so that requests alternate at once. */
export function planSamples(
  document: WorkspaceDocument,
  servers: readonly Pick<SampleServer, 'kind' | 'address' | 'port'>[],
  listenerPort: number,
): StartPlan {
  return plan(document, {
    name: 'hello',
    hostname: sampleHostname,
    listenerPort,
    endpoints: servers.filter(({ kind }) => kind === 'http').map(({ address, port }) => ({ address, port })),
  });
}

function plan(
  document: WorkspaceDocument,
  wanted: {
    readonly name: string;
    readonly hostname: string;
    readonly listenerPort: number;
    readonly endpoints: { address: string; port: number }[];
  },
): StartPlan {
  const listener = freeId('web', document.listeners);
  const route = freeId(wanted.name, document.routes);
  const pool = freeId(wanted.name, document.pools);
  return {
    route,
    edits: [
      {
        type: 'addListener',
        listener: { id: listener, name: 'Web', port: wanted.listenerPort, protocol: 'http' },
      },
      { type: 'addPool', pool: { id: pool, endpoints: wanted.endpoints } },
      {
        type: 'addRoute',
        route: {
          id: route,
          kind: 'http',
          listeners: [listener],
          hostnames: [wanted.hostname],
          backends: [{ pool }],
        },
      },
    ],
  };
}
