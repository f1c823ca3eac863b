// The exact command that sends a request through a listener, for people to paste into a terminal.
import type { BoundListener } from '../../main/contract/api';
import type { RouteDocument } from '../../main/contract/config';
import { reachableAddress } from '../../main/contract/reachableAddress';
import { shellQuote } from '../stores/shellQuote';

export interface RequestTarget {
  readonly method: string;
  readonly hostname: string;
  /** Path and query. */
  readonly path: string;
}

export interface CurlOptions {
  /** Path of the local CA's certificate; null = unknown, then -k says so honestly. */
  readonly caFile: string | null;
}

/** A request that the route would win: its first host name, its first match. */
export function targetOf(route: RouteDocument | undefined): RequestTarget {
  const hostname = route === undefined || route.kind === 'tcp' ? '' : (route.hostnames?.[0] ?? '');
  const match = route?.kind === 'http' ? route.matches?.[0] : undefined;
  const path = match?.path === undefined || match.path.type === 'regex' ? '/' : match.path.value;
  return { method: match?.method ?? 'GET', hostname: hostname.replace(/^\*\./, 'www.'), path };
}

export function curlCommand(
  listener: Pick<BoundListener, 'address' | 'port' | 'protocol'>,
  target: RequestTarget,
  options: CurlOptions,
): string {
  const address = reachableAddress(listener);
  const authority = `${urlHost(address)}:${listener.port}`;
  if (listener.protocol === 'tcp') return `curl http://${authority}${shellUrlPath(target.path)}`;
  const method = target.method === 'GET' ? [] : target.method === 'HEAD' ? ['-I'] : ['-X', target.method];
  if (listener.protocol === 'forward') {
    const destination = target.hostname === '' ? 'localhost' : target.hostname;
    const url = quoteUrl(`http://${destination}${target.path}`);
    return ['curl', ...method, '-x', quoteUrl(`http://${authority}`), url].join(' ');
  }
  if (listener.protocol === 'http') {
    const host = target.hostname === '' ? [] : ['-H', shellQuote(`Host: ${target.hostname}`)];
    return ['curl', ...method, ...host, quoteUrl(`http://${authority}${target.path}`)].join(' ');
  }
  const trust =
    listener.protocol === 'https' && options.caFile !== null
      ? ['--cacert', shellQuote(options.caFile)]
      : ['-k'];
  const hostname = target.hostname === '' ? 'localhost' : target.hostname;
  const resolve = ['--resolve', `${hostname}:${listener.port}:${address}`];
  const url = quoteUrl(`https://${hostname}:${listener.port}${target.path}`);
  return ['curl', ...method, ...trust, ...resolve, url].join(' ');
}

function urlHost(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

function shellUrlPath(path: string): string {
  return /^[\w./~-]*$/.test(path) ? path : '/';
}

function quoteUrl(url: string): string {
  return /^[\w.:/~[\]-]*$/.test(url) && !url.includes('[') ? url : shellQuote(url);
}
