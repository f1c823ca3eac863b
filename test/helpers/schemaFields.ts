// Every field of the workspace's schema by its name in the forms: "listener.limits.maxConnections", "filter.fault.delay.ms".
import { type ZodType, z } from 'zod';
import { workspaceSchema } from '../../main/contract/config';

interface Def {
  readonly type: string;
  readonly innerType?: ZodType;
  readonly element?: ZodType;
  readonly options?: readonly ZodType[];
  readonly shape?: Readonly<Record<string, ZodType>>;
  readonly in?: ZodType;
}

const roots: Readonly<Record<string, string>> = { listeners: 'listener', routes: 'route', pools: 'pool' };
/** Not fields of a form: the version, what gestures write, and what a menu decides once and for all. */
const isNoField = (name: string) =>
  name === 'schemaVersion' || name.startsWith('layout') || /^(route\.kind|filter\.\w+\.type)$/.test(name);

export function schemaFields(): string[] {
  const found = new Set<string>();
  walk(workspaceSchema, '', found);
  return [...found].filter((name) => !isNoField(name)).sort();
}

function walk(schema: ZodType, name: string, found: Set<string>): void {
  const def = schema._zod.def as unknown as Def;
  const inner = def.innerType ?? (def.type === 'pipe' ? def.in : undefined);
  if (inner !== undefined) {
    walk(inner, name, found);
    return;
  }
  if (def.shape !== undefined) {
    for (const [key, value] of Object.entries(def.shape)) walk(value, childName(name, key, def.shape), found);
    return;
  }
  const parts = def.element !== undefined ? [def.element] : (def.options ?? []);
  const objects = parts.filter((part) => holdsObject(part));
  if (objects.length === 0) found.add(name);
  else for (const part of objects) walk(part, name, found);
}

function childName(name: string, key: string, shape: Readonly<Record<string, ZodType>>): string {
  if (name === '') return roots[key] ?? key;
  if (name === 'pool' && key === 'endpoints') return 'endpoint';
  if (name !== 'route.filters') return `${name}.${key}`;
  const type = shape.type;
  return type instanceof z.ZodLiteral ? `filter.${String(type.value)}.${key}` : `${name}.${key}`;
}

function holdsObject(schema: ZodType): boolean {
  const def = schema._zod.def as unknown as Def;
  if (def.shape !== undefined) return true;
  if (def.innerType !== undefined) return holdsObject(def.innerType);
  return def.type === 'union' && (def.options ?? []).some(holdsObject);
}
