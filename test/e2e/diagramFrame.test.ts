// The sandboxed diagram frame in a real Chromium: what hostile text does there, and how the page talks to it.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../main/contract/flow';
import { frameContentSecurityPolicy } from '../../main/transport/securityHeaders';
import type { FromFrame, ToFrame } from '../../renderer/flows/diagramFrame/frameMessages';
import { escapeText } from '../../renderer/flows/escapeText';
import { sequenceText } from '../../renderer/flows/sequenceText';
import { browserPath, openBrowser } from '../helpers/browser';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';
import { flowEvents, httpExchange } from '../helpers/flowEvents';
import { hostileTexts } from '../helpers/hostileTexts';

const frameFolder = resolve(import.meta.dirname, '../../dist/renderer/diagram');
const channel = 'channel-of-this-test';
const groupSize = 12;

// The page's side of the conversation, as small as it can be.
const pageDocument = `<!doctype html><title>page</title>
<iframe sandbox="allow-scripts" src="/frame/index.html#${channel}" style="width:900px;height:600px"></iframe>
<script>
  const frame = document.querySelector('iframe');
  window.received = [];
  window.waiting = [];
  addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || event.data.channel !== '${channel}') return;
    received.push(event.data.message);
    for (const look of waiting) look();
  });
  window.tell = (message, channel = '${channel}') => frame.contentWindow.postMessage({ channel, message }, '*');
  window.hear = (type, id) => new Promise((resolve) => {
    const look = () => {
      const found = received.find((m) => m.type === type && (id === undefined || m.id === id));
      if (found) resolve(found);
    };
    waiting.push(look);
    look();
  });
</script>`;

interface PageWindow {
  tell(message: ToFrame, channel?: string): void;
  hear(type: string, id?: number): Promise<FromFrame>;
  received: FromFrame[];
}

