import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { explainWorkspace } from '../../../main/engine/explainWorkspace';
import { wayOfRequest } from '../../../renderer/editor/wayOfRequest';
import { formatHeaderLines, parseHeaderLines } from '../../../renderer/stores/headerLines';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'other', port: 8081, protocol: 'http' },
  ],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web'],
      hostnames: ['shop.test'],
      matches: [{ path: { type: 'prefix', value: '/basket' } }],
      backends: [{ pool: 'shop', weight: 9 }, { pool: 'canary' }, { pool: 'off', weight: 0 }],
    },
    { id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'shop' }] },
    {
      id: 'post',
      kind: 'http',
      listeners: ['web'],
      matches: [{ method: 'POST' }, { method: 'PUT' }],
      filters: [{ type: 'respond', status: 204 }],
    },
    { id: 'far', kind: 'http', listeners: ['other'], backends: [{ pool: 'shop' }] },
  ],
  pools: [
    {
      id: 'shop',
      endpoints: [
        { address: '127.0.0.1', port: 3000 },
        { address: '127.0.0.1', port: 3001, weight: 0 },
      ],
    },
    { id: 'canary', endpoints: [{ address: '127.0.0.1', port: 4000 }] },
    { id: 'off', endpoints: [{ address: '127.0.0.1', port: 5000 }] },
  ],
};

function ask(url: string, method = 'GET') {
  const workspace = parseWorkspace(document).workspace!;
  const { winner, trace } = explainWorkspace(workspace, 'web', { method, url, headers: [] })!;
  return wayOfRequest(document, winner, trace);
}

describe('wayOfRequest', () => {
  it('lights every node and line that the request may take, and nothing of weight 0', () => {
    expect([...ask('shop.test/basket').lit]).toEqual([
      'client',
      'client>listener:web',
      'listener:web',
      'listener:web>route:shop',
      'route:shop',
      'route:shop>pool:shop',
      'pool:shop',
      'pool:shop>endpoint:shop:0',
      'endpoint:shop:0',
      'route:shop>pool:canary',
      'pool:canary',
      'pool:canary>endpoint:canary:0',
      'endpoint:canary:0',
    ]);
  });

  it('says of every route why it does not take the request', () => {
    expect(ask('shop.test/').verdicts).toEqual([
      { route: 'shop', outcome: 'missed', text: 'misses path prefix /basket, was /' },
      { route: 'all', outcome: 'won', text: 'wins: takes everything' },
      { route: 'post', outcome: 'missed', text: expect.stringMatching(/^misses method (POST|PUT), was GET/) },
      { route: 'far', outcome: 'elsewhere', text: 'not on listener web' },
    ]);
    expect(ask('shop.test/basket').verdicts[1]).toMatchObject({ outcome: 'outranked' });
  });

  it('ends at a route that answers by itself', () => {
    expect([...ask('a.test/', 'POST').lit].at(-1)).toBe('route:post');
  });
});

describe('parseHeaderLines', () => {
  it('reads what people type and writes it back', () => {
    const read = parseHeaderLines('X-Canary: 1\n\n accept:text/html \nempty:');
    const fields = [
      ['X-Canary', '1'],
      ['accept', 'text/html'],
      ['empty', ''],
    ];
    expect(read).toEqual({ kind: 'fields', fields });
    expect(formatHeaderLines(fields as [string, string][])).toBe('X-Canary: 1\naccept: text/html\nempty: ');
  });

  it.each(['no colon', ': nameless', 'two words: x'])('refuses %j in words', (line) => {
    expect(parseHeaderLines(line)).toMatchObject({ kind: 'invalid', message: expect.stringContaining(line) });
  });
});
