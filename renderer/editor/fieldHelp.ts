// What every field of the forms is called, its unit, its default and what it does, in one place. The keys are the
// field's path in the document without indexes.
import type { FieldText } from './fieldHelp/fieldText';
import { filterHelp } from './fieldHelp/filterHelp';
import { listenerHelp } from './fieldHelp/listenerHelp';
import { poolHelp } from './fieldHelp/poolHelp';
import { routeHelp } from './fieldHelp/routeHelp';

export const fieldHelp = { ...listenerHelp, ...routeHelp, ...filterHelp, ...poolHelp } as const;

export type FieldName = keyof typeof fieldHelp;

export function fieldText(name: FieldName): FieldText {
  return fieldHelp[name];
}

/** One line for each way of passing a request on. */
export const bufferingHelp = {
  full: 'It is received and held, then the backend is contacted (as nginx does by default).',
  stream: 'The backend gets each part as it arrives (as Envoy and HAProxy do).',
} as const;
