import { areTrailersAllowed } from './chunkedScanner';
import { FieldIndex } from './fieldIndex';

/** The lines of a trailer section that came as fields of HTTP/2; null = one of them must not be a trailer. */
export function trailerLinesOf(text: string): string | null {
  const index = new FieldIndex();
  const bytes = Buffer.from(`${text}\r\n`, 'latin1');
  return index.scan(bytes, 0, bytes.length, 0) >= 0 && areTrailersAllowed(text, index) ? text : null;
}
