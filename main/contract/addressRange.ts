// IP addresses and CIDR ranges as numbers. IPv4 written inside IPv6 (::ffff:10.0.0.1) is IPv4 here, so that a rule
// holds however the system hands the address over; an IPv6 range never takes an IPv4 client in.

/** IPv4: one 32-bit number; IPv6: four, most significant first. */
export interface IpAddress {
  readonly words: readonly number[];
}

export interface AddressRange {
  /** The first address of the range: bits behind the prefix are 0. */
  readonly first: IpAddress;
  /** 0…32 or 0…128. */
  readonly prefix: number;
  /** The text had bits behind the prefix, as 10.0.0.1/8 has. */
  readonly hasHostBits: boolean;
}

/** null = not an address. A zone ("%eth0") says where, not who: it is left out. */
export function parseAddress(text: string): IpAddress | null {
  const zoneAt = text.indexOf('%');
  const plain = zoneAt > 0 ? text.slice(0, zoneAt) : text;
  if (!plain.includes(':')) {
    const word = parseDotted(plain);
    return word === null ? null : { words: [word] };
  }
  const words = zoneAt > 0 && plain.includes('.') ? null : parseColons(plain);
  if (words === null) return null;
  return isMapped(words) ? { words: [words[3]!] } : { words };
}

/** "10.0.0.0/8", "::1/128" or a single address; null = neither. */
export function parseAddressRange(text: string): AddressRange | null {
  const match = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text);
  if (match === null) return null;
  const address = parseAddress(match[1]!);
  if (address === null) return null;
  const width = address.words.length * 32;
  const writtenWidth = match[1]!.includes(':') ? 128 : 32;
  const written = match[2] === undefined ? writtenWidth : Number(match[2]);
  const prefix = written - (writtenWidth - width);
  // ::ffff:0:0/90 would be part IPv4, part IPv6: nobody means that.
  if (written > writtenWidth || prefix < 0) return null;
  const words = address.words.map((word, index) => (word & maskOf(prefix, index)) >>> 0);
  const hasHostBits = words.some((word, index) => word !== address.words[index]);
  return { first: { words }, prefix, hasHostBits };
}

export function isInRange(address: IpAddress, range: AddressRange): boolean {
  const { words } = range.first;
  if (words.length !== address.words.length) return false;
  for (let index = 0; index < words.length; index++) {
    if ((address.words[index]! & maskOf(range.prefix, index)) >>> 0 !== words[index]) return false;
  }
  return true;
}

function maskOf(prefix: number, index: number): number {
  const bits = Math.min(32, Math.max(0, prefix - index * 32));
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

/** Four decimal parts without leading zeros, which some systems read as octal. */
function parseDotted(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let word = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    word = word * 256 + Number(part);
  }
  return word;
}

/** RFC 4291 2.2. */
function parseColons(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 1 ? [] : groupsOf(halves[1]!, true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return [0, 2, 4, 6].map((index) => groups[index]! * 65_536 + groups[index + 1]!);
}

function groupsOf(text: string, mayEndDotted: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const word = mayEndDotted && index === parts.length - 1 ? parseDotted(part) : null;
      if (word === null) return null;
      groups.push(Math.floor(word / 65_536), word % 65_536);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function isMapped(words: readonly number[]): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}
