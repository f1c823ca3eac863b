import type { FieldBlock } from './fieldBlock';
import { isFieldValid } from './fieldRules';

/** RFC 9113 8.1: no pseudo-headers behind the body, and nothing that is no field at all. */
export function areTrailersValid(fields: FieldBlock): boolean {
  for (let index = 0; index < fields.count; index++) if (!isFieldValid(fields, index)) return false;
  return true;
}
