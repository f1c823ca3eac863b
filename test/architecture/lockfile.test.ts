// The lockfile must install anywhere: some registries miss packages for other systems, and npm then writes a lockfile
// that `npm ci` refuses elsewhere.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8');
const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(text).packages;

/** Node's rule: beside what is nested in the package, then outwards folder by folder. */
function isLocked(from: string, name: string): boolean {
  if (`${from === '' ? '' : `${from}/`}node_modules/${name}` in packages) return true;
  if (from === '') return false;
  const outer = from.lastIndexOf('/node_modules/');
  return isLocked(outer < 0 ? '' : from.slice(0, outer), name);
}

describe('package-lock.json', () => {
  it('has an entry for every dependency, also the optional ones of other systems', () => {
    const missing = Object.entries(packages).flatMap(([folder, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !isLocked(folder, name))
        .map((name) => `${folder} needs ${name}`),
    );
    expect(Object.keys(packages).length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('pins every package to its content', () => {
    const loose = Object.entries(packages).filter(
      ([folder, entry]) =>
        folder !== '' && entry.link !== true && entry.inBundle !== true && entry.integrity === undefined,
    );
    expect(loose.map(([folder]) => folder)).toEqual([]);
  });

  it('names no registry, so that it installs from whichever is configured', () => {
    expect(text.match(/https?:\/\/[^/"]*registry[^/"]*/g) ?? []).toEqual([]);
    const resolved = Object.values(packages).filter((entry) => entry.resolved !== undefined);
    expect(resolved).toEqual([]);
  });
});