describe.skipIf(browserPath === null)('the diagram frame', () => {
  let server: Server;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let frame: Frame;
  let nextId = 1;
  const problems: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '/';
      if (!path.startsWith('/frame/')) {
        response.setHeader('content-type', 'text/html').end(pageDocument);
        return;
      }
      const name = path.slice('/frame/'.length);
      response.setHeader('content-security-policy', frameContentSecurityPolicy());
      response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html');
      readFile(join(frameFolder, name)).then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    browser = await openBrowser({ width: 1000, height: 700 });
    page = await browser.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(() => (window as unknown as PageWindow).hear('ready'));
    frame = page.frames()[1]!;
  });

  afterAll(async () => {
    await browser?.close();
    await new Promise((done) => server.close(done));
  });

  async function draw(text: string, rowCount: number): Promise<FromFrame> {
    const id = nextId++;
    const message: ToFrame = { type: 'draw', id, text, rowCount, subject: 'test', isFollowing: false };
    return page.evaluate(
      async (draw) => {
        const { tell, hear } = window as unknown as PageWindow;
        tell(draw);
        return Promise.race([hear('drawn', draw.id), hear('failed', draw.id)]);
      },
      message as Extract<ToFrame, { type: 'draw' }>,
    );
  }

  const textsOf = (selector: string) =>
    frame.evaluate(
      (css) => [...document.querySelectorAll(css)].map((element) => element.textContent ?? ''),
      selector,
    );

  /** As the drawing should show it: what cannot be printed as ␦, cut at the cap. */
  function shownAs(text: string): string {
    return escapeText(text)
      .replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .trim()
      .replace(/ +/g, ' ');
  }

  it('draws an exchange and ties each drawn line to its row', async () => {
    const events = flowEvents(httpExchange([1000, 500]));
    const flow = events
      .filter((event) => event.flowId === 1)
      .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
    for (const level of ['chunks', 'messages', 'decisions'] as const) {
      const { text, rows } = sequenceText(flow, events, { level, window: 'newest' });
      expect(await draw(text, rows.length)).toMatchObject({ type: 'drawn', rowCount: rows.length });
    }
    expect(await frame.locator('.row-marker').count()).toBe(1);
  });

  it('shows hostile text as text: no script runs, no message is forged', async () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(60);
    // Several to a drawing, each in every place where text may stand; a drawing costs more than a line.
    for (let at = 0; at < hostileTexts.length; at += groupSize) {
      const group = hostileTexts.slice(at, at + groupSize);
      const text = [
        'sequenceDiagram',
        `  box transparent ${escapeText(group[0]!, 48)}`,
        ...group.map((hostile, index) => `    participant p${index} as ${escapeText(hostile, 48)}`),
        '  end',
        '  participant q as Hopscope',
        ...group.flatMap((hostile, index) => [
          `  p${index}->>q: ${escapeText(hostile)}`,
          `  Note over q: ${escapeText(hostile)}<br/>${escapeText(hostile)}`,
        ]),
        '',
      ].join('\n');
      expect(await draw(text, 2 * group.length)).toMatchObject({ type: 'drawn', rowCount: 2 * group.length });
      const shown = (await textsOf('.messageText')).map((line) => line.trim().replace(/\s+/g, ' '));
      expect(shown).toEqual(group.map(shownAs));
      expect(await textsOf('.noteText')).toHaveLength(2 * group.length);
      expect(await textsOf('rect.actor-top')).toHaveLength(2 * (group.length + 1));
      expect(
        await textsOf(
          'script:not([src]), foreignObject, image, img, a, iframe, style:not(svg style, head style)',
        ),
      ).toEqual([]);
    }
    const hacked = await Promise.all([page, frame].map((where) => where.evaluate(() => 'hacked' in window)));
    expect(hacked).toEqual([false, false]);
    expect(problems).toEqual([]);
  });

  it('draws what hostile peers put on the wire, through a real engine', async () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(100);
    const harness = new EngineHarness();
    let reason = '';
    const origin = await TestServer.start((socket) => {
      socket.once('data', () => {
        socket.end(`HTTP/1.1 200 ${reason}\r\nX-Text: ${reason}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
      });
    });
    try {
      await harness.run({
        schemaVersion: 1,
        listeners: [{ id: 'web', port: 0, protocol: 'http' }],
        routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
        pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
      });
      let drawn = 0;
      for (const [index, hostile] of hostileTexts.entries()) {
        // As bytes on the wire: the engine answers some with 400 and its own words, which is drawn as well.
        const bytes = Buffer.from(hostile.slice(0, 2000)).toString('latin1');
        reason = bytes.replace(/[\r\n\0]/g, '');
        const client = await TestClient.connect(harness.port('web'));
        client.socket.end(
          `GET /${bytes} HTTP/1.1\r\nHost: x.test\r\nX-Text: ${bytes}\r\nConnection: close\r\n\r\n`,
          'latin1',
        );
        await harness.waitFor('flow.closed', ({ flowId }) => flowId === index + 1);
        client.socket.destroy();
        const events = harness.events.filter(({ flowId }) => flowId === index + 1);
        const flow = events.reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
        const level = (['messages', 'decisions', 'chunks'] as const)[index % 3]!;
        const { text, rows } = sequenceText(flow, events, { level, window: 'newest' });
        expect(await draw(text, rows.length), JSON.stringify(hostile)).toMatchObject({
          type: 'drawn',
          rowCount: rows.length,
        });
        drawn++;
        expect(
          await textsOf(
            'script:not([src]), foreignObject, image, img, a, iframe, style:not(svg style, head style)',
          ),
        ).toEqual([]);
      }
      expect(drawn).toBe(hostileTexts.length);
      expect(await frame.evaluate(() => 'hacked' in window)).toBe(false);
      expect(problems).toEqual([]);
    } finally {
      await harness.close();
      await origin.close();
    }
  });

  it('makes room for the characters that are drawn, not for their escapes', async () => {
    const widthOf = async (label: string) => {
      await draw(`sequenceDiagram\n  participant p0\n  participant p1\n  p0->>p1: ${escapeText(label)}\n`, 1);
      return frame.evaluate(
        () => document.querySelector<SVGSVGElement>('svg:not(.sticky-header)')!.viewBox.baseVal.width,
      );
    };
    const plain = await widthOf('i'.repeat(100));
    const escaped = await widthOf(':'.repeat(100));
    expect(escaped).toBeLessThan(plain * 1.5);
  });

  it('reports text that is no diagram and goes on drawing', async () => {
    const answer = await draw('sequenceDiagram\n  p0->>\n', 1);
    expect(answer.type).toBe('failed');
    expect(await draw('sequenceDiagram\n  p0->>p1: fine\n', 1)).toMatchObject({ type: 'drawn', rowCount: 1 });
    expect(await textsOf('#measure *')).toEqual([]);
  });

  it('marks a row without drawing again', async () => {
    await draw('sequenceDiagram\n  p0->>p1: one\n  Note over p1: two\n  p1-->>p0: three\n', 3);
    await frame.evaluate(() =>
      document.querySelector<SVGSVGElement>('svg:not(.sticky-header)')!.setAttribute('data-kept', ''),
    );
    const markedTexts = async (row: number | null) => {
      await page.evaluate(
        (chosen) => (window as unknown as PageWindow).tell({ type: 'mark', row: chosen }),
        row,
      );
      await frame.waitForFunction(
        (chosen) =>
          document.querySelectorAll('.row-current').length > 0 === (chosen !== null) &&
          [...document.querySelectorAll('.row-current')].every(
            (part) => part.getAttribute('data-row') === String(chosen),
          ),
        row,
      );
      return (await textsOf('.row-current')).join('');
    };
    expect(await markedTexts(1)).toBe('two');
    expect(await markedTexts(2)).toBe('three');
    expect(await markedTexts(null)).toBe('');
    expect(await frame.locator('svg[data-kept]').count()).toBe(1);
  });

  it('tells which row was clicked', async () => {
    await draw('sequenceDiagram\n  p0->>p1: one\n  p1-->>p0: two\n', 2);
    await frame.locator('.messageText').nth(1).click();
    expect(await page.evaluate(() => (window as unknown as PageWindow).hear('row'))).toEqual({
      type: 'row',
      row: 1,
    });
  });

  it('fits the width, and shows any other size when asked', async () => {
    const labels = 'a long label that needs room '.repeat(3);
    await draw(`sequenceDiagram\n  p0->>p1: ${labels}\n  p1->>p2: ${labels}\n  p2->>p3: ${labels}\n`, 3);
    const width = () =>
      frame.evaluate(
        () => document.querySelector<SVGSVGElement>('svg:not(.sticky-header)')!.getBoundingClientRect().width,
      );
    const tell = (zoom: 'fit' | number) =>
      page.evaluate((wanted) => (window as unknown as PageWindow).tell({ type: 'zoom', zoom: wanted }), zoom);
    expect(await width()).toBeLessThanOrEqual(900);
    await tell(1);
    await frame.waitForFunction(
      () =>
        document.querySelector<SVGSVGElement>('svg:not(.sticky-header)')!.getBoundingClientRect().width >
        1000,
    );
    await tell('fit');
    await frame.waitForFunction(
      () =>
        document.querySelector<SVGSVGElement>('svg:not(.sticky-header)')!.getBoundingClientRect().width <=
        900,
    );
  });

  it('listens to its own channel only', async () => {
    await page.evaluate(() => {
      const { tell } = window as unknown as PageWindow;
      const forged = {
        subject: 'test',
        type: 'draw',
        text: 'sequenceDiagram\n  p0->>p1: forged\n',
        rowCount: 1,
        isFollowing: false,
      } as const;
      tell({ ...forged, id: 9001 }, 'another channel');
      tell({ ...forged, id: 9002 }, '');
    });
    await draw('sequenceDiagram\n  p0->>p1: mine\n', 1);
    expect(await textsOf('.messageText')).toEqual(['mine']);
    const ids = await page.evaluate(() =>
      (window as unknown as PageWindow).received.flatMap((message) => ('id' in message ? [message.id] : [])),
    );
    expect(ids).not.toContain(9001);
    expect(ids).not.toContain(9002);
  });

  it('has no origin, no storage and no network', async () => {
    const found = await frame.evaluate(async () => {
      const tried = async (action: () => unknown) => {
        try {
          await action();
          return 'allowed';
        } catch {
          return 'refused';
        }
      };
      return [
        self.origin,
        await tried(() => localStorage.length),
        await tried(() => fetch(location.href)),
        await tried(() => parent.document.title),
      ];
    });
    expect(found).toEqual(['null', 'refused', 'refused', 'refused']);
  });
});
