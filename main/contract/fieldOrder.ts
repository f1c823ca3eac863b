// The order in which fields are written, read off the schemas themselves so that a new field needs no second list.
import type { z } from 'zod';
import { workspaceSchema } from './config';

/** Names that come first wherever they occur, however the schema lists them. */
const leadingNames = ['schemaVersion', 'id', 'name', 'kind', 'type'];

interface SchemaDefinition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly valueType?: z.ZodType;
}

/** The same document with the fields of every object in the order of the schema; unknown fields come last, as they stood. */
export function orderFields(document: unknown): unknown {
  return ordered(document, workspaceSchema);
}

function ordered(value: unknown, schema: z.ZodType | undefined): unknown {
  const definition = unwrap(schema, value);
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

/** Takes defaults and optionals off and picks the member of a union by its discriminator. */
function unwrap(schema: z.ZodType | undefined, value: unknown): SchemaDefinition | undefined {
  let definition = schema?.def as SchemaDefinition | undefined;
  while (definition?.innerType !== undefined) definition = definition.innerType.def as SchemaDefinition;
  if (definition?.options === undefined || definition.discriminator === undefined) return definition;
  const { options, discriminator } = definition;
  const tag = (value as Record<string, unknown> | null)?.[discriminator];
  const member = options.find((option) => {
    const literal = (option.def as SchemaDefinition).shape?.[discriminator];
    return literal?.safeParse(tag).success === true;
  });
  return member?.def as SchemaDefinition | undefined;
}
