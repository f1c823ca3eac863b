// From a password to key bytes, by every way that certificate files use. The number of rounds is said by the file, so it is
// bounded, and the rounds never hold up the event loop.
import { createHash, hash as digest, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { DerError } from './der';

const pbkdf2Async = promisify(pbkdf2);
const scryptAsync = promisify<string | Uint8Array, Uint8Array, number, object, Buffer>(scrypt);

/** In the thread pool; about three seconds. */
const maxPbkdf2Rounds = 10_000_000;
/** On this thread, in slices; about two seconds. */
const maxPkcs12Rounds = 1_000_000;
const roundsPerSlice = 1000;
const maxScryptBytes = 64 * 1024 * 1024;

/** What a PKCS#12 key is for (RFC 7292 B.3). */
export const pkcs12Purpose = { key: 1, iv: 2, mac: 3 } as const;

/** RFC 8018 5.2. */
export function deriveByPbkdf2(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  bytes: number,
  hash: string,
): Promise<Uint8Array> {
  checkRounds(rounds, maxPbkdf2Rounds);
  return pbkdf2Async(password, salt, rounds, bytes, hash);
}

/** RFC 7914. */
export function deriveByScrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: { readonly N: number; readonly r: number; readonly p: number },
  bytes: number,
): Promise<Uint8Array> {
  const { N, r, p } = cost;
  if (128 * N * r > maxScryptBytes || p > 16) throw new DerError('its scrypt cost is out of bounds');
  return scryptAsync(password, salt, bytes, { N, r, p, maxmem: maxScryptBytes * 2 });
}

/** RFC 8018 5.1: the old way of PKCS#5 v1.5, 16 or 20 bytes at most. */
export function deriveByPbkdf1(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  hash: string,
): Uint8Array {
  checkRounds(rounds, 100_000);
  let key = createHash(hash).update(password).update(salt).digest();
  for (let round = 1; round < rounds; round++) key = createHash(hash).update(key).digest();
  return key;
}

/** RFC 7292 B.2. `password` as `pkcs12Password` makes it. */
export async function deriveForPkcs12(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  bytes: number,
  hash: string,
  purpose: number,
): Promise<Uint8Array> {
  checkRounds(rounds, maxPkcs12Rounds);
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const state = Buffer.concat([filled(salt, block), filled(password, block)]);
  const diversifier = Buffer.alloc(block, purpose);
  const made: Uint8Array[] = [];
  for (let length = 0; length < bytes; ) {
    let part: Uint8Array = createHash(hash).update(diversifier).update(state).digest();
    for (let round = 1; round < rounds; round++) {
      part = digest(hash, part, 'buffer');
      if (round % roundsPerSlice === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    made.push(part);
    length += part.length;
    if (length < bytes) addToEachBlock(state, filled(part, block).subarray(0, block));
  }
  return Buffer.concat(made).subarray(0, bytes);
}

/** UTF-16 big-endian with an end mark. No password at all, unlike an empty one, is no bytes. */
export function pkcs12Password(password: string | null): Uint8Array {
  if (password === null) return new Uint8Array();
  return Buffer.from(`${password}\0`, 'utf16le').swap16();
}

/** Repeated to a whole number of blocks. */
function filled(bytes: Uint8Array, block: number): Buffer {
  const length = Math.ceil(bytes.length / block) * block;
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Each block of the state becomes itself + addend + 1, as big-endian numbers. */
function addToEachBlock(state: Buffer, addend: Uint8Array): void {
  for (let start = 0; start < state.length; start += addend.length) {
    let carry = 1;
    for (let index = addend.length - 1; index >= 0; index--) {
      const sum = state[start + index]! + addend[index]! + carry;
      state[start + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

function checkRounds(rounds: number, most: number): void {
  if (rounds >= 1 && rounds <= most) return;
  throw new DerError(`it asks for ${rounds} rounds to derive the key; at most ${most} are done`);
}
