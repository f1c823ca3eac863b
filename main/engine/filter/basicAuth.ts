// Basic authentication (RFC 7617). A wrong name costs what a wrong password costs, so that names cannot be guessed by
// the time an answer takes.
import type { Filter } from '../../contract/config';
import { type PasswordHash, parsePasswordHash } from '../../contract/passwordHash';
import type { FilterAnswer, FilterKind, FilterWait } from './filterKind';
import { refusalAnswer } from './refusalAnswer';
import { verifyPassword } from './scrypt';
import { VerifiedCredentials } from './verifiedCredentials';

type BasicAuthConfig = Extract<Filter, { type: 'basicAuth' }>;

const overloaded = refusalAnswer(503, 'sign_in_overloaded', 'too many sign-ins at once; try again', [
  ['retry-after', '1'],
]);
/** Longer ones are wrong without being hashed. */
const longestCredentials = 1024;

export const basicAuth: FilterKind<BasicAuthConfig> = {
  // The endpoint has no use for the password of the proxy.
  requestEdits: () => ({ set: {}, add: {}, remove: ['authorization'] }),
  start: (config) => {
    const users = hashesOf(config.users);
    const decoy = [...users.values()][0];
    const verified = new VerifiedCredentials();
    const realm = config.realm.replace(/["\\]/g, '\\$&');
    const challenge: FilterAnswer = refusalAnswer(401, 'unauthorized', 'sign in to use this route', [
      ['www-authenticate', `Basic realm="${realm}", charset="UTF-8"`],
    ]);
    return (request) => {
      const credentials = credentialsOf(request.header('authorization'));
      if (credentials === null) {
        request.explain(() => 'no credentials came, answered 401');
        return challenge;
      }
      const { name, password } = credentials;
      const whole = `${name}:${password}`;
      if (verified.has(whole)) {
        request.explain(() => `"${name}" is signed in`);
        return null;
      }
      const known = users.get(name);
      const hash = known ?? decoy;
      if (hash === undefined) {
        request.explain(() => 'the filter has no users, answered 401');
        return challenge;
      }
      const wait: FilterWait = {
        begin: (done) => {
          const finish = (isRight: boolean | null) => {
            if (isRight === true && known !== undefined) {
              verified.add(whole);
              request.explain(() => `"${name}" is signed in, the password was checked`);
              done(null);
            } else {
              request.explain(() => 'the name or the password is wrong, answered 401');
              done(challenge);
            }
          };
          const giveUp = verifyPassword(password, hash, finish);
          if (giveUp !== null) return giveUp;
          request.explain(() => 'too many passwords are being checked, answered 503');
          const later = setImmediate(() => done(overloaded));
          return () => clearImmediate(later);
        },
      };
      return wait;
    };
  },
};

/** Validation lets no bad hash through; a user with one could not sign in. */
function hashesOf(users: Readonly<Record<string, string>>): Map<string, PasswordHash> {
  const hashes = new Map<string, PasswordHash>();
  for (const [name, text] of Object.entries(users)) {
    const parsed = parsePasswordHash(text);
    if (parsed.ok) hashes.set(name, parsed.hash);
  }
  return hashes;
}

interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** null = absent, of another scheme, or not readable. */
function credentialsOf(header: string | undefined): Credentials | null {
  const match = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '');
  if (match === null || match[1]!.length > longestCredentials * 2) return null;
  const text = Buffer.from(match[1]!, 'base64').toString('utf8');
  const colonAt = text.indexOf(':');
  if (colonAt === -1 || text.length > longestCredentials) return null;
  return { name: text.slice(0, colonAt), password: text.slice(colonAt + 1) };
}
