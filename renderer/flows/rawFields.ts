import type { FlowEvent } from '../../main/contract/flowEvent';

/** Enough to read; a trace of many routes can be long. */
const maxLength = 20_000;

/** Every field of an event as indented JSON. */
export function rawFields(event: FlowEvent): string {
  const text = JSON.stringify(event, null, 2);
  return text.length <= maxLength
    ? text
    : `${text.slice(0, maxLength)}\n… ${text.length - maxLength} more characters`;
}
