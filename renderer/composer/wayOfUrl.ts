// Where a typed URL goes: a host name is not looked up, the port (or the host names of the routes) tells which listener it is
// for. So shop.test needs no entry in /etc/hosts.
import type { BoundListener } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import { isLoopback } from '../../main/contract/listenerChecks';
import { reachableAddress } from '../../main/contract/reachableAddress';
import { percentEncode } from './percentEncode';
import { speaksTls } from './sendOnce';

export interface Way {
  /** null = another server of this machine. */
  readonly listener: BoundListener | null;
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
  /** For Host or :authority: with the port where the URL has one that its scheme does not imply. */
  readonly authority: string;
  /** "host:port", as a forward proxy is told it. */
  readonly destination: string;
  /** Path and query. */
  readonly path: string;
  /** "name:password" of the URL; null = it has none. */
  readonly credentials: string | null;
}

export type WayResult =
  | { readonly kind: 'way'; readonly way: Way; readonly warning: string | null }
  | { readonly kind: 'problem'; readonly message: string };

export interface Surroundings {
  readonly listeners: readonly BoundListener[];
  readonly document: WorkspaceDocument | null;
  /** Ids of certificates with a key, to show to servers that ask for one. */
  readonly certificates: readonly string[];
  /** The certificate of the local CA, which listeners have theirs from; null = there is none. */
  readonly caFile: string | null;
}

interface UrlParts {
  /** '' = not said. */
  readonly scheme: string;
  readonly credentials: string | null;
  readonly host: string;
  readonly port: number | null;
  readonly path: string;
}

const pattern =
  /^(?:(https?|wss?|tcp|tls):\/\/)?(?:([^/?#@]*)@)?(\[[^\]]*\]|[^\s/:?#[\]]*)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/i;
const tlsSchemes: ReadonlySet<string> = new Set(['https', 'wss', 'tls']);

export function wayOfUrl(url: string, through: string, around: Surroundings): WayResult {
  const parts = partsOf(url.trim());
  if (typeof parts === 'string') return { kind: 'problem', message: parts };
  const target = through === '' ? targetOf(parts, around) : throughListener(through, around);
  if (typeof target === 'string') return { kind: 'problem', message: target };
  const { listener } = target;
  const isTls = parts.scheme === '' ? listener !== null && speaksTls(listener) : tlsSchemes.has(parts.scheme);
  const implied = isTls ? 443 : 80;
  const host = parts.host === '' ? 'localhost' : parts.host;
  const way: Way = {
    ...target,
    isTls,
    authority: parts.port === null || parts.port === implied ? host : `${host}:${parts.port}`,
    destination: `${host}:${parts.port ?? implied}`,
    path: parts.path,
    credentials: parts.credentials,
  };
  const isChosen = through !== '';
  return { kind: 'way', way, warning: listener === null ? null : mismatch(listener, isTls, isChosen) };
}

/** Parts, or what is wrong with the text. */
function partsOf(url: string): UrlParts | string {
  if (url === '') return 'Type a URL: http://shop.test:8080/ or only a path.';
  const match = pattern.exec(url);
  if (match === null) {
    const scheme = /^([a-z][\w+.-]*):\/\//i.exec(url)?.[1];
    return scheme !== undefined && !/^(https?|wss?|tcp|tls)$/i.test(scheme)
      ? `"${scheme}" is no scheme of this client: use http, https, ws, wss, tcp or tls.`
      : `"${url}" is no URL: write scheme://host:port/path.`;
  }
  const port = match[4] === undefined ? null : Number(match[4]);
  if (port !== null && (port < 1 || port > 65_535)) return `Port ${port} does not exist: 1 to 65535.`;
  const credentials = match[2] === undefined ? null : decoded(match[2]);
  return {
    scheme: (match[1] ?? '').toLowerCase(),
    credentials,
    host: asciiHost(match[3] ?? ''),
    port,
    path: asciiPath(match[5] ?? '/'),
  };
}

type Target = Pick<Way, 'listener' | 'address' | 'port'>;

function throughListener(id: string, { listeners }: Surroundings): Target | string {
  const listener = listeners.find((each) => each.id === id);
  return listener === undefined
    ? `Listener ${id} does not run: apply the workspace, or let the URL decide.`
    : at(listener);
}

function at(listener: BoundListener): Target {
  return { listener, address: reachableAddress(listener), port: listener.port };
}

function targetOf(parts: UrlParts, around: Surroundings): Target | string {
  const { host, scheme } = parts;
  const { listeners } = around;
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  const isHere = isLoopback(literal);
  const impliedPort = tlsSchemes.has(scheme) ? 443 : 80;
  const port = parts.port ?? (scheme === '' ? null : impliedPort);
  const atPort = listeners.filter((each) => each.port === port);
  const bound = atPort.find((each) => isBoundTo(each, literal)) ?? (isHere ? undefined : atPort[0]);
  if (bound !== undefined) return at(bound);
  if (parts.port !== null) {
    if (isHere)
      return { listener: null, address: literal === 'localhost' ? '127.0.0.1' : literal, port: parts.port };
    return `No running listener has port ${parts.port}. ${listOf(listeners)}`;
  }
  if (listeners.length === 0) return 'No listener runs: add one on the Routes screen and apply it.';
  const fitting = listeners.filter((each) => scheme === '' || speaksTls(each) === tlsSchemes.has(scheme));
  const named = fitting.find((each) => isNamed(host, each, around.document));
  const chosen = named ?? fitting[0];
  return chosen === undefined ? `No running listener speaks ${scheme}. ${listOf(listeners)}` : at(chosen);
}

function isBoundTo(listener: BoundListener, host: string): boolean {
  const address = reachableAddress(listener);
  return host === address || (host === 'localhost' && isLoopback(address));
}

/** One of the listener's routes has this host name. */
function isNamed(host: string, { id }: BoundListener, document: WorkspaceDocument | null): boolean {
  const routes = (document?.routes ?? []).filter((route) => route.listeners.includes(id));
  return routes.some(
    (route) =>
      route.kind !== 'tcp' &&
      (route.hostnames ?? []).some((name) =>
        name.startsWith('*.') ? host.endsWith(name.slice(1)) : name === host.toLowerCase(),
      ),
  );
}

function mismatch(listener: BoundListener, isTls: boolean, isChosen: boolean): string | null {
  if (listener.protocol === 'forward') {
    return isChosen ? null : `Choose "through ${listener.id}", and let the URL say where its proxy is to go.`;
  }
  if (listener.protocol === 'tcp' || speaksTls(listener) === isTls) return null;
  return isTls
    ? `Listener ${listener.id} speaks ${listener.protocol}, and this URL asks for TLS.`
    : `Listener ${listener.id} speaks TLS, and this URL asks for none.`;
}

function listOf(listeners: readonly BoundListener[]): string {
  if (listeners.length === 0) return 'None runs: add one on the Routes screen and apply it.';
  const some = listeners.slice(0, 5).map((each) => `${each.id} (${each.protocol}, port ${each.port})`);
  return `Running: ${some.join(', ')}${listeners.length > 5 ? '…' : ''}.`;
}

function asciiHost(host: string): string {
  if (/^[\x21-\x7e]*$/.test(host)) return host;
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return host;
  }
}

/** What cannot stand in a request line is written as %20 and the like; dots stay as they were typed. */
function asciiPath(path: string): string {
  const text = path.startsWith('?') ? `/${path}` : path;
  return text.replace(/[^\x21-\x7e]+/g, (part) => percentEncode(part));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
