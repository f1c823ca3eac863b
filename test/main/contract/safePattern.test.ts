import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../main/contract/safePattern';

function matches(source: string, text: string): boolean {
  const result = compilePattern(source);
  if (!result.ok) throw new Error(result.reason);
  return result.pattern.matches(text);
}

describe('compilePattern', () => {
  const sources = [
    '',
    'a',
    'a*',
    'a+?',
    '(ab|a)*b',
    '[a-c]+',
    '[^a]*',
    '\\d{2,3}',
    '(a|b){2}',
    'a{0}',
    'a{2,}',
    '(?:a|(b))c?',
    '^ab?$',
    '\\.',
    '\\w+\\s\\S',
    'a.c',
    '[\\d-]+',
    '[-a]',
    '[a-]',
    '\\x61\\u0062',
    '(?<n>a)b',
    '(a*)*',
    '(a?){3}b',
    '[]a]?b'.replace('[]a]', '[\\]a]'),
    'a||b',
    '/api/v[12]/.*',
    '(|a)+',
  ];
  const texts = [
    '',
    'a',
    'b',
    'ab',
    'aab',
    'abab',
    'abb',
    'c',
    'ac',
    '12',
    '123',
    '1234',
    'a.c',
    'abc',
    'a c',
    '-1',
    ']b',
    'a\nc',
    '/api/v1/x',
    '/api/v3/x',
    'aaa',
    'aaab',
  ];
  it.each(sources)('agrees with JavaScript on %s', (source) => {
    const reference = new RegExp(`^(?:${source})$`);
    for (const text of texts) expect([text, matches(source, text)]).toEqual([text, reference.test(text)]);
  });

  it.each([
    ['(a)\\1', 'back-reference'],
    ['(?=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['\\bword', '"\\b"'],
    ['a^b', '"^" elsewhere'],
    ['a$b', '"$" elsewhere'],
    ['(a', 'without ")"'],
    ['a)', '")" without'],
    ['[a', 'without "]"'],
    ['*a', 'nothing to repeat'],
    ['a**', 'two repetitions'],
    ['a\\', 'single "\\"'],
    ['[z-a]', 'backwards'],
    ['a{3,1}', 'from 3 down to 1'],
    ['(a{500}){500}', 'too large'],
    ['('.repeat(60) + ')'.repeat(60), 'deeper'],
  ])('refuses %s and says why', (source, reason) => {
    const result = compilePattern(source);
    expect(result).toMatchObject({ ok: false });
    if (!result.ok) expect(result.reason).toContain(reason);
  });

  it.each(['(a+)+$', '(a|a)*b', '(.*a){12}', '(.*)(.*)(.*)(.*)x'])('matches %s in bounded time', (source) => {
    const started = performance.now();
    expect(matches(source, `${'a'.repeat(16_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
