// Hashes passwords off the event loop. scrypt takes tens of milliseconds and megabytes on purpose, and the thread pool
// belongs to the whole process (names and files need it too): so few run at once, and few may wait.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { maxScryptBytes, type PasswordHash } from '../../contract/passwordHash';

const maxRunning = 2;
const maxWaiting = 64;

type Work = () => void;

let running = 0;
const waiting = new Set<Work>();

/**
 * Whether the password is the one that was hashed. `done` is called later, with null when scrypt itself failed.
 * Returns how to give it up, or null: too many are waiting already, and `done` will not be called.
 */
export function verifyPassword(
  password: string,
  expected: PasswordHash,
  done: (isRight: boolean | null) => void,
): (() => void) | null {
  if (running >= maxRunning && waiting.size >= maxWaiting) return null;
  let isGivenUp = false;
  const work: Work = () => {
    running++;
    const salt = Buffer.from(expected.salt, 'base64');
    derive(password, salt, expected, (error, derived) => {
      running--;
      startNext();
      if (isGivenUp) return;
      const hash = Buffer.from(expected.hash, 'base64');
      done(error === null ? timingSafeEqual(derived, hash) : null);
    });
  };
  if (running < maxRunning) work();
  else waiting.add(work);
  return () => {
    isGivenUp = true;
    waiting.delete(work);
  };
}

/** A new hash, as the workspace holds it. */
export function hashPassword(password: string): Promise<string> {
  const settings = { cost: 16_384, blockSize: 8, parallelization: 5, hashBytes: 32 };
  const salt = randomBytes(16);
  return new Promise((resolve, reject) => {
    derive(password, salt, settings, (error, derived) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const { cost, blockSize, parallelization } = settings;
      const parts = ['scrypt', cost, blockSize, parallelization, salt.toString('base64')];
      resolve([...parts, derived.toString('base64')].join(':'));
    });
  });
}

function derive(
  password: string,
  salt: Buffer,
  settings: Pick<PasswordHash, 'cost' | 'blockSize' | 'parallelization' | 'hashBytes'>,
  done: (error: Error | null, derived: Buffer) => void,
): void {
  const { cost: N, blockSize: r, parallelization: p, hashBytes } = settings;
  // NFC: the same password typed on two keyboards may come as different bytes (RFC 8265).
  scrypt(password.normalize('NFC'), salt, hashBytes, { N, r, p, maxmem: 2 * maxScryptBytes }, done);
}

function startNext(): void {
  for (const work of waiting) {
    waiting.delete(work);
    work();
    return;
  }
}
