// What is wrong with a listener by itself or beside the others, as far as the document alone can tell.
import { parseAddressRange } from './addressRange';
import type { Listener, Workspace } from './config';
import type { ConfigIssue } from './configIssue';
import { isEverywhere, parseDestinationPattern } from './destinationPattern';

type Path = ConfigIssue['path'];

export function listenerIssues(workspace: Workspace): ConfigIssue[] {
  const terminating = new Set(
    workspace.routes.flatMap((route) =>
      route.kind === 'tls' && route.mode === 'terminate' ? route.listeners : [],
    ),
  );
  return workspace.listeners.flatMap((listener, index) => [
    ...addressIssues(listener, index),
    ...sharedPortIssues(workspace.listeners, index),
    ...tlsIssues(listener, index, terminating.has(listener.id)),
    ...clientCertificateIssues(listener, index),
    ...forwardIssues(listener, index),
    ...trustedIssues(listener, index),
  ]);
}

function addressIssues({ address }: Listener, index: number): ConfigIssue[] {
  if (isLoopback(address)) return [];
  const who = wildcards.has(address)
    ? 'everybody who can reach this machine'
    : `everybody who can reach ${address}`;
  const message = `${who} can connect here; 127.0.0.1 keeps it to this machine`;
  return [{ code: 'exposed_address', severity: 'warning', path: ['listeners', index, 'address'], message }];
}

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Told on the later of the two. */
function sharedPortIssues(listeners: readonly Listener[], index: number): ConfigIssue[] {
  const { address, port } = listeners[index]!;
  if (port === 0) return [];
  const earlier = listeners
    .slice(0, index)
    .find((other) => other.port === port && (other.address === address || overlaps(other.address, address)));
  if (earlier === undefined) return [];
  const message = `port ${port} is taken by listener "${earlier.id}" already: choose another one, or put the routes on that listener`;
  return [error('port_in_use', ['listeners', index, 'port'], message)];
}

function overlaps(a: string, b: string): boolean {
  return wildcards.has(a) || wildcards.has(b);
}

function tlsIssues(listener: Listener, index: number, terminates: boolean): ConfigIssue[] {
  const { id, protocol, tls } = listener;
  if (protocol === 'http' || protocol === 'tcp' || protocol === 'forward') {
    if (tls === undefined) return [];
    const advice =
      protocol === 'forward'
        ? 'remove tls'
        : `set protocol to ${protocol === 'http' ? 'https' : 'tls'}, or remove tls`;
    const message = `a listener of protocol ${protocol} does not use TLS: ${advice}`;
    return [error('invalid_value', ['listeners', index, 'tls'], message)];
  }
  const isNeeded = protocol === 'https' || (protocol === 'tls' && terminates);
  if (!isNeeded || (tls !== undefined && tls.certificates.length > 0)) return [];
  const why = protocol === 'https' ? 'an https listener' : 'a tls route that terminates';
  const path: Path = tls === undefined ? ['listeners', index] : ['listeners', index, 'tls', 'certificates'];
  const message = `${why} needs a certificate: issue one and name it in listeners "${id}" tls.certificates`;
  return [error('certificate_missing', path, message)];
}

function clientCertificateIssues({ tls }: Listener, index: number): ConfigIssue[] {
  if (tls === undefined || tls.clientCertificates.mode === 'off') return [];
  if (tls.clientCertificates.caCertificates.length > 0) return [];
  const path: Path = ['listeners', index, 'tls', 'clientCertificates', 'caCertificates'];
  const message =
    'say who signs the certificates of clients, for example caCertificates: [ca] (the local authority)';
  return [error('missing_field', path, message)];
}

function trustedIssues({ trustedProxies }: Listener, index: number): ConfigIssue[] {
  return trustedProxies.flatMap((text, position) => {
    const path: Path = ['listeners', index, 'trustedProxies', position];
    const range = parseAddressRange(text);
    if (range === null) {
      return [error('invalid_value', path, `"${text}" is not an IP address or a range such as 10.0.0.0/8`)];
    }
    if (range.prefix > 0) return [];
    const message = `"${text}" believes everybody: any client could then say that it is another one`;
    return [{ code: 'invalid_value', severity: 'warning', path, message }];
  });
}

function forwardIssues({ protocol, forward, address }: Listener, index: number): ConfigIssue[] {
  if (forward === undefined) return [];
  const path: Path = ['listeners', index, 'forward'];
  if (protocol !== 'forward') {
    return [
      error(
        'invalid_value',
        path,
        'only a listener of protocol forward goes where its clients ask: remove forward',
      ),
    ];
  }
  if (forward.allow.length === 0) {
    const message = 'without an entry nothing can be reached through this listener';
    return [{ code: 'invalid_value', severity: 'warning', path: [...path, 'allow'], message }];
  }
  return forward.allow.flatMap((text, position) => {
    const pattern = parseDestinationPattern(text);
    const at = [...path, 'allow', position];
    if (typeof pattern === 'string') return [error('invalid_value', at, `"${text}" ${pattern}`)];
    if (isLoopback(address) || !isEverywhere(pattern)) return [];
    const message = `"${text}" on ${address} makes an open proxy, which strangers abuse: name the destinations, or listen on 127.0.0.1`;
    return [error('invalid_value', at, message)];
  });
}

function error(code: ConfigIssue['code'], path: Path, message: string): ConfigIssue {
  return { code, severity: 'error', path, message };
}
