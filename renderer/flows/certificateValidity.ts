// Whether a certificate was valid when it was shown. Pure.
import type { PeerCertificate } from '../../main/contract/flowEvent';
import { counted } from '../stores/flowFormat';

const dayMs = 86_400_000;

/** `at` in milliseconds since 1970. */
export function validityAt(
  { validFrom, validTo }: Pick<PeerCertificate, 'validFrom' | 'validTo'>,
  at: number,
): { readonly isValid: boolean; readonly words: string } {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  if (Number.isNaN(from) || Number.isNaN(to)) return { isValid: false, words: 'dates that cannot be read' };
  if (at < from) return { isValid: false, words: `not valid for another ${days(from - at)}` };
  if (at > to) return { isValid: false, words: `expired ${days(at - to)} before` };
  return { isValid: true, words: `${days(to - at)} left then` };
}

function days(ms: number): string {
  return ms < dayMs ? 'less than a day' : counted(Math.floor(ms / dayMs), 'day');
}
