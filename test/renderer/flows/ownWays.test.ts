import { describe, expect, it } from 'vitest';
import type { BoundListener } from '../../../main/contract/api';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { toRequest } from '../../../renderer/composer/toRequest';
import {
  type BothForm,
  chosenWays,
  composedOfBoth,
  firstBothForm,
  numberProblem,
} from '../../../renderer/flows/both/bothForm';
import {
  composedFor,
  differenceOf,
  type OwnWay,
  ownWays,
  targetsOf,
} from '../../../renderer/flows/both/ownWays';

const listener = (id: string, protocol: BoundListener['protocol'], port: number): BoundListener => ({
  id,
  address: '127.0.0.1',
  port,
  protocol,
});
const document: WorkspaceDocument = {
  schemaVersion: 1,
  routes: [
    {
      id: 'cart',
      kind: 'http',
      listeners: ['web', 'secure'],
      hostnames: ['shop.test'],
      matches: [{ path: { type: 'prefix', value: '/cart' } }],
      requestBuffering: 'stream',
    },
    { id: 'any', kind: 'http', listeners: ['web'] },
    { id: 'bank', kind: 'tls', listeners: ['edge'], hostnames: ['*.bank.test'] },
    { id: 'raw', kind: 'tcp', listeners: ['raw'] },
  ],
};
const around = {
  listeners: [
    listener('web', 'http', 80),
    listener('secure', 'https', 443),
    listener('edge', 'tls', 444),
    listener('raw', 'tcp', 90),
    listener('proxy', 'forward', 91),
  ],
  document,
  certificates: [],
  caFile: null,
};
const ways = new Map(ownWays(around).map((way) => [way.id, way]));
const way = (id: string): OwnWay => ways.get(id)!;
const form = (part: Partial<BothForm>): BothForm => ({ ...firstBothForm, pair: 'own', ...part });

describe('two ways of the workspace', () => {
  it('are its running listeners with each of their routes, said in words', () => {
    expect([...ways.values()].map(({ label }) => label)).toEqual([
      'web › cart · L7 streamed',
      'web › any · L7 buffered',
      'secure › cart · L7 streamed, TLS ended',
      'edge › bank · TLS passthrough',
      'raw › raw · L4',
      'proxy · forward',
    ]);
  });

  it('get one request wherever one gets to both, else each its own', () => {
    expect(targetsOf(way('raw raw'), way('web cart'))).toEqual({ a: 'shop.test/cart', b: 'shop.test/cart' });
    expect(targetsOf(way('web any'), way('web cart')).a).toBe('shop.test/cart');
    expect(targetsOf(way('edge bank'), way('web cart'))).toEqual({
      a: 'www.bank.test/',
      b: 'shop.test/cart',
    });
  });

  it('say what is not the same', () => {
    const same = { a: 'x/', b: 'x/' };
    expect(differenceOf(way('raw raw'), way('web cart'), same)).toBeNull();
    // What a TCP listener reads it does not interpret, so it gets the other one's TLS.
    expect(differenceOf(way('raw raw'), way('secure cart'), same)).toBeNull();
    expect(differenceOf(way('web cart'), way('secure cart'), same)).toMatch(/^B speaks TLS and A does not/);
    expect(differenceOf(way('web cart'), way('web any'), { a: 'x/', b: 'y/' })).toMatch(/own host and path/);
    expect(differenceOf(way('proxy'), way('web any'), same)).toMatch(/whole URL/);
  });

  it.each([
    ['raw raw', 'web cart', null],
    ['secure cart', 'raw raw', {}],
    ['raw raw', 'secure cart', {}],
    ['edge bank', 'secure cart', {}],
  ] as const)('send the same bytes to %s as beside %s', (id, other, tls) => {
    const composed = composedOfBoth(form({ requests: '2' }), 'shop.test/cart');
    const made = toRequest(composedFor(composed, way(id), way(other)), around);
    if (made.kind === 'problem') throw new Error(made.message);
    const twin = toRequest(composedFor(composed, way(other), way(id)), around);
    if (twin.kind === 'problem') throw new Error(twin.message);
    expect(made.request.target).toEqual({ listener: way(id).listener.id });
    expect(made.request.tls === null).toBe(tls === null);
    expect(made.request.message).toEqual(twin.request.message);
    expect(made.request).toMatchObject({
      message: {
        method: 'POST',
        hostname: 'shop.test',
        path: '/cart',
        body: { kind: 'fill', bytes: 61_000 },
        pieces: { split: { by: 'size', bytes: 12_200 }, headApart: true, pauseMs: 100 },
      },
      repeat: { times: 2, reuse: true },
    });
  });

  it('begin with two different listeners, and are none while fewer than two ways run', () => {
    const chosen = chosenWays(form({}), around)!;
    expect([chosen.a.id, chosen.b.id]).toEqual(['web cart', 'secure cart']);
    expect(chosenWays(form({}), { ...around, listeners: [listener('raw', 'tcp', 90)] })).toBeNull();
    expect(chosenWays(form({}), { ...around, listeners: [] })).toBeNull();
  });

  it('name the number that is wrong, and what it may be', () => {
    expect(numberProblem(form({}))).toBeNull();
    expect(numberProblem(form({ pieces: '0' }))).toBe('Chunks: "0" is no whole number from 1 to 100.');
    expect(numberProblem(form({ pauseMs: 'a' }))).toMatch(/^Pause: "a"/);
    expect(numberProblem(form({ pieces: '100', pieceBytes: '1048576' }))).toMatch(/bytes are too many/);
    expect(numberProblem(form({ pieces: '100', pauseMs: '2000' }))).toMatch(/ms are too long/);
  });
});
