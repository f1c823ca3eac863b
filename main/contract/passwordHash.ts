// How a password stands in the workspace: "scrypt:N:r:p:SALT:HASH", salt and hash in base64. N, r and p are scrypt's
// cost (RFC 7914). What a hash may cost is bounded here: every sign-in pays it.

export interface PasswordHash {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: string;
  readonly hash: string;
  readonly hashBytes: number;
}

export type ParsedPasswordHash =
  | { readonly ok: true; readonly hash: PasswordHash }
  | { readonly ok: false; readonly reason: string };

/** Memory that checking one password may take: 128 · r · (N + p) bytes. */
export const maxScryptBytes = 67_108_864;
const maxWork = 1_048_576 * 8;

/** The reason never quotes the text: it may be a password typed in the wrong place. */
export function parsePasswordHash(text: string): ParsedPasswordHash {
  const parts = text.split(':');
  if (parts.length !== 6 || parts[0] !== 'scrypt') {
    return refuse('must be a hash of the form scrypt:N:r:p:SALT:HASH; "hopscope hash-password" makes one');
  }
  const [cost, blockSize, parallelization] = parts.slice(1, 4).map(wholeNumber) as [number, number, number];
  if (!(cost >= 2 && Number.isInteger(Math.log2(cost))))
    return refuse('N must be a power of two, at least 2');
  if (!(blockSize >= 1)) return refuse('r must be a whole number, at least 1');
  if (!(parallelization >= 1)) return refuse('p must be a whole number, at least 1');
  if (128 * blockSize * (cost + parallelization) > maxScryptBytes)
    return refuse('N, r and p ask for more than 64 MiB of memory');
  if (cost * blockSize * parallelization > maxWork)
    return refuse('N, r and p together ask for too much work');
  const saltBytes = base64Bytes(parts[4]!);
  const hashBytes = base64Bytes(parts[5]!);
  if (saltBytes < 8 || saltBytes > 64) return refuse('the salt must be 8 to 64 bytes in base64');
  if (hashBytes < 16 || hashBytes > 64) return refuse('the hash must be 16 to 64 bytes in base64');
  const hash = { cost, blockSize, parallelization, salt: parts[4]!, hash: parts[5]!, hashBytes };
  return { ok: true, hash };
}

function refuse(reason: string): ParsedPasswordHash {
  return { ok: false, reason };
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
}

/** −1 = not base64 with its padding. */
function base64Bytes(text: string): number {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return -1;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}
