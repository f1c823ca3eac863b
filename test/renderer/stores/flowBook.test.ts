import { describe, expect, it } from 'vitest';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { FlowBook } from '../../../renderer/stores/flowBook';
import { addresses, type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';

const { client } = addresses;

function opened(flowId: number, connectionId = flowId): EventSketch {
  return { kind: 'flow.opened', flow: 'http', listener: 'web', client, revision: 1, flowId, connectionId };
}
function closed(flowId: number, connectionId = flowId): EventSketch {
  return { kind: 'flow.closed', outcome: 'completed', durationMicroseconds: 1, flowId, connectionId };
}
function chunk(flowId: number, bytes = 1): EventSketch {
  return {
    kind: 'chunk',
    leg: 'downstream',
    direction: 'request',
    operation: 'read',
    bytes,
    disposition: 'forwarded',
    flowId,
    connectionId: flowId,
  };
}
const kinds = (events: readonly FlowEvent[]) => events.map((event) => event.kind);

describe('FlowBook', () => {
  it('lists flows newest first', () => {
    const book = new FlowBook();
    book.ingest(flowEvents([opened(1), opened(2), closed(1), opened(3)]));
    expect(book.flows().map((flow) => flow.id)).toEqual([3, 2, 1]);
  });

  it('ignores events that it already has', () => {
    const book = new FlowBook();
    const events = flowEvents([opened(1), chunk(1, 10)]);
    book.ingest(events);
    book.ingest(events);
    expect(book.eventsOf(1)).toHaveLength(2);
    expect(book.flow(1)?.requestBytes).toBe(10);
  });

  it('joins the events of a connection to the flow that used it', () => {
    const book = new FlowBook();
    book.ingest(flowEvents(httpExchange()));
    const names = kinds(book.eventsOf(1));
    expect(names[0]).toBe('connection.opened');
    expect(names.at(-1)).toBe('connection.closed');
    expect(book.eventsOf(1).map((event) => event.seq)).toEqual(
      [...book.eventsOf(1).map((event) => event.seq)].sort((a, b) => a - b),
    );
  });

  it('gives the opening of a kept-alive connection to its first flow and the closing to its last', () => {
    const book = new FlowBook();
    const open = httpExchange()[0]!;
    const close = httpExchange().at(-1)!;
    book.ingest(flowEvents([open, opened(1, 1), closed(1, 1), opened(2, 1), closed(2, 1), close]));
    expect(kinds(book.eventsOf(1))).toEqual(['connection.opened', 'flow.opened', 'flow.closed']);
    expect(kinds(book.eventsOf(2))).toEqual(['flow.opened', 'flow.closed', 'connection.closed']);
  });

  it('leaves out what happens to a pooled connection after the flow, and a client that hangs up much later', () => {
    const events = flowEvents(httpExchange());
    const end = events.findIndex((event) => event.kind === 'flow.closed');
    const hangUp = events.at(-1)!;
    const upstream = (reason: string, at = hangUp.at) =>
      ({ ...hangUp, at, reason, leg: 'upstream', connectionId: 2 }) as FlowEvent;
    const muchLater = hangUp.at + 5_000_000;
    const endOf = (last: FlowEvent) => {
      const book = new FlowBook();
      book.ingest([...events.slice(0, end + 1), last]);
      return book.eventsOf(1).at(-1);
    };
    expect(endOf(hangUp)).toBe(hangUp);
    expect(endOf({ ...hangUp, at: muchLater })?.kind).toBe('flow.closed');
    expect(endOf(upstream('end'))?.kind).toBe('flow.closed');
    expect(endOf(upstream('not_reusable'))?.kind).toBe('connection.closed');
    expect(endOf(upstream('not_reusable', muchLater))?.kind).toBe('flow.closed');
  });

  it('changes the version of a flow when only its connection said something', () => {
    const book = new FlowBook();
    const events = flowEvents(httpExchange());
    book.ingest(events.slice(0, -1));
    const before = book.versionOf(1);
    book.ingest(events.slice(-1));
    expect(book.versionOf(1)).toBeGreaterThan(before);
  });

  it('lets the oldest closed flows go first and does not bring them back', () => {
    const book = new FlowBook({ flows: 3 });
    book.ingest(flowEvents([opened(1), opened(2), closed(2), opened(3), opened(4), chunk(2), opened(5)]));
    expect(book.flows().map((flow) => flow.id)).toEqual([5, 4, 3]);
    book.ingest(flowEvents([chunk(1), chunk(2)], 50));
    expect(book.flows().map((flow) => flow.id)).toEqual([5, 4, 3]);
  });

  it('keeps the flow that is looked at', () => {
    const book = new FlowBook({ flows: 2 });
    book.ingest(flowEvents([opened(1), closed(1)]));
    book.kept.add(1);
    book.ingest(flowEvents([opened(2), closed(2), opened(3), closed(3), opened(4)], 10));
    expect(book.flows().map((flow) => flow.id)).toEqual([4, 1]);
  });

  it('keeps the beginning and the end of a long flow and shows how many events went between', () => {
    const book = new FlowBook({ eventsPerFlow: 100 });
    const sketches = [opened(1), ...Array.from({ length: 999 }, () => chunk(1))];
    book.ingest(flowEvents(sketches));
    const events = book.eventsOf(1);
    expect(events.length).toBeLessThanOrEqual(101);
    expect(events[0]?.kind).toBe('flow.opened');
    expect(events.at(-1)?.seq).toBe(1000);
    const gap = events.find((event) => event.kind === 'gap');
    expect(gap?.kind === 'gap' ? gap.lost + events.length - 1 : 0).toBe(1000);
    expect(book.flow(1)?.requestBytes).toBe(999);
  });

  it('bounds the events of all flows together', () => {
    const book = new FlowBook({ events: 500, flows: 1000 });
    for (let id = 1; id <= 50; id++) {
      const sketches = [opened(id), ...Array.from({ length: 50 }, () => chunk(id)), closed(id)];
      book.ingest(flowEvents(sketches, id * 100));
    }
    const held = book.flows().reduce((sum, flow) => sum + book.eventsOf(flow.id).length, 0);
    expect(held).toBeLessThanOrEqual(500);
    expect(book.flows()[0]?.id).toBe(50);
  });

  it('counts lost events and shows the gap inside the flows that it may concern', () => {
    const book = new FlowBook();
    book.ingest(
      flowEvents(
        [
          opened(1),
          closed(1),
          opened(2),
          { kind: 'gap', flowId: 0, connectionId: 0, lost: 12, seq: 15 },
          chunk(2),
        ].map((sketch, index) => ({ ...sketch, seq: index < 3 ? index + 1 : index + 12 }) as EventSketch),
      ),
    );
    expect(book.lostEvents).toBe(12);
    expect(kinds(book.eventsOf(2))).toEqual(['flow.opened', 'gap', 'chunk']);
    expect(kinds(book.eventsOf(1))).toEqual(['flow.opened', 'flow.closed']);
  });

  it('stays empty after clear although cleared flows go on', () => {
    const book = new FlowBook();
    book.ingest(flowEvents([opened(1), opened(2)]));
    book.clear();
    book.ingest(flowEvents([chunk(1), closed(2), opened(3)], 10));
    expect(book.flows().map((flow) => flow.id)).toEqual([3]);
  });

  it('takes in a flood in time that grows with it, not faster', () => {
    const flood = (flows: number) => {
      const events: FlowEvent[] = [];
      for (let id = 1; id <= flows; id++) {
        const chunks = Array.from({ length: 18 }, () => chunk(id));
        events.push(...flowEvents([opened(id), ...chunks, closed(id)], events.length + 1));
      }
      return events;
    };
    const fastest = (events: FlowEvent[]) => {
      const samples = Array.from({ length: 7 }, () => {
        const book = new FlowBook();
        const startedAt = performance.now();
        book.ingest(events);
        book.flows();
        return performance.now() - startedAt;
      });
      return Math.min(...samples);
    };
    fastest(flood(250));
    const small = fastest(flood(250));
    const large = fastest(flood(1000));
    console.log(`20,000 events were taken in within ${large.toFixed(1)} ms`);
    expect(large / small).toBeLessThan(12);
  });
});
