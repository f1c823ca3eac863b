// The order in which fields are written, read off the schemas themselves so that a new field needs no second list.
import type { z } from 'zod';
import { workspaceSchema } from './config';
import { unwrapSchema } from './schemaShape';

/** Names that come first wherever they occur, however the schema lists them. */
const leadingNames = ['schemaVersion', 'id', 'name', 'kind', 'type'];

/** The same document with the fields of every object in the order of the schema; unknown fields come last, as they stood. */
export function orderFields(document: unknown): unknown {
  return ordered(document, workspaceSchema);
}

function ordered(value: unknown, schema: z.ZodType | undefined): unknown {
  const definition = unwrapSchema(schema, value);
  if (Array.isArray(value)) return value.map((item) => ordered(item, definition?.element));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  const shape = definition?.shape;
  if (shape !== undefined) {
    const names = [...leadingNames, ...Object.keys(shape).filter((name) => !leadingNames.includes(name))];
    const rank = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
    entries.sort(([a], [b]) => rank(a) - rank(b));
  }
  return Object.fromEntries(
    entries.map(([name, field]) => [name, ordered(field, shape?.[name] ?? definition?.valueType)]),
  );
}
