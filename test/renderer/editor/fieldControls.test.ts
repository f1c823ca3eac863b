// Every field of the schema must have a control in the forms: the forms are drawn with a document that has everything, and
// what they show is compared with the schema.
import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FilterDocument, WorkspaceDocument } from '../../../main/contract/config';
import { EditorContext, type EditorTools } from '../../../renderer/editor/EditorContext';
import { fieldHelp } from '../../../renderer/editor/fieldHelp';
import { CaptureFields } from '../../../renderer/editor/inspector/CaptureFields';
import { EndpointForm } from '../../../renderer/editor/inspector/EndpointForm';
import { ListenerForm } from '../../../renderer/editor/inspector/ListenerForm';
import { PoolForm } from '../../../renderer/editor/inspector/PoolForm';
import { RouteForm } from '../../../renderer/editor/inspector/RouteForm';
import { noTraffic } from '../../../renderer/editor/trafficMarks';
import { schemaFields } from '../../helpers/schemaFields';

/** What the engine does not act on yet: the control comes with it. */
const pending: Readonly<Record<string, string>> = {
  'listener.tls.alpn': 'HTTP/2',
  'pool.protocol': 'HTTP/2',
};
/** Controls of several fields at once. */
const compound = [
  'route.matches.path',
  'route.matches.headers',
  'route.matches.query',
  'route.matches.cookies',
  'filter.rewrite.path',
  'filter.redirect.path',
];
/** A list with a box for each value: named by the first. */
const boxes: Readonly<Record<string, string>> = { 'filter.compress.encodings': 'filter.compress.zstd' };

const filters: FilterDocument[] = [
  { type: 'requestHeaders' },
  { type: 'responseHeaders' },
  { type: 'rewrite' },
  { type: 'redirect' },
  { type: 'respond' },
  { type: 'mirror', pool: 'p' },
  { type: 'fault', delay: { ms: 1 }, abort: {} },
  { type: 'rateLimit', requests: 1 },
  { type: 'cache' },
  { type: 'compress' },
  { type: 'basicAuth', users: {} },
  { type: 'access' },
];
const full: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'l', port: 1, protocol: 'https', tls: { clientCertificates: { mode: 'require' } } },
    { id: 'out', port: 2, protocol: 'forward' },
  ],
  routes: [
    {
      id: 'r',
      kind: 'http',
      listeners: ['l'],
      matches: [{ path: { type: 'exact', value: '/' } }],
      filters,
      retry: {},
      backends: [{ pool: 'p' }, { pool: 'q' }],
    },
  ],
  pools: [
    {
      id: 'p',
      endpoints: [{ address: 'server.test', port: 1 }],
      loadBalancing: { policy: 'hash', hash: { on: 'path' } },
      stickiness: {},
      tls: {},
      healthCheck: {},
      outlierDetection: {},
    },
    { id: 'q', endpoints: [] },
  ],
};

function shownFields(): ReadonlySet<string> {
  const state = { draft: { document: full }, issues: [], running: null };
  const tools = {
    caches: createStore(() => ({ caches: [] })),
    config: createStore(() => state),
    certificates: createStore(() => ({ info: null })),
    ui: createStore(() => ({ selected: null })),
    traffic: createStore(() => ({ marks: noTraffic, shares: new Map() })),
  } as unknown as EditorTools;
  // Menus ask where they are put; they are closed here.
  vi.stubGlobal('document', { getElementById: () => null });
  const draw = (form: ReactElement) =>
    renderToStaticMarkup(createElement(EditorContext, { value: tools }, form));
  const html = [
    draw(createElement(ListenerForm, { id: 'l' })),
    draw(createElement(ListenerForm, { id: 'out' })),
    draw(createElement(RouteForm, { id: 'r' })),
    draw(createElement(PoolForm, { id: 'p' })),
    draw(createElement(EndpointForm, { pool: 'p', index: 0 })),
    draw(createElement(CaptureFields)),
  ].join();
  vi.unstubAllGlobals();
  return new Set([...html.matchAll(/data-field="([^"]+)"/g)].map((match) => match[1]!));
}

describe('the forms', () => {
  const shown = shownFields();
  const nameOf = (field: string) =>
    boxes[field] ?? compound.find((name) => field.startsWith(`${name}.`)) ?? field;
  const asked = schemaFields().filter((field) => !(field in pending));

  it('have a control for every field of the schema', () => {
    expect(asked.filter((field) => !shown.has(nameOf(field)))).toEqual([]);
  });
  it('have words for every field of the schema', () => {
    expect(asked.filter((field) => !(nameOf(field) in fieldHelp))).toEqual([]);
  });
  it('walk a schema that is there', () => {
    expect(asked.length).toBeGreaterThan(80);
    expect(asked).toContain('pool.healthCheck.intervalMs');
    expect(asked).toContain('filter.fault.delay.ms');
  });
});
