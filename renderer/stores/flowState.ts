// What the UI knows of the live flows, and what can be done with it. `createFlowStore` makes the store.
import type { StoreApi } from 'zustand/vanilla';
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';
import type { FilterError } from './flowFilter';

/** The flow in the detail, with its events in order. A new object whenever something came. */
export interface ShownFlow {
  readonly flow: Flow;
  readonly events: readonly FlowEvent[];
}

export interface FlowState {
  /** false = a capture from a file: nothing comes any more. */
  readonly isLive: boolean;
  readonly status: 'idle' | 'loading' | 'live' | 'failed';
  /** Why there is nothing live, in words; null while all is well. */
  readonly error: string | null;
  /** Newest first. */
  readonly flows: readonly Flow[];
  /** Those of `flows` that pass the filter. */
  readonly visible: readonly Flow[];
  readonly filter: string;
  /** What is wrong with the filter; the rows are then those of the last one that could be read. */
  readonly filterError: FilterError | null;
  /** Of so many flows the engine shows one, because it could not show all without slowing them down. 1 = all. */
  readonly sampling: number;
  /** Flows that the engine left out of its log because it told a sample, since the list was cleared. */
  readonly unrecordedFlows: number;
  /** Kept at the top of the list and in memory. */
  readonly pinned: readonly Flow[];
  readonly marks: ReadonlyMap<number, MarkColor>;
  /** Events that the engine or the line to it had to drop. */
  readonly lostEvents: number;
  /** Paused = events are still taken in, but what is shown stays. */
  readonly isPaused: boolean;
  /** The detail shows the newest visible flow. */
  readonly isFollowing: boolean;
  readonly shown: ShownFlow | null;
  /** A flow that was asked for from elsewhere: its row is brought into view. A new object each time. */
  readonly revealed: { readonly flowId: number } | null;
  /** The flows to compare, A first; at most two. */
  readonly compared: readonly ShownFlow[];

  /** Subscribes; safe to call again. Stays subscribed, so that nothing is missed while another screen is open. */
  start(): void;
  stop(): void;
  /** Asks for a new snapshot, e.g. after the line was lost. */
  resync(): Promise<void>;
  setPaused(isPaused: boolean): void;
  setFilter(filter: string): void;
  setFollowing(isFollowing: boolean): void;
  /** Shows this flow and stops following. */
  choose(flowId: number): void;
  /** Shows the newest flow of this client's port on this listener, as soon as it is there; its row too, unless the filter is kept. */
  chooseRequest(request: SentRequest, options?: { readonly keepsFilter?: boolean }): void;
  /** What the client asked for in this flow; null = not known (any more). */
  requestOf(flowId: number): FlowEventOf<'request.head'> | null;
  /** A flow with its events and those that set its connections up, in order; null = it is not remembered (any more). */
  recordOf(flowId: number): ShownFlow | null;
  /** Moves the choice through the visible rows: +1 = one down (older). */
  chooseBy(rows: number): void;
  /** Forgets all but what is pinned. */
  clear(): void;
  togglePin(flowId: number): void;
  /** Takes a flow into the comparison, in place of B when there are two, or out of it. */
  toggleCompared(flowId: number): void;
  endComparison(): void;
  /** null takes the mark away. */
  mark(flowId: number, color: MarkColor | null): void;
  /** What used these TCP connections, as far as it is remembered. */
  connectionUses(connectionId: number): ConnectionUses;
}

export const markColors = ['red', 'amber', 'green', 'blue', 'violet'] as const;
export type MarkColor = (typeof markColors)[number];

export interface ConnectionUses {
  /** Oldest first. */
  readonly flows: readonly Flow[];
  /** Flows that used it earlier and are no longer remembered. */
  readonly forgotten: number;
  /** Events of the connection itself. */
  readonly events: readonly FlowEvent[];
}

/** A request that was sent from here, by what its flow will be known by. */
export interface SentRequest {
  readonly listener: string;
  readonly clientPort: number;
}

export type FlowStore = StoreApi<FlowState>;
