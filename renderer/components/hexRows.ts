// Bytes row by row, as a hex dump shows them.

export interface HexRow {
  /** "00000010". */
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

const bytesPerRow = 16;

export function hexRowCount(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / bytesPerRow);
}

/** Row by row, so that only what is in view is made. What is no printable ASCII is a dot. */
export function hexRow(bytes: Uint8Array, row: number): HexRow {
  const start = row * bytesPerRow;
  const part = [...bytes.subarray(start, start + bytesPerRow)];
  const pairs = part.map((byte) => byte.toString(16).padStart(2, '0'));
  return {
    offset: start.toString(16).padStart(8, '0'),
    hex: [pairs.slice(0, 8).join(' '), pairs.slice(8).join(' ')].join('  ').padEnd(3 * bytesPerRow),
    text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
  };
}
