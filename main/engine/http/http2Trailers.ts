import type { FieldBlock } from '../http2/fieldBlock';
import { areTrailersAllowed } from './chunkedScanner';
import { FieldIndex } from './fieldIndex';

/** The lines of a trailer section as HTTP/1.1 has them; null = one of them must not be a trailer. */
export function trailerLinesOf(fields: FieldBlock): string | null {
  const { text } = fields;
  const index = new FieldIndex();
  const bytes = Buffer.from(`${text}\r\n`, 'latin1');
  return index.scan(bytes, 0, bytes.length, 0) >= 0 && areTrailersAllowed(text, index) ? text : null;
}
