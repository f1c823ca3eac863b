// Broken and hostile answers of endpoints: a proxy that passes them on lets an endpoint speak for its neighbours.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawResponse, rawResponses } from '../corpus/rawResponses';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';

let harness: EngineHarness;
let origin: TestServer;
const corpus = rawResponses();

/** Answers `/N` with the N-th response of the corpus and closes; `/whole` properly. */
beforeAll(async () => {
  origin = await TestServer.start((socket) => {
    socket.on('data', (bytes) => {
      const index = /^GET \/(\d+) /.exec(bytes.toString('latin1'))?.[1];
      if (index === undefined) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole');
      else socket.end(Buffer.from(corpus[Number(index)]!.bytes, 'latin1'));
    });
  });
  harness = new EngineHarness();
  await harness.run({
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] }],
    pools: [{ id: 'p', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
  });
});

afterAll(async () => {
  await harness.close();
  await origin.close();
});

/** The answer, and whether the connection then serves the next request as if nothing had been. */
async function ask(index: number) {
  const client = await TestClient.connect(harness.port('web'));
  client.socket.write(`GET /${index} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
  client.socket.write('GET /whole HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
  await client.until(() => client.hasEnded || client.isClosed);
  client.socket.destroy();
  return client.text;
}

function isRight({ verdict }: RawResponse, text: string): boolean {
  if (text.includes('poison')) return false;
  // The answer to the request behind it, whole and once.
  const isNextServed = text.endsWith('\r\n\r\nwhole') && text.split('whole').length === 2;
  switch (verdict) {
    case 'bad':
      return (
        /(^|\r\n\r\n)HTTP\/1\.1 502 /.test(text) && text.includes('upstream_bad_response') && isNextServed
      );
    case 'cut':
      // What came of it cannot be taken for the whole, and nothing follows.
      return !text.includes('\r\n0\r\n') && !text.includes('whole');
    case 'pass':
      return (
        /HTTP\/1\.1 [25]\d\d/.test(text) && text.includes('ok') && !text.includes(' 502 ') && isNextServed
      );
  }
}

describe('the corpus of raw responses', () => {
  it('becomes a 502, a visible cut, or the same answer, and never the answer to somebody else', async () => {
    const wrong: string[] = [];
    for (const [index, response] of corpus.entries()) {
      const answered = await ask(index);
      if (!isRight(response, answered))
        wrong.push(`${response.verdict} ${response.name}: ${answered.slice(0, 200)}`);
    }
    const of = (verdict: RawResponse['verdict']) => corpus.filter((each) => each.verdict === verdict).length;
    console.log(
      `${of('bad')} bad, ${of('cut')} cut, ${of('pass')} good responses; ${wrong.length} handled wrongly`,
    );
    expect(wrong).toEqual([]);
  });
});
