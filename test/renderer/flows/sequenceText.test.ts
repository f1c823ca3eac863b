import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { type DiagramLevel, sharedDiagramSteps } from '../../../renderer/flows/diagramSteps';
import {
  type DiagramWindow,
  maxDrawnSteps,
  rowOf,
  sequenceText,
  textOfSteps,
  wrapWords,
} from '../../../renderer/flows/sequenceText';
import { addresses, type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';
import { hostileTexts } from '../../helpers/hostileTexts';

function draw(
  sketches: readonly EventSketch[],
  level: DiagramLevel,
  window: DiagramWindow = 'newest',
  size?: number,
) {
  const events = flowEvents(sketches);
  const flow = events
    .filter((event) => event.flowId === 1)
    .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
  const drawn = sequenceText(flow, events, size === undefined ? { level, window } : { level, window, size });
  return { ...drawn, lines: drawn.text.trimEnd().split('\n').map(readable), events, flow };
}

function readable(line: string): string {
  return line.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

/** The arrows and notes, without the lines of the participants. */
function told(lines: readonly string[]): string[] {
  return lines.filter((line) => /^ {2}(Note over p|p\d)/.test(line)).map((line) => line.trim());
}

const { client } = addresses;
const relayChunk = (direction: 'request' | 'response', bytes: number): EventSketch[] => {
  const first = { direction, bytes, disposition: 'forwarded' } as const;
  const isRequest = direction === 'request';
  return [
    { kind: 'chunk', ...first, leg: isRequest ? 'downstream' : 'upstream', operation: 'read' },
    { kind: 'chunk', ...first, leg: isRequest ? 'upstream' : 'downstream', operation: 'write' },
  ];
};

describe('sequenceText', () => {
  it('draws the messages of an exchange', () => {
    const { lines } = draw(httpExchange([1000, 500]), 'messages');
    expect(lines.slice(0, 10)).toEqual([
      'sequenceDiagram',
      '  box transparent Client',
      '    participant p0 as 127.0.0.1:50000',
      '  end',
      '  box transparent Hopscope',
      '    participant p1 as listener web',
      '  end',
      '  box transparent Pool pictures',
      '    participant p2 as 127.0.0.1:9001',
      '  end',
    ]);
    expect(told(lines)).toEqual([
      'p0->>p1: opens TCP connection 1 · −100 µs',
      'p0->>p1: GET /pictures/1 · 80 B · +200 µs',
      'Note over p1: route pictures because path prefix /pictures<br/>endpoint 127.0.0.1:9001: round robin: turn 1 of 1',
      'p1->>p2: opens TCP connection 2 in 400 µs · +700 µs',
      'p1->>p2: GET /pictures/1 · 120 B · +900 µs',
      'p2-->>p1: 200 OK · 60 B · +1.2 ms',
      'p1-->>p0: 200 OK · 60 B · +1.3 ms',
      'p2-->>p1: body 1.46 KB, 2 chunks in 200 µs · +1.4 ms',
      'p1-->>p0: body 1.46 KB, 2 chunks in 200 µs,<br/>the first with the head<br/>+1.5 ms',
      'p0-->>p1: closes connection 1: end · +2.1 ms',
    ]);
  });

  it('puts the endpoints of one pool into one box, also where a flow came back to it', () => {
    const tries = [
      ['one', '10.0.0.1:80', 11],
      ['two', '10.0.0.2:80', 12],
      ['one', '10.0.0.3:80', 13],
    ] as const;
    const { lines } = draw(
      [
        ...httpExchange().slice(0, 5),
        ...tries.map(
          ([pool, endpoint, connectionId]): EventSketch => ({
            kind: 'upstream.failed',
            connectionId,
            pool,
            endpoint,
            code: 'upstream_reset',
            message: 'reset',
          }),
        ),
        { kind: 'upgrade.accepted', protocol: 'websocket' },
      ],
      'messages',
    );
    expect(lines.slice(7, 14)).toEqual([
      '  box transparent Pool one',
      '    participant p2 as 10.0.0.1:80',
      '    participant p4 as 10.0.0.3:80',
      '  end',
      '  box transparent Pool two',
      '    participant p3 as 10.0.0.2:80',
      '  end',
    ]);
    expect(told(lines)).toContain('Note over p0,p3: upgraded to websocket');
  });

  it('draws the streams of one connection among each other, each with its number', () => {
    const head = (flowId: number, stream: number, leg: 'downstream' | 'upstream'): EventSketch => ({
      kind: 'request.head',
      flowId,
      leg,
      method: 'GET',
      target: `/${stream}`,
      version: 'HTTP/2',
      headers: [],
      bytes: 10,
      ...(leg === 'downstream' ? { stream } : { connectionId: 10 + flowId }),
    });
    const answer = (flowId: number, stream: number): EventSketch => ({
      kind: 'response.head',
      flowId,
      leg: 'downstream',
      status: 200,
      reason: '',
      version: 'HTTP/2',
      headers: [],
      bytes: 9,
      generated: false,
      stream,
    });
    const events = flowEvents([
      { kind: 'flow.opened', flow: 'http', listener: 'web', client, revision: 1 },
      head(1, 1, 'downstream'),
      { kind: 'flow.opened', flowId: 2, flow: 'http', listener: 'web', client, revision: 1 },
      head(2, 3, 'downstream'),
      { kind: 'timeout', flowId: 1, timeout: 'backend', afterMs: 5 },
      head(2, 3, 'upstream'),
      answer(2, 3),
      answer(1, 1),
    ]);
    const flows = [1, 2].map((id) =>
      events
        .filter(({ flowId }) => flowId === id)
        .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined),
    );
    const drawn = sharedDiagramSteps([flows[0]!, flows[1]!], events, { level: 'messages' });
    const { text, rows } = textOfSteps(drawn, { from: 0, to: drawn.steps.length });
    expect(told(text.split('\n').map(readable))).toEqual([
      'p0->>p1: GET /1, stream 1 · 10 B · +100 µs',
      'p0->>p1: GET /3, stream 3 · 10 B · +300 µs',
      'Note over p1: stream 1: The backend timeout of 5 ms is reached.',
      'p1->>p2: GET /3, for stream 3 · 10 B · +500 µs',
      'p1-->>p0: 200, stream 3 · 9 B · +600 µs',
      'p1-->>p0: 200, stream 1 · 9 B · +700 µs',
    ]);
    // Every event stands behind exactly one line.
    expect(rows.flat().sort((a, b) => a - b)).toEqual(events.map(({ seq }) => seq));
  });

  it('draws every chunk with size, leg and what became of it', () => {
    const { lines } = draw(httpExchange([1000]), 'chunks');
    const chunks = told(lines).filter((line) => line.includes('chunk '));
    expect(chunks).toEqual([
      'p0->>p1: chunk 80 B, request head · +100 µs',
      'p1->>p2: chunk 120 B, sent on · +1 ms',
      'p2-->>p1: chunk 1000 B, forwarded · +1.4 ms',
      'p1-->>p0: chunk 1000 B, sent on · +1.5 ms',
    ]);
  });

  it('tells only the decisions where they are the subject, each with its own note', () => {
    const { lines } = draw(httpExchange([1000]), 'decisions');
    const notes = told(lines).filter((line) => line.startsWith('Note'));
    expect(notes).toHaveLength(3);
    expect(told(lines).some((line) => line.includes('chunk'))).toBe(false);
  });

  it('folds long runs of chunks', () => {
    const { lines } = draw(httpExchange(Array.from({ length: 50 }, () => 1024)), 'chunks');
    const chunks = told(lines).filter((line) => line.includes('chunk'));
    expect(chunks).toContain('p2-->>p1: 48 chunks, 48 KB in 9.4 ms, forwarded<br/>+1.8 ms');
    expect(chunks.length).toBeLessThan(12);
  });

  it.each(['messages', 'chunks'] as const)('tells what was read before it was written: %s', (level) => {
    const chunks = (count: number) => Array.from({ length: count }, () => relayChunk('request', 10)).flat();
    const [early, ...others] = chunks(20);
    const connected: EventSketch[] = [
      { kind: 'upstream.connecting', pool: 'p', endpoint: '127.0.0.1:9001' },
      { kind: 'upstream.connected', pool: 'p', endpoint: '127.0.0.1:9001', durationMicroseconds: 400 },
    ];
    const relay: EventSketch[] = [
      { kind: 'flow.opened', flow: 'tcp', listener: 'web', client, revision: 1 },
      { ...early!, disposition: 'held' } as EventSketch,
      ...connected,
      ...others,
    ];
    const lines = told(draw(relay, level).lines);
    const amount = (line: string) => Number(/^p\d->>p\d: (\d+) chunks/.exec(line)?.[1] ?? 1);
    let [read, written] = [0, 0];
    for (const line of lines.filter((each) => each.includes('chunk'))) {
      if (line.startsWith('p0->>p1')) read += amount(line);
      else written += amount(line);
      expect(written).toBeLessThanOrEqual(read);
    }
    expect([read, written]).toEqual([20, 20]);
  });

  it("tells a body that began in its head's chunk right behind the head, before anything of it is written", () => {
    const head = { status: 200, reason: 'OK', version: 'HTTP/1.1', headers: [], bytes: 60, generated: false };
    const read = { kind: 'chunk', leg: 'upstream', direction: 'response', operation: 'read' } as const;
    const write = { kind: 'chunk', leg: 'downstream', direction: 'response', operation: 'write' } as const;
    const answer: EventSketch[] = [
      { ...read, bytes: 100, disposition: 'consumed' },
      { kind: 'response.head', leg: 'upstream', ...head },
      { kind: 'response.head', leg: 'downstream', ...head },
      { ...write, bytes: 100, disposition: 'forwarded' },
      { ...read, bytes: 30, disposition: 'forwarded' },
      { ...write, bytes: 30, disposition: 'forwarded' },
      { kind: 'response.end', leg: 'upstream', bodyBytes: 70 },
      { kind: 'response.end', leg: 'downstream', bodyBytes: 70 },
    ];
    const exchange = httpExchange([]).filter(({ kind }) => !kind.startsWith('response.'));
    const { lines, events, rows } = draw(
      [...exchange.slice(0, -2), ...answer, ...exchange.slice(-2)],
      'messages',
    );
    const [from, to] = [lines.findIndex((line) => line.includes('200 OK')), lines.length - 1];
    expect(
      lines.slice(from, to).map((line) =>
        line
          .trim()
          .replaceAll('<br/>', ' ')
          .replace(/ [·+].*/, ''),
      ),
    ).toEqual([
      'p2-->>p1: 200 OK',
      "p2-->>p1: body 70 B, the head's chunk and 1 more in 400 µs",
      'p1-->>p0: 200 OK',
      'p1-->>p0: body 70 B, 2 chunks in 200 µs, the first with the head',
    ]);
    expect([...rows.flat()].sort((a, b) => a - b)).toEqual(events.map(({ seq }) => seq));
  });

  it('never says packet', () => {
    for (const level of ['chunks', 'messages', 'decisions'] as const) {
      expect(draw(httpExchange([1, 2]), level).text).not.toMatch(/packet/i);
    }
  });

  it('shows what is held, and for how long', () => {
    const held: EventSketch[] = [
      ...httpExchange().slice(0, 4),
      {
        kind: 'chunk',
        leg: 'downstream',
        direction: 'request',
        operation: 'read',
        bytes: 512,
        disposition: 'held',
      },
      { kind: 'buffer.held', bytes: 512, chunks: 1, spilledToFile: false },
      {
        kind: 'chunk',
        leg: 'downstream',
        direction: 'request',
        operation: 'read',
        bytes: 512,
        disposition: 'held',
      },
      { kind: 'buffer.held', bytes: 1024, chunks: 2, spilledToFile: false },
    ];
    expect(told(draw(held, 'messages').lines).at(-1)).toBe('Note over p1: holds 2 chunks, 1 KB so far');
    const released = draw(
      [
        ...held,
        { kind: 'request.end', leg: 'downstream', bodyBytes: 1024 },
        { kind: 'buffer.released', bytes: 1024, chunks: 2, heldMicroseconds: 12_000, spilledToFile: false },
      ],
      'messages',
    );
    expect(told(released.lines).slice(-2)).toEqual([
      'p0->>p1: body 1 KB, 2 chunks in 200 µs, held<br/>+300 µs',
      'Note over p1: held 2 chunks, 1 KB, 12 ms',
    ]);
  });

  it('says that the chunks of TLS passthrough cannot be read', () => {
    const { lines } = draw(
      [
        { kind: 'flow.opened', flow: 'tls', listener: 'edge', client, revision: 1 },
        {
          kind: 'tls.clientHello',
          serverName: 'bank.example.test',
          alpn: ['h2', 'http/1.1'],
          versions: [],
          groups: [],
          encryptedClientHello: false,
          bytes: 517,
        },
        { kind: 'upstream.connected', pool: 'bank', endpoint: '127.0.0.1:9443', durationMicroseconds: 100 },
        ...relayChunk('request', 517),
        ...relayChunk('response', 4000),
        ...relayChunk('response', 4000),
      ],
      'messages',
    );
    expect(told(lines)).toEqual([
      'Note over p0,p1: ClientHello in clear: SNI bank.example.test<br/>ALPN h2 http/1.1',
      'p1->>p2: opens TCP connection 2 in 100 µs · +200 µs',
      'p0->>p1: chunk 517 B, forwarded, the ClientHello<br/>+300 µs',
      'p1->>p2: chunk 517 B, sent on, the ClientHello<br/>+400 µs',
      'p2-->>p1: 2 sealed chunks, 7.81 KB in 200 µs, forwarded<br/>+500 µs',
      'p1-->>p0: 2 sealed chunks, 7.81 KB in 200 µs, sent on<br/>+600 µs',
    ]);
  });

  it('draws reuse, failure, retry on another endpoint and who closed', () => {
    const { lines } = draw(
      [
        ...httpExchange().slice(1, 6),
        { kind: 'upstream.connecting', connectionId: 7, pool: 'p', endpoint: 'a:1' },
        {
          kind: 'upstream.failed',
          connectionId: 7,
          pool: 'p',
          endpoint: 'a:1',
          code: 'upstream_connect_failed',
          message: 'refused',
        },
        { kind: 'retry.scheduled', attempt: 2, reason: 'connect failed', delayMs: 25 },
        {
          kind: 'upstream.reused',
          connectionId: 8,
          pool: 'p',
          endpoint: 'b:1',
          earlierExchanges: 2,
          idleMicroseconds: 5,
        },
        {
          kind: 'connection.closed',
          leg: 'upstream',
          connectionId: 8,
          closedBy: 'endpoint',
          reason: 'reset',
          bytesRead: 0,
          bytesWritten: 0,
        },
        { kind: 'flow.failed', code: 'upstream_reset', message: 'b:1 reset', status: 502 },
      ],
      'messages',
    );
    expect(told(lines).slice(-6)).toEqual([
      'p1->>p2: opens TCP connection · +500 µs',
      'p2-xp1: upstream connect failed · +600 µs',
      'Note over p1: Attempt 2 follows in 25 ms: connect failed.',
      'p1->>p3: reuses connection 8 (2 exchanges before)<br/>+800 µs',
      'p3-xp1: closes connection 8: reset · +900 µs',
      'Note over p1: Upstream reset, answered 502<br/>b:1 reset',
    ]);
  });

  it('gives every event to exactly one row', () => {
    for (const level of ['chunks', 'messages', 'decisions'] as const) {
      const { rows, events } = draw(httpExchange([1000, 500, 20]), level);
      const drawn = rows.flat().sort((a, b) => a - b);
      expect(drawn).toEqual(events.map((event) => event.seq));
    }
  });

  it('draws as many rows as it names', () => {
    const { rows, lines } = draw(httpExchange([1000]), 'messages');
    expect(told(lines)).toHaveLength(rows.length);
  });

  it('draws a window of a long flow and says what is folded on both sides', () => {
    const talk = Array.from({ length: 200 }, () => [
      ...relayChunk('request', 10),
      ...relayChunk('response', 10),
    ]).flat();
    const sketches: EventSketch[] = [
      { kind: 'flow.opened', flow: 'tcp', listener: 'pg', client, revision: 1 },
      { kind: 'upstream.connected', pool: 'pg', endpoint: 'db:5432', durationMicroseconds: 1 },
      ...talk,
    ];
    const newest = draw(sketches, 'messages');
    expect(newest.rows).toHaveLength(maxDrawnSteps + 1);
    expect(told(newest.lines)[0]).toBe(
      `Note over p0,p2: ${newest.stepCount - maxDrawnSteps} earlier steps folded`,
    );
    const middle = draw(sketches, 'messages', { around: 400 });
    expect(middle.rows).toHaveLength(maxDrawnSteps + 2);
    expect(rowOf(middle.rows, 400)).toBeGreaterThan(0);
    expect(rowOf(middle.rows, 400)).toBeLessThan(maxDrawnSteps + 1);
    expect(told(middle.lines).at(-1)).toMatch(/later steps folded$/);
  });

  it('keeps its text while stepping inside one window', () => {
    const talk = Array.from({ length: 100 }, () => [
      ...relayChunk('request', 10),
      ...relayChunk('response', 10),
    ]).flat();
    const texts = new Set<string>();
    for (let seq = 100; seq < 140; seq++) texts.add(draw(talk, 'messages', { around: seq }).text);
    expect(texts.size).toBeLessThanOrEqual(3);
  });

  it('shows lost events over everyone', () => {
    const { lines } = draw(
      [...httpExchange().slice(1, 5), { kind: 'gap', flowId: 0, connectionId: 0, lost: 12 }],
      'messages',
    );
    expect(told(lines).at(-1)).toBe('Note over p0,p1: 12 events lost here');
  });

  it('draws a flow of which nothing is known yet', () => {
    const { text, rows } = draw(
      [{ kind: 'flow.opened', flow: 'tcp', listener: 'x', client, revision: 1 }],
      'messages',
    );
    expect(text).toContain('nothing happened yet');
    expect(rows).toEqual([[]]);
  });

  it('lets no hostile text change the shape of the diagram', () => {
    const shape = (text: string) => text.replace(/(participant p\d as|box transparent|: ).*/g, '$1');
    const sketchesFor = (text: string): EventSketch[] =>
      httpExchange().map((sketch) => {
        if (sketch.kind === 'request.head') return { ...sketch, target: text, method: text };
        if (sketch.kind === 'response.head') return { ...sketch, reason: text };
        if (sketch.kind === 'flow.opened') return { ...sketch, listener: text };
        return sketch;
      });
    const expected = shape(draw(sketchesFor('/'), 'messages').text);
    for (const text of hostileTexts) expect(shape(draw(sketchesFor(text), 'messages').text)).toBe(expected);
  });
});

describe('wrapWords', () => {
  it('breaks at spaces and cuts words that are longer than a line', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapWords('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrapWords('', 4)).toEqual(['']);
  });
});
