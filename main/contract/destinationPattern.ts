// Where a forward listener may go: "HOST", "HOST:PORTS", HOST being an address, a CIDR range, a host name, "*.name" or "*",
// PORTS one or several of 443 and 8000-8999 separated by commas. IPv6 with ports stands in brackets: [::1]:443.
import { type AddressRange, isInRange, parseAddress, parseAddressRange } from './addressRange';

export interface DestinationPattern {
  /** As written. */
  readonly text: string;
  /** null = by name. */
  readonly range: AddressRange | null;
  /** Lower case; '' = by address, "*" = any, ".name" = every name below it. */
  readonly name: string;
  /** null = any port. */
  readonly ports: readonly (readonly [first: number, last: number])[] | null;
}

/** A string = why it is none, to be put behind the text. */
export function parseDestinationPattern(text: string): DestinationPattern | string {
  const parts = /^\[([^\]]+)\](?::(.+))?$/.exec(text) ?? splitPlain(text);
  const [, host = '', portText] = parts;
  const ports = portText === undefined ? null : parsePorts(portText);
  if (ports === undefined) return 'has ports that are not 1–65535, such as 443 or 8000-8999,9443';
  const range = parseAddressRange(host);
  if (range?.hasHostBits === true) return 'has bits behind its prefix: write the first address of the range';
  if (range !== null) return { text, range, name: '', ports };
  const name = host.toLowerCase();
  if (name === '*') return { text, range: null, name, ports };
  if (!/^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name)) {
    return 'is not a host name, *.name, address or CIDR range with an optional :port';
  }
  // What looks like an address and is none (10.0.0.256, 010.0.0.1) is no name either.
  if (/^[\d.]+$/.test(name)) return 'is not an address';
  return { text, range: null, name: name.startsWith('*.') ? name.slice(1) : name, ports };
}

function splitPlain(text: string): readonly (string | undefined)[] {
  // More than one colon: an IPv6 address without ports.
  return /^([^:]*)(?::([^:]*))?$/.exec(text) ?? [text, text, undefined];
}

function parsePorts(text: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (!(first >= 1 && last >= first && last <= 65_535)) return undefined;
    ranges.push([first, last]);
  }
  return ranges;
}

/** Everything can be reached through it. */
export function isEverywhere({ name, range }: DestinationPattern): boolean {
  return name === '*' || range?.prefix === 0;
}

export interface DestinationDecision {
  /** Those of the given addresses that may be connected to, in their order. */
  readonly addresses: readonly string[];
  /** The pattern that lets the first of them in; null = none does. */
  readonly allowedBy: string | null;
}

/**
 * Decides by the addresses that will be connected to, so that a name cannot lead elsewhere afterwards. A pattern with a
 * name stands for the public addresses of the name only: those of this machine and of private networks must be let in
 * by address, else whoever answers for the name would choose among them.
 */
export function decideDestination(
  patterns: readonly DestinationPattern[],
  hostname: string,
  port: number,
  addresses: readonly string[],
): DestinationDecision {
  const usable = usableAt(patterns, port);
  const byName = usable.find(({ range, name }) => range === null && isNameIn(hostname, name));
  const allowed: string[] = [];
  let allowedBy: string | null = null;
  for (const text of addresses) {
    const address = parseAddress(text);
    if (address === null) continue;
    const byAddress = usable.find(({ range }) => range !== null && isInRange(address, range));
    const pattern = byAddress ?? (isPublic(text) ? byName : undefined);
    if (pattern === undefined) continue;
    allowed.push(text);
    allowedBy ??= pattern.text;
  }
  return { addresses: allowed, allowedBy };
}

/** What can be said of a destination before its name is looked up. */
export interface DestinationExplanation {
  readonly hostname: string;
  readonly port: number;
  /** `byAddress` = it depends on what the name leads to. */
  readonly verdict: 'allowed' | 'refused' | 'byAddress';
  /** The entry of `forward.allow` that lets it in, or may; null = none does. */
  readonly allowedBy: string | null;
  /** In words. */
  readonly reason: string;
}

/** As `decideDestination` will decide. Of an IP address that is certain. */
export function explainDestination(
  patterns: readonly DestinationPattern[],
  hostname: string,
  port: number,
): DestinationExplanation {
  const asked = { hostname, port };
  if (parseAddress(hostname) !== null) {
    const { allowedBy } = decideDestination(patterns, hostname, port, [hostname]);
    if (allowedBy !== null)
      return { ...asked, verdict: 'allowed', allowedBy, reason: `${allowedBy} lets it in` };
    return { ...asked, verdict: 'refused', allowedBy, reason: 'no entry of forward.allow lets it in' };
  }
  const usable = usableAt(patterns, port);
  const byName = usable.find(({ range, name }) => range === null && isNameIn(hostname, name));
  const ranges = usable.filter(({ range }) => range !== null).map(({ text }) => text);
  if (byName === undefined && ranges.length === 0)
    return { ...asked, verdict: 'refused', allowedBy: null, reason: 'no entry of forward.allow lets it in' };
  const ways = [
    ...(byName === undefined ? [] : [`its public addresses are let in by ${byName.text}`]),
    ...(ranges.length === 0 ? [] : [`any of its addresses by ${ranges.join(', ')}, if it is in there`]),
  ];
  const reason = `it depends on what the name leads to: ${ways.join('; ')}`;
  return { ...asked, verdict: 'byAddress', allowedBy: byName?.text ?? null, reason };
}

function usableAt(patterns: readonly DestinationPattern[], port: number): DestinationPattern[] {
  return patterns.filter(
    ({ ports }) => ports === null || ports.some(([first, last]) => port >= first && port <= last),
  );
}

function isNameIn(hostname: string, name: string): boolean {
  if (name === '*') return true;
  return name.startsWith('.') ? hostname.endsWith(name) : hostname === name;
}

/** IANA's special-purpose registries, and what stands for IPv4 inside IPv6. */
const notPublic = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
].map((text) => parseAddressRange(text)!);

/** Neither this machine, nor a private network, nor anything else that is not part of the Internet. */
export function isPublic(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && !notPublic.some((range) => isInRange(address, range));
}
