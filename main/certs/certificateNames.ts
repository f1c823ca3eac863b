// Which names a certificate may carry, and the id that is made from the first of them. Pure.
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { AppError } from '../contract/appError';

export interface CertificateNames {
  /** DNS names (lower case, IDN as punycode, wildcards as they are), in order, none twice. */
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** The first name that fits the 64 characters of a common name. */
  readonly commonName: string;
}

const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const maxCommonName = 64; // RFC 5280, ub-common-name

export function parseCertificateNames(names: readonly string[]): CertificateNames {
  const dnsNames = new Set<string>();
  const ipAddresses = new Set<string>();
  const all: string[] = [];
  for (const name of names) {
    const address = name.trim().replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) !== 0) {
      const canonical = canonicalAddress(address, name);
      ipAddresses.add(canonical);
      all.push(canonical);
    } else {
      const dnsName = parseDnsName(name);
      dnsNames.add(dnsName);
      all.push(dnsName);
    }
  }
  if (all.length === 0) throw new AppError('invalid_input', 'a certificate needs at least one name');
  return {
    dnsNames: [...dnsNames],
    ipAddresses: [...ipAddresses],
    commonName: all.find((name) => name.length <= maxCommonName) ?? 'Hopscope certificate',
  };
}

/** "*.Shop.test" → "wildcard-shop-test"; "-2", "-3"… when that is taken. */
export function certificateIdFor(firstName: string, isTaken: (id: string) => boolean): string {
  const words = firstName.replace(/^\*\./, 'wildcard.').toLowerCase();
  const base =
    words
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 56)
      .replace(/^-+|-+$/g, '') || 'certificate';
  if (!isTaken(base)) return base;
  for (let number = 2; ; number++) {
    const id = `${base}-${number}`;
    if (!isTaken(id)) return id;
  }
}

function parseDnsName(name: string): string {
  const trimmed = name.trim().replace(/\.$/, '');
  const isWildcard = trimmed.startsWith('*.');
  const rest = isWildcard ? trimmed.slice(2) : trimmed;
  // URL parsing would silently strip or decode these; a name that carries them is not a name.
  const ascii = /[\s/\\?#@:%*[\]]/.test(rest) ? '' : domainToASCII(rest);
  const labels = ascii.split('.');
  const isValid =
    ascii !== '' && ascii.length <= 253 && labels.every((part) => label.test(part)) && isIP(ascii) === 0;
  if (isValid) return isWildcard ? `*.${ascii}` : ascii;
  throw new AppError(
    'invalid_input',
    `${JSON.stringify(name)} is neither a host name such as shop.test or *.shop.test nor an IP address`,
  );
}

function canonicalAddress(address: string, name: string): string {
  if (isIP(address) === 4) return address;
  if (address.includes('%')) {
    throw new AppError('invalid_input', `${JSON.stringify(name)} has a zone; a certificate cannot carry one`);
  }
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
