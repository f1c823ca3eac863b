// The schemas of config.ts as data: which fields an object may have, what a value may be. For writing fields in order and
// for help while typing; nothing here judges a document.
import { z } from 'zod';

export interface SchemaDefinition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

export function definitionOf(schema: z.ZodType): SchemaDefinition {
  return schema.def as unknown as SchemaDefinition;
}

/** Takes defaults and optionals off and picks the member of a union by its discriminator in `value`. */
export function unwrapSchema(schema: z.ZodType | undefined, value: unknown): SchemaDefinition | undefined {
  if (schema === undefined) return undefined;
  let definition = definitionOf(schema);
  while (definition.innerType !== undefined) definition = definitionOf(definition.innerType);
  if (definition.options === undefined || definition.discriminator === undefined) return definition;
  const { options, discriminator } = definition;
  const tag = (value as Record<string, unknown> | null | undefined)?.[discriminator];
  const member = options.find((option) => {
    const literal = definitionOf(option).shape?.[discriminator];
    return literal?.safeParse(tag).success === true;
  });
  return member === undefined ? undefined : definitionOf(member);
}

/** The default of a field; undefined = it has none. */
export function defaultOf(schema: z.ZodType): unknown {
  for (let definition = definitionOf(schema); ; ) {
    if (definition.type === 'default') {
      const value = definition.defaultValue;
      return typeof value === 'function' ? (value as () => unknown)() : value;
    }
    if (definition.innerType === undefined) return undefined;
    definition = definitionOf(definition.innerType);
  }
}

/** Neither a default nor left out: the field must be there. */
export function isRequired(schema: z.ZodType): boolean {
  return !['optional', 'default', 'prefault'].includes(definitionOf(schema).type);
}

/** The values that a field may have, where they can be counted; empty = any of its kind. */
export function choicesOf(schema: z.ZodType | undefined): readonly unknown[] {
  if (schema === undefined) return [];
  const definition = unwrapSchema(schema, undefined) ?? definitionOf(schema);
  switch (definition.type) {
    case 'enum':
      return Object.values(definition.entries ?? {});
    case 'literal':
      return definition.values ?? [];
    case 'boolean':
      return [true, false];
    case 'union':
      return (definition.options ?? []).flatMap(choicesOf);
    default:
      return [];
  }
}

/** Field names that an object may have, and their schemas; a union whose member is open offers what tells its members apart. */
export function fieldsOf(schema: z.ZodType, value: unknown): Readonly<Record<string, z.ZodType>> {
  const found = unwrapSchema(schema, value);
  if (found?.shape !== undefined) return found.shape;
  let definition = definitionOf(schema);
  while (definition.innerType !== undefined) definition = definitionOf(definition.innerType);
  const { discriminator, options = [] } = definition;
  if (discriminator === undefined) return {};
  // As if the tag were one field with every member's value.
  const tags = options.flatMap((option) => {
    const tag = definitionOf(option).shape?.[discriminator];
    return tag === undefined ? [] : [tag];
  });
  return tags.length === 0 ? {} : { [discriminator]: z.union(tags) };
}

/** The schema of what stands at a path of a document; undefined = nothing may stand there. */
export function schemaAt(
  root: z.ZodType,
  document: unknown,
  path: readonly (string | number)[],
): z.ZodType | undefined {
  let schema: z.ZodType | undefined = root;
  let value = document;
  for (const part of path) {
    if (schema === undefined) return undefined;
    const definition = unwrapSchema(schema, value);
    schema =
      typeof part === 'number'
        ? definition?.element
        : (fieldsOf(schema, value)[part] ?? definition?.valueType);
    value = (value as Record<string | number, unknown> | null | undefined)?.[part];
  }
  return schema;
}
