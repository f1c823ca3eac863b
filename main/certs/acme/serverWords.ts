// What an ACME server says went wrong (RFC 8555 6.7), with what to do about it.

/** acme-client hands on the whole object where the reason is inside a challenge. */
export function serverWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const problem = problemIn(message);
  if (problem === null) return message.split('\n')[0]!.slice(0, 500);
  const kind = problem.type.replace('urn:ietf:params:acme:error:', '');
  const detail = problem.detail.split('\n')[0]!.slice(0, 500);
  const advice = Object.hasOwn(adviceFor, kind) ? adviceFor[kind] : undefined;
  return advice === undefined ? detail : `${detail} (${advice})`;
}

interface Problem {
  readonly type: string;
  readonly detail: string;
}

const adviceFor: Readonly<Record<string, string>> = {
  connection:
    'the server connects to port 80 of the name for http-01, to port 443 for tls-alpn-01: they must lead to this machine',
  dns: 'the name must lead to this machine in public DNS; a new record takes a while to be seen',
  unauthorized: 'something else answers there, or the record is not the one that was shown',
  rateLimited: 'too many orders: wait, and try out with the staging directory',
  caa: 'a CAA record of the name allows other CAs only',
  rejectedIdentifier: 'this CA does not issue for that name',
  tls: 'what answers on port 443 does not speak acme-tls/1',
};

function problemIn(message: string): Problem | null {
  if (!message.startsWith('{')) return null;
  try {
    return find(JSON.parse(message), 0);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The first object with a type and a detail. */
function find(value: unknown, depth: number): Problem | null {
  if (typeof value !== 'object' || value === null || depth > 5) return null;
  const { type, detail } = value as Record<string, unknown>;
  if (typeof detail === 'string') return { type: typeof type === 'string' ? type : '', detail };
  for (const inner of Object.values(value)) {
    const found = find(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
