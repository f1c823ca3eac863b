/** What routing reads of an HTTP request. The parser's head implements it without building strings it is not asked for. */
export interface RequestView {
  readonly method: string;
  /** Lower case, without port. */
  readonly hostname: string;
  /** As sent, without the query. Starts with "/" (or is "*"). */
  readonly path: string;
  /** As sent, without the "?"; '' = none. */
  readonly query: string;
  /** Value of a header by lower-case name, several joined by ", "; undefined = absent. */
  header(name: string): string | undefined;
}
