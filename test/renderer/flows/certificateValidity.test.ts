import { describe, expect, it } from 'vitest';
import { validityAt } from '../../../renderer/flows/certificateValidity';

const certificate = { validFrom: 'Nov 24 00:00:00 2026 GMT', validTo: 'Nov 26 00:00:00 2026 GMT' };
const at = (text: string) => validityAt(certificate, Date.parse(text));

describe('validityAt', () => {
  it('counts from the moment at which the certificate was shown', () => {
    expect(at('2026-11-24T12:00:00Z')).toEqual({ isValid: true, words: '1 day left then' });
    expect(at('2026-11-25T12:00:00Z')).toEqual({ isValid: true, words: 'less than a day left then' });
    expect(at('2026-12-01T00:00:00Z')).toEqual({ isValid: false, words: 'expired 5 days before' });
    expect(at('2026-11-20T00:00:00Z')).toEqual({ isValid: false, words: 'not valid for another 4 days' });
  });

  it('says so where there are no dates', () => {
    expect(validityAt({ validFrom: 'x', validTo: '' }, 0).words).toBe('dates that cannot be read');
  });
});
