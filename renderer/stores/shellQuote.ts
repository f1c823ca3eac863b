/** One argument for a POSIX shell: in single quotes nothing is special. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
