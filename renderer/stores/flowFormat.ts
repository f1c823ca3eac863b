// Sizes, times and addresses as the flow list, the diagram and the event list write them.
import type { SocketAddress } from '../../main/contract/flowEvent';

/** 512 → "512 B", 49152 → "48 KB" (1 KB = 1024 B). */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${trimmed(value)} ${units[unit]}`;
}

/** Three figures: 310 → "310 µs", 12400 → "12.4 ms", 1250000 → "1.25 s". */
export function formatMicroseconds(microseconds: number): string {
  if (microseconds < 999.5) return `${Math.round(microseconds)} µs`;
  const milliseconds = microseconds / 1000;
  if (milliseconds < 1000) return `${trimmed(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60
    ? `${trimmed(seconds)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Offset from the start of the flow; negative for what happened on its connection before. */
export function formatOffset(microseconds: number): string {
  return `${microseconds < 0 ? '−' : '+'}${formatMicroseconds(Math.abs(microseconds))}`;
}

export function formatAddress(address: SocketAddress): string {
  const host = address.address.includes(':') ? `[${address.address}]` : address.address;
  return `${host}:${address.port}`;
}

/** Local wall-clock time with milliseconds: "14:03:07.021". */
export function formatClock(wallTime: number): string {
  const date = new Date(wallTime);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

/** "1 chunk", "12 chunks"; `several` where an s alone is not right. */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : several}`;
}

function trimmed(value: number): string {
  const text = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
