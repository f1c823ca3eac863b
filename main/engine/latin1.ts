// Buffer's own functions for this one coding, without the look-up of its name that `toString` and `write` begin with.
// Node's types do not tell of them.

interface Latin1 {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, at: number): number;
}

const { latin1Slice, latin1Write } = Buffer.prototype as unknown as Latin1;

/** The bytes start…end as a text. */
export function latin1Text(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}

/** Writes the text at `at`, where there is room for it. */
export function writeLatin1(bytes: Uint8Array, text: string, at: number): void {
  latin1Write.call(bytes, text, at);
}
