export interface Expiry {
  /** Whole days left, negative when over. */
  readonly days: number;
  readonly tone: 'ok' | 'warning' | 'danger';
  readonly text: string;
}

const dayMs = 86_400_000;
const warnDays = 30;

/** How long a certificate is still good, in days and words. */
export function expiryOf(notAfter: string, now: number): Expiry {
  const days = Math.floor((Date.parse(notAfter) - now) / dayMs);
  if (days < 0) return { days, tone: 'danger', text: `expired ${dayWords(-days)} ago` };
  if (days === 0) return { days, tone: 'danger', text: 'expires today' };
  if (days <= warnDays) return { days, tone: 'warning', text: `expires in ${dayWords(days)}` };
  return { days, tone: 'ok', text: `good for ${dayWords(days)}` };
}

function dayWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
