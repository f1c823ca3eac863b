// The ports on which this data folder's UI was served before. A browser keeps theme, drafts and closed notices by origin,
// and the port is part of it: the same port again means that they are still there.
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, writeFileAtomic } from './atomicFile';

const fileName = 'ui-ports.json';
const mostPorts = 4;
// Below the ranges from which systems take ports for outgoing connections, so that it is rarely taken at the next start.
const lowest = 20_000;
const highest = 32_000;

/** In order of preference; empty = none yet, or the file is unreadable, which costs only the old origin. */
export async function readUiPorts(dataFolder: string): Promise<readonly number[]> {
  let text: string;
  try {
    text = await readFile(join(dataFolder, fileName), 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
  return parsePorts(text);
}

/** The known ports keep their order: the first one comes back as soon as it is free again. */
export async function rememberUiPort(dataFolder: string, port: number): Promise<void> {
  const known = await readUiPorts(dataFolder);
  if (known.includes(port)) return;
  const kept = [...known.slice(0, mostPorts - 1), port];
  await writeFileAtomic(join(dataFolder, fileName), `${JSON.stringify(kept)}\n`);
}

/** A port for a folder that has none yet; another one each time. */
export function newUiPort(): number {
  return randomInt(lowest, highest);
}

function parsePorts(text: string): readonly number[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isPort).slice(0, mostPorts) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1024 && value <= 65_535;
}
