import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { compareFigures } from '../../../renderer/flows/compare/compareFigures';
import { compareMarkdown } from '../../../renderer/flows/compare/compareMarkdown';
import { sequenceText } from '../../../renderer/flows/sequenceText';
import { type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';
import { hostileTexts } from '../../helpers/hostileTexts';

function shown(sketches: readonly EventSketch[]) {
  const events = flowEvents(sketches);
  const own = events.filter((event) => event.flowId !== 0);
  return { flow: own.reduce<Flow | undefined>((flow, event) => foldFlow(flow, event), undefined)!, events };
}

/** The text wherever a peer can put it. */
const exchangeWith = (text: string): EventSketch[] =>
  httpExchange().map((sketch) => {
    if (sketch.kind === 'request.head' && sketch.leg === 'upstream')
      return { ...sketch, target: text, headers: [[text, text]] as const };
    if (sketch.kind === 'request.head') return { ...sketch, method: text, target: text };
    if (sketch.kind === 'response.head') return { ...sketch, reason: text, headers: [[text, text]] as const };
    return sketch;
  });
const sealedWith = (text: string): EventSketch[] => [
  {
    kind: 'flow.opened',
    flow: 'tls',
    listener: text,
    client: { address: '127.0.0.1', port: 5 },
    revision: 1,
  },
  {
    kind: 'tls.clientHello',
    serverName: text,
    alpn: [text],
    versions: [],
    groups: [],
    encryptedClientHello: false,
    bytes: 200,
  },
];

function markdownWith(text: string): string {
  const sides = [shown(exchangeWith(text)), shown(sealedWith(text))] as const;
  const [a, b] = sides.map(({ flow, events }) => ({
    title: text,
    text: sequenceText(flow, events, { level: 'messages', window: 'newest' }).text,
  }));
  return compareMarkdown([a!, b!], compareFigures(sides[0], sides[1]));
}

describe('a comparison as Markdown', () => {
  it('holds the figures as a table and both diagrams', () => {
    const text = markdownWith('plain');
    expect(text).toContain(
      '| Could read | plaintext: head and body | inferred: sealed: only the ClientHello,',
    );
    expect(text.match(/^```mermaid\nsequenceDiagram$/gm)).toHaveLength(2);
    expect(text).toContain('**B** plain');
  });

  it(`keeps its shape with every hostile text: ${hostileTexts.length} of them`, () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(100);
    const shape = (text: string) =>
      text
        .split('\n')
        .map((line) =>
          line.startsWith('|')
            ? line.split('|').length
            : line.replace(/(\*\*[AB]\*\*|participant p\d as|box transparent|: ).*/g, '$1'),
        )
        .join('\n');
    const expected = shape(markdownWith('plain'));
    for (const hostile of hostileTexts) {
      const text = markdownWith(hostile);
      expect(shape(text)).toBe(expected);
      // Outside the arrows of Mermaid nothing that Markdown or HTML knows is left.
      const texts = text.split('\n').filter((line) => /^(\||\*\*[AB])/.test(line));
      for (const line of texts.map((each) => each.replace(/^\*\*[AB]\*\*/, '')))
        expect(line).not.toMatch(/[<>`$\\*_[\]{}!]|&(?!#\d+;)/);
      expect(text.replaceAll('<br/>', '')).not.toMatch(/<|%%|javascript:/);
    }
  });
});
