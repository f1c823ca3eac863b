// Documents of older schema versions are brought up one version at a time, so that each step is written once and
// never touched again. Pure: the caller decides whether the file is rewritten.
import { currentSchemaVersion } from './config';
import type { ConfigIssue } from './configIssue';

export interface Migration {
  /** The version that it reads; it writes the next one. */
  readonly from: number;
  migrate(document: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** Ordered, without holes, up to the current version. */
export const migrations: readonly Migration[] = [];

export type MigrationResult =
  | { readonly ok: true; readonly document: unknown; readonly migratedFrom: number | null }
  | { readonly ok: false; readonly issue: ConfigIssue };

export function migrateDocument(
  value: unknown,
  steps: readonly Migration[] = migrations,
  newest: number = currentSchemaVersion,
): MigrationResult {
  if (!isRecord(value)) {
    return failed(
      'wrong_type',
      [],
      `a workspace is a set of fields (schemaVersion, listeners, routes, pools)`,
    );
  }
  const version = value.schemaVersion;
  if (version === undefined) {
    return failed(
      'missing_field',
      ['schemaVersion'],
      `schemaVersion is missing: add "schemaVersion: ${newest}"`,
    );
  }
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return failed(
      'schema_version',
      ['schemaVersion'],
      `${JSON.stringify(version)} is no schema version: write ${newest}`,
    );
  }
  if (version > newest) {
    const message = `schema version ${version} comes from a newer Hopscope; this one reads up to ${newest}: update it`;
    return failed('schema_version', ['schemaVersion'], message);
  }
  let document = value;
  for (let from = version; from < newest; from++) {
    const step = steps.find((each) => each.from === from);
    if (step === undefined) {
      return failed('schema_version', ['schemaVersion'], `schema version ${version} is no longer read`);
    }
    document = { ...step.migrate(document), schemaVersion: from + 1 };
  }
  return { ok: true, document, migratedFrom: version === newest ? null : version };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failed(code: ConfigIssue['code'], path: ConfigIssue['path'], message: string): MigrationResult {
  return { ok: false, issue: { code, severity: 'error', path, message } };
}
