// The Huffman code of HPACK (RFC 7541 5.2 and Appendix B). The code is canonical: codes of one length count up in the
// order of their symbols, so the lengths say all of it. Decoding walks a table of states, four bits a step.

/** Bits per symbol 0…255, and of EOS, as runs: count × length. */
const lengthRuns =
  '1x13 1x23 7x28 1x24 1x30 2x28 1x30 8x28 1x30 9x28 1x6 2x10 1x12 1x13 1x6 1x8 1x11 2x10 1x8 1x11 1x8 3x6 3x5 7x6 ' +
  '1x7 1x8 1x15 1x6 1x12 1x10 1x13 1x6 22x7 1x8 1x7 1x8 1x13 1x19 1x13 1x14 1x6 1x15 1x5 1x6 1x5 1x6 1x5 3x6 1x5 ' +
  '2x7 3x6 1x5 1x6 1x7 1x6 2x5 1x6 5x7 1x15 1x11 1x14 1x13 1x28 1x20 1x22 2x20 3x22 1x23 1x22 5x23 1x24 1x23 2x24 ' +
  '1x22 1x23 1x24 4x23 1x21 1x22 1x23 1x22 2x23 1x24 1x22 1x21 1x20 2x22 2x23 1x21 1x23 2x22 1x24 1x21 1x22 2x23 ' +
  '2x21 1x22 1x21 1x23 1x22 2x23 1x20 3x22 1x23 2x22 1x23 2x26 1x20 1x19 1x22 1x23 1x22 1x25 3x26 2x27 1x26 1x24 ' +
  '1x25 1x19 1x21 1x26 2x27 1x26 1x27 1x24 2x21 2x26 1x28 3x27 1x20 1x24 1x20 1x21 1x22 2x21 1x23 2x22 2x25 2x24 ' +
  '1x26 1x23 1x26 1x27 2x26 5x27 1x28 5x27 1x26 1x30';

const endOfString = 256;
const lengths = Uint8Array.from(
  lengthRuns.split(' ').flatMap((run) => {
    const [count, bits] = run.split('x').map(Number) as [number, number];
    return new Array<number>(count).fill(bits);
  }),
);
const codes = canonicalCodes();

function canonicalCodes(): Uint32Array {
  const found = new Uint32Array(lengths.length);
  let code = 0;
  for (let bits = 1; bits <= 30; bits++) {
    code *= 2;
    for (let symbol = 0; symbol < lengths.length; symbol++)
      if (lengths[symbol] === bits) found[symbol] = code++;
  }
  return found;
}

// One state per inner node of the code tree; per state and four bits: the next state, and the symbol that was ended.
const noSymbol = 0xffff;
const failed = 0xffff;
const { nextStates, endedSymbols, isPaddingState } = buildStates();

function buildStates() {
  // A child is an inner node (≥ 0), or −1 − symbol, or undefined = not there yet.
  const nodes: [number?, number?][] = [[]];
  codes.forEach((code, symbol) => {
    let node = 0;
    for (let bit = lengths[symbol]! - 1; bit > 0; bit--) {
      const side = Math.floor(code / 2 ** bit) % 2;
      let child = nodes[node]![side];
      if (child === undefined) {
        child = nodes.push([]) - 1;
        nodes[node]![side] = child;
      }
      node = child;
    }
    nodes[node]![code % 2] = -1 - symbol;
  });
  const nextStates = new Uint16Array(nodes.length * 16);
  const endedSymbols = new Uint16Array(nodes.length * 16).fill(noSymbol);
  for (let state = 0; state < nodes.length; state++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      const slot = state * 16 + nibble;
      let node: number = state;
      for (let bit = 3; bit >= 0; bit--) {
        const child: number = nodes[node]![(nibble >> bit) & 1]!;
        if (child >= 0) node = child;
        else if (-1 - child === endOfString) node = failed;
        else {
          endedSymbols[slot] = -1 - child;
          node = 0;
        }
        if (node === failed) break;
      }
      nextStates[slot] = node;
    }
  }
  // Padding is at most seven bits of the most significant bits of EOS, which are all ones (RFC 7541 5.2).
  const isPaddingState = new Uint8Array(nodes.length);
  for (let depth = 0, node = 0; depth <= 7; depth++, node = nodes[node]![1]!) isPaddingState[node] = 1;
  return { nextStates, endedSymbols, isPaddingState };
}

/** Most bytes that `length` coded bytes can become. */
export function maxDecodedBytes(length: number): number {
  return Math.floor((length * 8) / 5);
}

/** Decodes start…end into `out` from `at`, which has room; returns where the text ends, −1 = not valid. */
export function decodeHuffman(
  coded: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let state = 0;
  let position = at;
  for (let index = start; index < end; index++) {
    const byte = coded[index]!;
    let slot = state * 16 + (byte >> 4);
    let symbol = endedSymbols[slot]!;
    if (symbol !== noSymbol) out[position++] = symbol;
    state = nextStates[slot]!;
    if (state === failed) return -1;
    slot = state * 16 + (byte & 15);
    symbol = endedSymbols[slot]!;
    if (symbol !== noSymbol) out[position++] = symbol;
    state = nextStates[slot]!;
    if (state === failed) return -1;
  }
  return isPaddingState[state] === 1 ? position : -1;
}

/** Bytes that start…end have when coded. */
export function huffmanLength(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let index = start; index < end; index++) bits += lengths[bytes[index]!]!;
  return (bits + 7) >> 3;
}

/** Codes start…end into `out` from `at`, which has room; returns where it ends. */
export function encodeHuffman(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let position = at;
  let pending = 0;
  let pendingBits = 0;
  for (let index = start; index < end; index++) {
    const symbol = bytes[index]!;
    const code = codes[symbol]!;
    // Up to 7 + 30 bits would be more than an integer holds: at most 16 at a time.
    for (let left = lengths[symbol]!; left > 0; ) {
      const taken = left > 16 ? 16 : left;
      left -= taken;
      pending = (pending << taken) | ((code >>> left) & ((1 << taken) - 1));
      pendingBits += taken;
      while (pendingBits >= 8) {
        pendingBits -= 8;
        out[position++] = pending >> pendingBits;
      }
      pending &= 0xff;
    }
  }
  if (pendingBits > 0) out[position++] = (pending << (8 - pendingBits)) | (0xff >> pendingBits);
  return position;
}
