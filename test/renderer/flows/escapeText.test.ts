import { describe, expect, it } from 'vitest';
import { escapeText, maxTextLength, shorten } from '../../../renderer/flows/escapeText';
import { hostileTexts } from '../../helpers/hostileTexts';

describe('escapeText', () => {
  it.each([
    ['GET /a.b', 'GET /a.b'],
    ['a:b', 'a#58;b'],
    ['#;', '#35;#59;'],
    ['é', '#233;'],
    ['👍', '#128077;'],
    ['a\nb', 'a#9254;b'],
    ['\ud800', '#9254;'],
    ['\u202e', '#9254;'],
    ['', '#9254;'],
    ['  ', '#9254;'],
    ['_-', '#95;#45;'],
  ])('writes %j as %j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  it('keeps nothing of hostile text that Mermaid could read', () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(60);
    for (const text of hostileTexts) {
      const escaped = escapeText(text);
      expect(escaped).toMatch(/^([A-Za-z0-9 ./]|#\d+;)+$/);
    }
  });

  it('ends a text that is too long with an ellipsis', () => {
    const escaped = escapeText('x'.repeat(500));
    expect(escaped).toBe(`${'x'.repeat(maxTextLength)}#8230;`);
  });
});

describe('shorten', () => {
  it('counts characters, not code units', () => {
    expect(shorten('👍👍👍', 3)).toBe('👍👍👍');
    expect(shorten('👍👍👍👍', 3)).toBe('👍👍…');
  });
});
