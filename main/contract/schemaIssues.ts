// zod's findings in words that a person can act on: what was expected, what was given, which field was meant.
import { z } from 'zod';
import type { ConfigIssue } from './configIssue';
import { didYouMean } from './nearestName';

type Path = readonly (string | number)[];
type Finding = z.core.$ZodIssue;

/** `document` is what was parsed, to tell a missing field from a wrong one and to show values. */
export function issuesFromZod(error: z.ZodError, schema: z.ZodType, document: unknown): ConfigIssue[] {
  return error.issues.flatMap((finding) => describe(finding, schema, document));
}

function describe(finding: Finding, schema: z.ZodType, document: unknown): ConfigIssue[] {
  const path = finding.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const value = valueAt(document, path);
  if (finding.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, path, document);
    return finding.keys.map((key) => unknownField([...path, key], key, known));
  }
  if (value === undefined) return [error('missing_field', path, missingMessage(path, finding))];
  switch (finding.code) {
    case 'invalid_type': {
      const expected = typeWords[finding.expected] ?? finding.expected;
      return [error('wrong_type', path, `must be ${expected}, not ${show(value)}`)];
    }
    case 'invalid_key':
      return [
        error(
          'invalid_value',
          path,
          `${show(path.at(-1))} ${finding.issues[0]?.message ?? 'is not a valid name'}`,
        ),
      ];
    default:
      return [error('invalid_value', path, valueMessage(finding, value))];
  }
}

function unknownField(path: Path, key: string, known: readonly string[]): ConfigIssue {
  const guess = didYouMean(key, known);
  const rest = guess === '' && known.length > 0 ? `; known here: ${known.join(', ')}` : guess;
  return error('unknown_field', path, `there is no field "${key}"${rest}`);
}

function missingMessage(path: Path, finding: Finding): string {
  const allowed = allowedValues(finding);
  const hint = allowed.length > 0 ? `: one of ${allowed.join(', ')}` : '';
  return `"${path.at(-1) ?? 'document'}" is missing${hint}`;
}

function valueMessage(finding: Finding, value: unknown): string {
  const allowed = allowedValues(finding);
  if (allowed.length > 0) {
    const guess = typeof value === 'string' ? didYouMean(value, allowed) : '';
    return `${show(value)} is not one of ${allowed.join(', ')}${guess}`;
  }
  switch (finding.code) {
    case 'too_small':
      return tooSmall(finding.origin, Number(finding.minimum), finding.inclusive ?? true, value);
    case 'too_big':
      return tooBig(finding.origin, Number(finding.maximum), value);
    case 'invalid_format':
      if ('prefix' in finding) return `${show(value)} must begin with "${String(finding.prefix)}"`;
      if (finding.message.startsWith('Invalid') && finding.pattern !== undefined) {
        return `${show(value)} does not have the form ${finding.pattern}`;
      }
      return `${show(value)} ${withoutSubject(finding.message)}`;
    default:
      return `${show(value)} ${withoutSubject(finding.message)}`;
  }
}

/** Messages of our own schemas ("must be …") continue the value; zod's own stand alone. */
function withoutSubject(message: string): string {
  return message.startsWith('Invalid') ? 'is not valid here' : message;
}

function tooSmall(origin: string, minimum: number, isInclusive: boolean, value: unknown): string {
  if (origin === 'string')
    return minimum === 1 ? 'must not be empty' : `must have at least ${minimum} characters`;
  if (origin === 'array')
    return minimum === 1 ? 'needs at least one entry' : `needs at least ${minimum} entries`;
  return `${show(value)} is too small: ${isInclusive ? 'at least' : 'more than'} ${minimum}`;
}

function tooBig(origin: string, maximum: number, value: unknown): string {
  if (origin === 'string') return `must have at most ${maximum} characters`;
  if (origin === 'array') return `may have at most ${maximum} entries`;
  return `${show(value)} is too large: at most ${maximum}`;
}

/** Of enums, literals and unions of them. */
function allowedValues(finding: Finding): string[] {
  if (finding.code === 'invalid_value') return finding.values.map(String);
  if (finding.code !== 'invalid_union') return [];
  const ofVariants =
    'options' in finding && Array.isArray(finding.options) ? finding.options.map(String) : [];
  return [...ofVariants, ...finding.errors.flat().flatMap(allowedValues)];
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a set of fields',
  record: 'a set of fields',
};

/** The value as a person would quote it, never long. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing (null)';
  if (typeof value === 'object') return 'a set of fields';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…"`;
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}

/** Names of the fields that the schema knows at a place; of a union, those of the variant that the document chose. */
function fieldsAt(schema: z.ZodType, path: Path, document: unknown): string[] {
  let current: z.ZodType | null = schema;
  for (let depth = 0; depth <= path.length; depth++) {
    current = unwrapped(current, valueAt(document, path.slice(0, depth)));
    if (current === null || depth === path.length) break;
    if (current instanceof z.ZodObject)
      current = (current.shape[path[depth]!] as z.ZodType | undefined) ?? null;
    else if (current instanceof z.ZodArray) current = current.element as z.ZodType;
    else if (current instanceof z.ZodRecord) current = current.valueType as z.ZodType;
    else current = null;
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** Without defaults and options around it. */
function unwrapped(schema: z.ZodType | null, value: unknown): z.ZodType | null {
  let current = schema;
  while (
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodOptional
  ) {
    current = current.unwrap() as z.ZodType;
  }
  if (!(current instanceof z.ZodDiscriminatedUnion)) return current;
  const { discriminator } = current.def;
  const chosen = valueAt(value, [discriminator]);
  const variants = current.options as unknown as readonly z.ZodObject[];
  return (
    variants.find((variant) => (variant.shape[discriminator] as z.ZodLiteral).safeParse(chosen).success) ??
    null
  );
}

function error(code: ConfigIssue['code'], path: Path, message: string): ConfigIssue {
  return { code, severity: 'error', path, message };
}
