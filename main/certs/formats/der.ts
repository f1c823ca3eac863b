// A small, bounded reader and writer of ASN.1 (X.690). Everything that comes from outside passes here before any library
// sees it: depth, number of elements and lengths are checked, so that hostile files cost no more than honest ones. BER as
// NSS and some browsers write it (indefinite lengths, strings in pieces) is read; only DER is written.

export interface DerElement {
  /** The identifier octet: class, constructed bit and number. Numbers above 30 are refused. */
  readonly tag: number;
  /** Without identifier and length. */
  readonly content: Uint8Array;
  /** Of constructed elements; empty for primitive ones. */
  readonly children: readonly DerElement[];
  /** The whole element as it stood in the input. */
  readonly bytes: Uint8Array;
}

export const tagOf = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  nil: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** What is wrong with the bytes, in a few words. */
export class DerError extends Error {}

const maxBytes = 1_048_576;
const maxDepth = 40;
const maxElements = 50_000;
const constructedBit = 0x20;

/** Exactly one element. Throws `DerError`. */
export function readDer(bytes: Uint8Array): DerElement {
  const element = readFirstDer(bytes);
  if (element.bytes.length !== bytes.length) throw new DerError('bytes are left over after its end');
  return element;
}

/** One element, whatever stands behind it. */
export function readFirstDer(bytes: Uint8Array): DerElement {
  if (bytes.length > maxBytes) throw new DerError('it is larger than 1 MiB');
  return new Reader(bytes).element(0, bytes.length, 0);
}

class Reader {
  #position = 0;
  #elements = 0;

  constructor(private readonly bytes: Uint8Array) {}

  element(start: number, end: number, depth: number): DerElement {
    if (depth > maxDepth) throw new DerError(`it is nested deeper than ${maxDepth} levels`);
    if (++this.#elements > maxElements) throw new DerError(`it has more than ${maxElements} elements`);
    this.#position = start;
    const tag = this.#octet(end);
    if ((tag & 0x1f) === 0x1f) throw new DerError('it uses a tag number above 30');
    const length = this.#length(end);
    const contentStart = this.#position;
    if (length === null) return this.#indefinite(tag, start, end, depth);
    const contentEnd = contentStart + length;
    if (contentEnd > end) throw new DerError('an element is longer than what holds it');
    const children: DerElement[] = [];
    if ((tag & constructedBit) !== 0) {
      while (this.#position < contentEnd) children.push(this.element(this.#position, contentEnd, depth + 1));
    }
    this.#position = contentEnd;
    return this.#made(tag, start, contentStart, contentEnd, children);
  }

  #indefinite(tag: number, start: number, end: number, depth: number): DerElement {
    if ((tag & constructedBit) === 0) throw new DerError('a primitive element has no length');
    const contentStart = this.#position;
    const children: DerElement[] = [];
    for (;;) {
      const at = this.#position;
      if (at + 2 > end) throw new DerError('the end of an element is missing');
      if (this.bytes[at] === 0 && this.bytes[at + 1] === 0) break;
      children.push(this.element(at, end, depth + 1));
    }
    const contentEnd = this.#position;
    this.#position += 2;
    return this.#made(tag, start, contentStart, contentEnd, children);
  }

  #made(
    tag: number,
    start: number,
    contentStart: number,
    contentEnd: number,
    children: DerElement[],
  ): DerElement {
    return {
      tag,
      content: this.bytes.subarray(contentStart, contentEnd),
      children,
      bytes: this.bytes.subarray(start, this.#position),
    };
  }

  #octet(end: number): number {
    if (this.#position >= end) throw new DerError('it ends in the middle of an element');
    return this.bytes[this.#position++]!;
  }

  /** null = indefinite. */
  #length(end: number): number | null {
    const first = this.#octet(end);
    if (first < 0x80) return first;
    if (first === 0x80) return null;
    const count = first & 0x7f;
    if (count > 4) throw new DerError('a length is too large');
    let length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + this.#octet(end);
    return length;
  }
}

/** Throws unless the element has that tag. */
export function expectTag(element: DerElement | undefined, tag: number, what: string): DerElement {
  if (element?.tag !== tag) throw new DerError(`${what} is missing or of another type`);
  return element;
}

/** The bytes of an octet string, also of one in pieces (BER). */
export function octets(element: DerElement | undefined, what: string): Uint8Array {
  if (element === undefined) throw new DerError(`${what} is missing`);
  if (element.children.length === 0) return element.content;
  return Buffer.concat(element.children.map((child) => octets(child, what)));
}

/** A count such as that of iterations. */
export function smallInteger(element: DerElement | undefined, what: string): number {
  const { content } = expectTag(element, tagOf.integer, what);
  if (content.length === 0 || content.length > 6 || content[0]! >= 0x80) {
    throw new DerError(`${what} is out of bounds`);
  }
  return content.reduce((value, octet) => value * 256 + octet, 0);
}

/** "1.2.840.113549". */
export function objectIdentifier(element: DerElement | undefined, what: string): string {
  const { content } = expectTag(element, tagOf.objectIdentifier, what);
  const parts: number[] = [];
  let value = 0;
  for (const octet of content) {
    value = value * 128 + (octet & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) throw new DerError(`${what} is out of bounds`);
    if (octet < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  const first = parts.shift() ?? 0;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...parts].join('.');
}

// ---------------------------------------------------------------- writing

/** One element; the content is the parts one after the other. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOctets(content.length), content]);
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(tagOf.sequence, ...parts);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return der(tagOf.octetString, bytes);
}

export function integer(value: number): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return der(tagOf.integer, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

export function identifier(dotted: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(tagOf.objectIdentifier, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

/** `[number]`, constructed. */
export function tagged(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return der(0xa0 | number, ...parts);
}

export const nil = der(tagOf.nil);

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(0x80 | (rest % 128));
  }
  return octets;
}
