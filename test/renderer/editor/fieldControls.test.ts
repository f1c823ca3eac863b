// Every field of the schema must have a control in the forms: the forms are drawn with a document that has everything, and
// what they show is compared with the schema.
import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FilterDocument, WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import { EditorContext, type EditorTools } from '../../../renderer/editor/EditorContext';
import { bufferingHelp, type FieldName, fieldHelp, fieldText } from '../../../renderer/editor/fieldHelp';
import { CaptureFields } from '../../../renderer/editor/inspector/CaptureFields';
import { EndpointForm } from '../../../renderer/editor/inspector/EndpointForm';
import { FormContext } from '../../../renderer/editor/inspector/FormContext';
import { ListenerForm } from '../../../renderer/editor/inspector/ListenerForm';
import { PoolForm } from '../../../renderer/editor/inspector/PoolForm';
import { RouteForm } from '../../../renderer/editor/inspector/RouteForm';
import { tlsModeTexts } from '../../../renderer/editor/tlsMode';
import { noTraffic } from '../../../renderer/editor/trafficMarks';
import { schemaFields } from '../../helpers/schemaFields';

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
/** Radio buttons have a line of help for each choice instead; rows have one for all. */
const helpElsewhere: Readonly<Record<string, FieldName>> = {
  'route.backends.pool': 'route.backends',
  'route.backends.weight': 'route.backends',
};
const helpOfChoices: Readonly<Record<string, readonly string[]>> = {
  'route.requestBuffering': Object.values(bufferingHelp),
  'route.mode': Object.values(tlsModeTexts).map(({ help }) => help),
};

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
      matches: [
        {
          path: { type: 'exact', value: '/' },
          headers: [{ name: 'a' }],
          query: [{ name: 'b' }],
          cookies: [{ name: 'c' }],
        },
      ],
      filters,
      retry: {},
      backends: [{ pool: 'p' }, { pool: 'q' }],
    },
    { id: 'sealed', kind: 'tls', listeners: ['l'], backends: [{ pool: 'p' }] },
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

/** Where a field stands in `full`: "filter.cache.maxBytes" → routes, 0, filters, 8, maxBytes. */
function placeOf(field: string): (string | number)[] {
  const [root, ...rest] = field.split('.');
  if (root === 'listener') return ['listeners', rest[0] === 'forward' ? 1 : 0, ...rest];
  if (root === 'endpoint') return ['pools', 0, 'endpoints', 0, ...rest];
  if (root === 'pool') return ['pools', 0, ...rest];
  if (root === 'filter') {
    const index = filters.findIndex(({ type }) => type === rest[0]);
    return ['routes', 0, 'filters', index, ...rest.slice(1)];
  }
  if (root !== 'route') return [root!, ...rest];
  const place = rest[0] === 'matches' || rest[0] === 'backends' ? [rest[0], 0, ...rest.slice(1)] : rest;
  return ['routes', field === 'route.mode' ? 1 : 0, ...place];
}

const wrong = (field: string) => `wrong: ${field}.`;

/** The html of all forms of `full`, with a problem at one field. */
function drawForms(field?: string): string {
  const issues: ConfigIssue[] =
    field === undefined
      ? []
      : [{ severity: 'error', code: 'invalid_value', path: placeOf(field), message: wrong(field) }];
  const state = { draft: { document: full }, issues, running: null };
  const tools = {
    caches: createStore(() => ({ caches: [] })),
    config: createStore(() => state),
    certificates: createStore(() => ({ info: null })),
    ui: createStore(() => ({ selected: null })),
    traffic: createStore(() => ({ marks: noTraffic, shares: new Map() })),
  } as unknown as EditorTools;
  // Menus ask where they are put; they are closed here.
  vi.stubGlobal('document', { getElementById: () => null });
  const draw = (path: (string | number)[], form: ReactElement) =>
    renderToStaticMarkup(
      createElement(
        EditorContext,
        { value: tools },
        createElement(FormContext, { value: { path, issues } }, form),
      ),
    );
  const html = [
    draw(['listeners', 0], createElement(ListenerForm, { id: 'l' })),
    draw(['listeners', 1], createElement(ListenerForm, { id: 'out' })),
    draw(['routes', 0], createElement(RouteForm, { id: 'r' })),
    draw(['routes', 1], createElement(RouteForm, { id: 'sealed' })),
    draw(['pools', 0], createElement(PoolForm, { id: 'p' })),
    draw(['pools', 0, 'endpoints', 0], createElement(EndpointForm, { pool: 'p', index: 0 })),
    draw([], createElement(CaptureFields)),
  ].join();
  vi.unstubAllGlobals();
  return html;
}

describe('the forms', () => {
  const nameOf = (field: string) =>
    boxes[field] ?? compound.find((name) => field.startsWith(`${name}.`)) ?? field;
  const asked = schemaFields();
  const html = drawForms();
  const shown = new Set([...html.matchAll(/data-field="([^"]+)"/g)].map((match) => match[1]!));
  const text = html
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');

  it('have a control for every field of the schema', () => {
    expect(asked.filter((field) => !shown.has(nameOf(field)))).toEqual([]);
  });
  it('have words for every field of the schema', () => {
    expect(asked.filter((field) => !(nameOf(field) in fieldHelp))).toEqual([]);
  });
  it('show a line of help at every field of the schema', () => {
    const helps = (field: string) => {
      const name = nameOf(field);
      return helpOfChoices[name] ?? [fieldText(helpElsewhere[name] ?? (name as FieldName)).help];
    };
    expect(asked.filter((field) => !helps(field).every((help) => text.includes(help)))).toEqual([]);
  });
  it('help in one line', () => {
    const long = Object.entries(fieldHelp).filter(([, { help }]) => help.length > 140 || /\n/.test(help));
    expect(long.map(([name, { help }]) => `${name} ${help.length}`)).toEqual([]);
  });
  it('show the problem of every field of the schema', () => {
    expect(asked.filter((field) => !drawForms(field).includes(wrong(field)))).toEqual([]);
  });
  it('walk a schema that is there', () => {
    expect(asked.length).toBeGreaterThan(80);
    expect(asked).toContain('pool.healthCheck.intervalMs');
    expect(asked).toContain('filter.fault.delay.ms');
  });
});
