// Endpoints given by name: every address that the name has becomes an endpoint, and is looked up again after
// `dns.refreshMs`, or sooner where the DNS says that its answer holds less long. A look-up that fails keeps what the last good one said. Until the first one is done, the name itself is
// dialled.
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { CompiledConfig } from '../compiledConfig';

/** All addresses of a host name, as this machine knows it (hosts file included). Rejects when it has none. */
export type LookUp = (name: string) => Promise<readonly string[]>;

export async function lookUpAll(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
}

/** For how many milliseconds the DNS says that the addresses hold; null = they are not from there (hosts file), or it is silent. */
export type TimeToLive = (name: string, addresses: readonly string[]) => Promise<number | null>;

/** The system's own look-up does not tell how long it holds, so the DNS is asked once more. Never rejects. */
export async function timeToLiveOf(
  name: string,
  addresses: readonly string[],
  resolver = new Resolver({ timeout: 2000, tries: 1 }),
): Promise<number | null> {
  const nothing = () => [];
  const found = await Promise.all([
    resolver.resolve4(name, { ttl: true }).catch(nothing),
    resolver.resolve6(name, { ttl: true }).catch(nothing),
  ]);
  const seconds = found.flat().flatMap(({ address, ttl }) => (addresses.includes(address) ? [ttl] : []));
  return seconds.length === 0 ? null : Math.min(...seconds) * 1000;
}

export interface NameChange {
  readonly hostname: string;
  /** What counts from now on; empty = nothing was ever found. */
  readonly addresses: readonly string[];
  /** Why the last look-up failed; null = it did not. */
  readonly failure: string | null;
}

/** More addresses of one name are left out. */
const maxAddresses = 64;
/** However short the DNS says that its answer holds. */
const soonestMs = 1000;

interface Entry {
  refreshMs: number;
  addresses: readonly string[];
  failure: string | null;
  /** null = nothing says for how long they hold. */
  ttlMs: number | null;
  timer: NodeJS.Timeout | null;
}

/** Both addresses of "localhost" are this machine, and one server rarely listens on both: connecting tries them. */
export function isLookedUp(address: string): boolean {
  return isIP(address) === 0 && !/^(.+\.)?localhost\.?$/i.test(address);
}

export class NameResolver {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly lookUp: LookUp,
    private readonly timeToLive: TimeToLive,
    /** After a change of what is known of a name. */
    private readonly onChange: (change: NameChange) => void,
  ) {}

  /** null = not known yet: use the name. */
  addressesOf(name: string): readonly string[] | null {
    const entry = this.#entries.get(name);
    return entry === undefined || entry.addresses.length === 0 ? null : entry.addresses;
  }

  /** Looks after the names of this configuration and no others. */
  retain(config: CompiledConfig): void {
    const wanted = new Map<string, number>();
    for (const { config: pool } of config.pools.values()) {
      for (const { address } of pool.endpoints) {
        if (!isLookedUp(address)) continue;
        wanted.set(address, Math.min(pool.dns.refreshMs, wanted.get(address) ?? Number.POSITIVE_INFINITY));
      }
    }
    for (const [name, { timer }] of this.#entries) {
      if (wanted.has(name)) continue;
      if (timer !== null) clearTimeout(timer);
      this.#entries.delete(name);
    }
    for (const [name, refreshMs] of wanted) this.#keep(name, refreshMs);
  }

  #keep(name: string, refreshMs: number): void {
    const known = this.#entries.get(name);
    if (known === undefined) {
      const entry: Entry = { refreshMs, addresses: [], failure: null, ttlMs: null, timer: null };
      this.#entries.set(name, entry);
      this.#refresh(name, entry);
    } else if (known.refreshMs !== refreshMs) {
      known.refreshMs = refreshMs;
      if (known.timer !== null) this.#wait(name, known);
    }
  }

  #refresh(name: string, entry: Entry): void {
    entry.timer = null;
    this.lookUp(name)
      .then(
        (addresses) => {
          this.#note(name, entry, addresses, null);
          return this.timeToLive(name, addresses);
        },
        (error: unknown) => {
          this.#note(name, entry, entry.addresses, whyOf(error));
          return null;
        },
      )
      .then((ttlMs) => {
        entry.ttlMs = ttlMs;
      })
      .finally(() => {
        if (this.#entries.get(name) === entry) this.#wait(name, entry);
      });
  }

  #wait(name: string, entry: Entry): void {
    if (entry.timer !== null) clearTimeout(entry.timer);
    const holdsMs = Math.max(entry.ttlMs ?? Number.POSITIVE_INFINITY, soonestMs);
    entry.timer = setTimeout(() => this.#refresh(name, entry), Math.min(entry.refreshMs, holdsMs));
  }

  #note(name: string, entry: Entry, found: readonly string[], failure: string | null): void {
    if (this.#entries.get(name) !== entry) return;
    const addresses = [...new Set(found)].sort().slice(0, maxAddresses);
    const isSame = addresses.join() === entry.addresses.join() && failure === entry.failure;
    entry.addresses = addresses;
    entry.failure = failure;
    if (!isSame) this.onChange({ hostname: name, addresses, failure });
  }
}

function whyOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOTFOUND') return 'nobody knows this name';
  if (code === 'EAI_AGAIN') return 'the name cannot be looked up now';
  return error instanceof Error ? error.message : String(error);
}
