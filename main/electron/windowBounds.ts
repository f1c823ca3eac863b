// Where the window was when it was closed last, and whether that is still a place that can be seen. Pure but for the file.
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../platform/atomicFile';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface StoredWindow {
  readonly bounds: Bounds;
  readonly isMaximized: boolean;
}

export const minimumSize = { width: 1024, height: 640 } as const;
const defaultSize = { width: 1360, height: 860 } as const;
/** So much of the title bar must be on a display that a hand can grab it. */
const grabbable = { width: 120, height: 40 } as const;

/** null = nothing usable is stored (first start, damaged file): then the default place is taken. */
export async function readStoredWindow(file: string): Promise<StoredWindow | null> {
  try {
    return parseStoredWindow(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null; // only a convenience: whatever is wrong with it, the window opens where it would the first time
  }
}

export async function writeStoredWindow(file: string, stored: StoredWindow): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(stored)}\n`);
}

export function parseStoredWindow(json: unknown): StoredWindow | null {
  if (typeof json !== 'object' || json === null || !('bounds' in json)) return null;
  const { bounds } = json;
  if (typeof bounds !== 'object' || bounds === null) return null;
  const { x, y, width, height } = bounds as Record<string, unknown>;
  const numbers = [x, y, width, height];
  if (!numbers.every((value): value is number => Number.isSafeInteger(value))) return null;
  const [left, top, wide, high] = numbers as [number, number, number, number];
  return {
    bounds: { x: left, y: top, width: wide, height: high },
    isMaximized: 'isMaximized' in json && json.isMaximized === true,
  };
}

/** The stored place if a display still shows its title bar, made to fit that display; else only a size. */
export function placeWindow(
  stored: Bounds | null,
  workAreas: readonly Bounds[],
): Bounds | { readonly width: number; readonly height: number } {
  if (stored === null) return defaultSize;
  const area = workAreas.find((candidate) => showsTitleBar(stored, candidate));
  if (area === undefined) return defaultSize;
  return {
    x: stored.x,
    y: stored.y,
    width: Math.max(minimumSize.width, Math.min(stored.width, area.width)),
    height: Math.max(minimumSize.height, Math.min(stored.height, area.height)),
  };
}

function showsTitleBar(window: Bounds, area: Bounds): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const isTopInside = window.y >= area.y && window.y + grabbable.height <= area.y + area.height;
  return isTopInside && visibleWidth >= grabbable.width;
}
