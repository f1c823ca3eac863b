// What may be typed at a place of the YAML, and what stands there in words: from the schema, the forms' own help and the
// ids that the document and the certificate store have.
import { workspaceSchema } from '../../../main/contract/config';
import {
  choicesOf,
  defaultOf,
  fieldsOf,
  isRequired,
  schemaAt,
  unwrapSchema,
} from '../../../main/contract/schemaShape';
import type { DocumentPath } from '../../../main/contract/workspaceText';
import type { TextCursor } from '../../../main/contract/workspaceTextCursor';
import { fieldHelp } from '../fieldHelp';
import type { FieldText } from '../fieldHelp/fieldText';

export interface YamlOffer {
  readonly label: string;
  /** Behind the label: kind and default. */
  readonly detail: string;
  readonly info: string;
  /** What is typed for it. */
  readonly insert: string;
}

export interface KnownIds {
  readonly certificates: readonly string[];
}

/** What fits at the cursor; the editor itself sorts out what fits the word. */
export function offersAt(cursor: TextCursor, known: KnownIds): YamlOffer[] {
  return cursor.kind === 'key' ? fieldOffers(cursor) : valueOffers(cursor, known);
}

function fieldOffers({ path, document, siblings }: TextCursor): YamlOffer[] {
  const schema = schemaAt(workspaceSchema, document, path);
  if (schema === undefined) return [];
  return Object.entries(fieldsOf(schema, valueAt(document, path)))
    .filter(([name]) => !siblings.includes(name))
    .map(([name, field]) => {
      const at = [...path, name];
      const definition = unwrapSchema(field, undefined);
      const opens = definition?.type === 'object' || definition?.type === 'record' ? ':\n' : ': ';
      const required = isRequired(field) ? 'required' : '';
      return {
        label: name,
        detail: [required, defaultWords(defaultOf(field))].filter(Boolean).join(', '),
        info: helpText(document, at) ?? '',
        insert: opens === ':\n' ? `${name}: ` : `${name}${opens}`,
      };
    });
}

function valueOffers({ path, document }: TextCursor, known: KnownIds): YamlOffer[] {
  const references = referencesAt(path, document, known);
  if (references !== null) {
    return references.map((id) => ({ label: id, detail: '', info: '', insert: id }));
  }
  const schema = schemaAt(workspaceSchema, document, path);
  const fallback = schema === undefined ? undefined : defaultOf(schema);
  return choicesOf(schema).map((choice) => ({
    label: String(choice),
    detail: choice === fallback ? 'default' : '',
    info: '',
    insert: scalar(choice),
  }));
}

/** "on", "off" and the like are words here, not switches (YAML 1.2 reads them so), but numbers as words need quotes. */
function scalar(value: unknown): string {
  return typeof value === 'string' && /^-?\d/.test(value) ? JSON.stringify(value) : String(value);
}

/** The ids that may stand at a place that names another thing; null = it names none. */
function referencesAt(path: DocumentPath, document: unknown, known: KnownIds): readonly string[] | null {
  const names = path.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
  if (names === 'routes.*.listeners.*' || names === 'routes.*.listeners') return idsOf(document, 'listeners');
  if (/^routes\.\*\.(backends|filters)\.\*\.pool$/.test(names)) return idsOf(document, 'pools');
  if (/(certificates|caCertificates)(\.\*)?$/.test(names) || names.endsWith('.clientCertificate')) {
    return known.certificates;
  }
  return null;
}

function idsOf(document: unknown, section: 'listeners' | 'pools'): readonly string[] {
  const list = (document as Record<string, unknown> | null)?.[section];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const id = (item as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? [id] : [];
  });
}

/** What the field at a path is for, in the words of the forms; null = there is nothing to say. */
export function helpText(document: unknown, path: DocumentPath): string | null {
  const schema = schemaAt(workspaceSchema, document, path);
  if (schema === undefined) return null;
  const text = fieldTextAt(document, path);
  const choices = choicesOf(schema).map(String);
  const fallback = defaultWords(defaultOf(schema));
  const lines = [
    text === null ? '' : `${text.label}${text.unit === undefined ? '' : ` (${text.unit})`}.`,
    text?.help ?? '',
    choices.length > 0 ? `One of ${choices.join(', ')}.` : '',
    fallback === '' ? '' : `${fallback.charAt(0).toUpperCase()}${fallback.slice(1)}.`,
  ].filter(Boolean);
  return lines.length === 0 ? null : lines.join(' ');
}

function defaultWords(value: unknown): string {
  if (value === undefined || value === '') return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '[]' || text === '{}' || text.length > 60 ? '' : `default ${text.replaceAll('"', '')}`;
}

const prefixes: Readonly<Record<string, string>> = { listeners: 'listener', routes: 'route', pools: 'pool' };

/** Help is named by the thing and its fields: "listener.limits.maxConnections", "filter.access.allow". */
function fieldTextAt(document: unknown, path: DocumentPath): FieldText | null {
  const [section, , ...rest] = path;
  const texts: Readonly<Record<string, FieldText | undefined>> = fieldHelp;
  const fields = rest.filter((part) => typeof part === 'string');
  const prefix = prefixes[String(section)];
  if (prefix === undefined) return texts[path.filter((part) => typeof part === 'string').join('.')] ?? null;
  if (prefix === 'route' && fields[0] === 'filters') {
    const type = (valueAt(document, path.slice(0, 4)) as { type?: unknown } | undefined)?.type;
    return texts[`filter.${String(type)}.${fields.slice(1).join('.')}`] ?? null;
  }
  if (prefix === 'pool' && fields[0] === 'endpoints')
    return texts[`endpoint.${fields.slice(1).join('.')}`] ?? null;
  return texts[`${prefix}.${fields.join('.')}`] ?? null;
}

function valueAt(document: unknown, path: DocumentPath): unknown {
  let value = document;
  for (const part of path) value = (value as Record<string | number, unknown> | null | undefined)?.[part];
  return value;
}
