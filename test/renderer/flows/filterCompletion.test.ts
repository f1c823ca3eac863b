import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { completionsAt } from '../../../renderer/flows/filterCompletion';
import { flowEvents, httpExchange } from '../../helpers/flowEvents';

const flow = flowEvents(httpExchange())
  .filter((event) => event.flowId === 1)
  .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;

const offered = (text: string) => completionsAt(text, text.length, [flow]).map((choice) => choice.text);

describe('completionsAt', () => {
  it('offers fields for the word at the cursor and keeps the rest', () => {
    expect(offered('GET ro')).toEqual(['GET route:']);
    expect(offered('-ho')).toEqual(['-host:']);
  });

  it('offers the values that the listed flows have', () => {
    expect(offered('route:')).toEqual(['route:pictures ']);
    expect(offered('route:x')).toEqual([]);
  });

  it('offers states, and nothing inside quotes', () => {
    expect(offered('is:re')).toEqual(['is:reused ', 'is:retried ']);
    expect(offered('"is:re')).toEqual([]);
  });
});
