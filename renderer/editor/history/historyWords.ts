import type { HistoryEntry } from '../../../main/contract/workspaceApi';

/** Who made it: "restored from 3", "file changed". */
export function sourceWords({ source, restoredFrom }: HistoryEntry): string {
  switch (source) {
    case 'app':
      return 'applied here';
    case 'file':
      return 'file changed outside';
    case 'start':
      return 'found at start';
    case 'restore':
      return restoredFrom === null ? 'restored' : `restored from ${restoredFrom}`;
  }
}

export function summaryWords({ summary, more }: HistoryEntry): string {
  if (summary.length === 0) return 'nothing that matters to traffic';
  return more > 0 ? `${summary.join('; ')}; and ${more} more` : summary.join('; ');
}

const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const times = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** "14:03:20" of today, with the date before that. */
export function timeWords(at: number, now: number): string {
  const time = times.format(at);
  return days.format(at) === days.format(now) ? time : `${days.format(at)}, ${time}`;
}
