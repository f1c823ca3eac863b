import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../../main/contract/configEdit';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { routeFromFlow } from '../../../renderer/flows/routeFromFlow';
import { flowEvents, httpExchange } from '../../helpers/flowEvents';
import { hostileTexts } from '../../helpers/hostileTexts';

const flow = flowEvents(httpExchange().slice(1))
  .filter((event) => event.flowId === 1)
  .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
const document = {
  schemaVersion: 1 as const,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' as const }],
  routes: [],
  pools: [{ id: 'pictures', endpoints: [{ address: '127.0.0.1', port: 9001 }] }],
};

describe('routeFromFlow', () => {
  it('asks for the host and the path of the flow, and goes where it went', () => {
    const made = routeFromFlow(document, { ...flow, target: '/pictures/1?size=2' })!;
    expect(made.edits).toEqual([
      {
        type: 'addRoute',
        route: {
          id: 'img-pictures',
          kind: 'http',
          listeners: ['web'],
          hostnames: ['img.example.test'],
          matches: [{ path: { type: 'exact', value: '/pictures/1' } }],
          backends: [{ pool: 'pictures' }],
        },
      },
    ]);
  });

  it('makes a document without errors of whatever a peer wrote', () => {
    for (const text of hostileTexts) {
      const made = routeFromFlow(document, { ...flow, hostname: text, target: `/${text}` })!;
      const after = made.edits.reduce(applyEdit, document);
      const errors = parseWorkspace(after).issues.filter((issue) => issue.severity === 'error');
      expect(errors, JSON.stringify(text)).toEqual([]);
    }
  });

  it('makes none where the listener is gone or the beginning was lost', () => {
    expect(routeFromFlow({ ...document, listeners: [] }, flow)).toBeNull();
    expect(routeFromFlow(document, { ...flow, isPartial: true })).toBeNull();
  });
});
