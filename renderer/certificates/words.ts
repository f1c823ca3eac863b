import { assertNever } from '../../main/contract/assertNever';
import type { CertificateOrigin, RenewalState } from '../../main/contract/certificate';

/** Where a certificate came from. */
export function originWords(origin: CertificateOrigin): string {
  switch (origin.type) {
    case 'local':
      return 'issued here';
    case 'imported':
      return 'imported';
    case 'request':
      return 'answer to a request of yours';
    case 'signed':
      return "somebody's request, signed here";
    case 'acme':
      return `public CA, proved by ${origin.challenge}`;
    default:
      return assertNever(origin, 'certificate origin');
  }
}

/** "2030-04-01T…" → "1 Apr 2030", in the person's own order of words. */
export function dayOf(iso: string): string {
  return new Date(iso).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** "1 Apr 2030, 14:05". */
export function momentOf(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** One line on when and how it renews itself. */
export function renewalWords(renewal: RenewalState): string {
  if (!renewal.isAutomatic) return 'It does not renew itself.';
  if (renewal.nextAttemptAt === null) return `It renews itself ${renewal.daysBefore} days before its end.`;
  return `It renews itself on ${momentOf(renewal.nextAttemptAt)}.`;
}
