// All bound ports. A change is prepared (new ports bound, nothing else touched), then committed at once or undone.
import type { BoundListener } from '../../contract/api';
import type { Listener } from '../../contract/config';
import type { ConfigIssue } from '../../contract/configIssue';
import type { EngineContext } from '../engineContext';
import { formatAddress } from '../socketAddress';
import { errorCode } from '../upstream/connectError';
import { BoundPort } from './boundPort';
import { findPortHolder } from './portHolder';

export interface ListenerChange {
  readonly ok: true;
  /** Gives the ports to their listeners, in one go. Returns the ports that no listener uses any more, not accepting. */
  commit(): BoundPort[];
}

export type ListenerOutcome =
  | ListenerChange
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

interface Assignment {
  readonly listener: Listener;
  readonly port: BoundPort;
}

export class ListenerSet {
  #ports: BoundPort[] = [];

  constructor(private readonly context: EngineContext) {}

  /** Binds what is new. On failure everything is as it was. */
  async prepare(listeners: readonly Listener[]): Promise<ListenerOutcome> {
    const unused = new Set(this.#ports);
    const kept = new Map<Listener, BoundPort>();
    for (const listener of listeners) {
      const port = this.#portFor(listener, unused);
      if (port !== undefined) {
        kept.set(listener, port);
        unused.delete(port);
      }
    }
    const added = listeners.filter((listener) => !kept.has(listener));
    const released = releaseConflicting(added, unused);
    const bound: Assignment[] = [];
    const issues: ConfigIssue[] = [];
    for (const listener of added) {
      try {
        bound.push({ listener, port: await BoundPort.bind(this.context, listener) });
      } catch (error) {
        issues.push(await bindIssue(listener, listeners.indexOf(listener), error));
      }
    }
    if (issues.length > 0) {
      for (const { port } of bound) port.stopAccepting();
      for (const port of released) await port.listen();
      return { ok: false, issues };
    }
    const assignments = [...kept].map(([listener, port]) => ({ listener, port })).concat(bound);
    return { ok: true, commit: () => this.#commit(assignments, [...unused]) };
  }

  /** In document order, as a reply to whoever asks where to connect. */
  describe(listeners: Iterable<Listener>): BoundListener[] {
    const described: BoundListener[] = [];
    for (const { id, address, protocol } of listeners) {
      const port = this.#ports.find((each) => each.listenerId === id);
      if (port !== undefined) described.push({ id, address, port: port.port, protocol });
    }
    return described;
  }

  /** Stops accepting on all ports and gives them away. */
  closeAll(): BoundPort[] {
    const ports = this.#ports;
    this.#ports = [];
    for (const port of ports) port.stopAccepting();
    return ports;
  }

  /** A port keeps its socket when its address stays; "any port" keeps it while the listener's id stays. */
  #portFor(listener: Listener, unused: ReadonlySet<BoundPort>): BoundPort | undefined {
    const candidates = [...unused].filter((port) => port.address === listener.address);
    if (listener.port === 0) {
      return candidates.find((port) => port.configuredPort === 0 && port.listenerId === listener.id);
    }
    return candidates.find((port) => port.port === listener.port);
  }

  #commit(assignments: readonly Assignment[], removed: BoundPort[]): BoundPort[] {
    for (const { listener, port } of assignments) {
      port.listenerId = listener.id;
      port.configuredPort = listener.port;
    }
    this.#ports = assignments.map(({ port }) => port);
    for (const port of removed) port.stopAccepting();
    return removed;
  }
}

/**
 * Ports of ours that are going away and would keep a new listener from binding (127.0.0.1:80 → 0.0.0.0:80). They stop
 * accepting before the swap; the kernel refuses clients for the moment between.
 */
function releaseConflicting(added: readonly Listener[], unused: ReadonlySet<BoundPort>): BoundPort[] {
  const numbers = new Set(added.map((listener) => listener.port));
  const released = [...unused].filter((port) => numbers.has(port.port));
  for (const port of released) port.stopAccepting();
  return released;
}

async function bindIssue(listener: Listener, index: number, error: unknown): Promise<ConfigIssue> {
  const { address, port } = listener;
  const place = formatAddress(address, port);
  const at = (field: 'port' | 'address') => ['listeners', index, field];
  switch (errorCode(error)) {
    case 'EADDRINUSE': {
      const holder = await findPortHolder(port);
      const by = holder === null ? 'by another program' : `by ${holder}`;
      return issue(
        'port_in_use',
        at('port'),
        `port ${port} on ${address} is in use ${by}: stop it or choose another port`,
      );
    }
    case 'EACCES': {
      const advice =
        'choose one from 1024 up, or allow it with: sudo sysctl net.ipv4.ip_unprivileged_port_start=0';
      return issue('privileged_port', at('port'), `port ${port} needs administrator rights: ${advice}`);
    }
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN': {
      const advice = '127.0.0.1 is always there, 0.0.0.0 means all addresses';
      return issue('address_unavailable', at('address'), `this machine has no address ${address}: ${advice}`);
    }
    default: {
      const why = error instanceof Error ? error.message : String(error);
      return issue('apply_failed', at('port'), `cannot listen on ${place}: ${why}`);
    }
  }
}

function issue(code: ConfigIssue['code'], path: ConfigIssue['path'], message: string): ConfigIssue {
  return { code, severity: 'error', path, message };
}
