// What a CA may sign for (RFC 5280 4.2.1.10): written into its certificate, and read from there again before it signs. Pure.
import { isIP } from 'node:net';
import { AppError } from '../contract/appError';
import { addressText } from './certificateFacts';
import { type CertificateNames, parseCertificateNames } from './certificateNames';
import { der, readDer, sequence, tagged } from './formats/der';

const dnsTag = 0x82;
const addressTag = 0x87;

export interface NameConstraints {
  /** Lower case, without a leading dot. */
  readonly permittedNames: readonly string[];
  /** Address and mask, one after the other: 8 or 32 bytes. */
  readonly permittedAddresses: readonly Uint8Array[];
}

/** null = may sign for anything. Throws `invalid_input` with the value. */
export function parseConstraints(
  names: readonly string[],
  addresses: readonly string[],
): NameConstraints | null {
  if (names.length + addresses.length === 0) return null;
  return {
    permittedNames: names.map(parseConstrainedName),
    permittedAddresses: addresses.map(parseRange),
  };
}

/** The extension's value. A kind of name of which nothing is permitted is forbidden, or it would be left open. */
export function encodeConstraints({ permittedNames, permittedAddresses }: NameConstraints): Uint8Array {
  const permitted = [
    ...permittedNames.map((name) => sequence(der(dnsTag, Buffer.from(name, 'latin1')))),
    ...permittedAddresses.map((range) => sequence(der(addressTag, range))),
  ];
  const excluded = [
    ...(permittedNames.length > 0 ? [] : [sequence(der(dnsTag))]),
    ...(permittedAddresses.length > 0
      ? []
      : [sequence(der(addressTag, new Uint8Array(8))), sequence(der(addressTag, new Uint8Array(32)))]),
  ];
  return sequence(tagged(0, ...permitted), ...(excluded.length === 0 ? [] : [tagged(1, ...excluded)]));
}

/** What `encodeConstraints` made. */
export function readConstraints(value: Uint8Array): NameConstraints {
  const permitted = readDer(value).children.find((child) => child.tag === 0xa0)?.children ?? [];
  const bases = permitted.flatMap((subtree) => subtree.children[0] ?? []);
  return {
    permittedNames: bases.flatMap(({ tag, content }) =>
      tag === dnsTag ? Buffer.from(content).toString('latin1').toLowerCase().replace(/^\./, '') : [],
    ),
    permittedAddresses: bases.flatMap(({ tag, content }) => (tag === addressTag ? content : [])),
  };
}

/** The first name that the constraints forbid; null = all are permitted. */
export function forbiddenName(names: CertificateNames, constraints: NameConstraints): string | null {
  const isPermitted = (name: string) =>
    constraints.permittedNames.some((base) => name === base || name.endsWith(`.${base}`));
  const inRange = (address: string) => constraints.permittedAddresses.some((range) => covers(range, address));
  return (
    names.dnsNames.find((name) => !isPermitted(name)) ??
    names.ipAddresses.find((address) => !inRange(address)) ??
    null
  );
}

/** In words. */
export function describeConstraints(constraints: NameConstraints): string {
  const names = constraints.permittedNames.map((name) => `${name} and everything under it`);
  return [...names, ...constraints.permittedAddresses.map(rangeText)].join(', ');
}

function parseConstrainedName(name: string): string {
  const bare = name.trim().replace(/^\*?\./, '');
  return parseCertificateNames([bare]).dnsNames[0] ?? refuse(name);
}

function parseRange(text: string): Uint8Array {
  const [address = '', prefixText, more] = text.trim().split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (family === 0 || more !== undefined || !/^\d{1,3}$/.test(prefixText ?? '0') || prefix > bits)
    refuse(text);
  const bytes = addressBytes(address);
  const mask = Buffer.alloc(bits / 8);
  for (let bit = 0; bit < prefix; bit++) mask[bit >> 3]! |= 0x80 >> (bit & 7);
  return Buffer.concat([bytes.map((octet, index) => octet & mask[index]!), mask]);
}

function refuse(value: string): never {
  throw new AppError(
    'invalid_input',
    `${JSON.stringify(value)} is neither a domain such as test nor a range of addresses such as 127.0.0.0/8`,
  );
}

export function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const middle = Array<string>(tail === undefined ? 0 : 8 - first.length - last.length).fill('0');
  return Buffer.from(
    [...first, ...middle, ...last].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
  );
}

function covers(range: Uint8Array, address: string): boolean {
  const half = range.length / 2;
  const bytes = addressBytes(address);
  return (
    bytes.length === half && bytes.every((octet, index) => (octet & range[half + index]!) === range[index])
  );
}

function rangeText(range: Uint8Array): string {
  const half = range.length / 2;
  const prefix = range
    .subarray(half)
    .reduce((sum, octet) => sum + octet.toString(2).replaceAll('0', '').length, 0);
  return `${addressText(range.subarray(0, half)) ?? '?'}/${prefix}`;
}
