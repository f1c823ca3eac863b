/** What a field is called and what it does. */
export interface FieldText {
  readonly label: string;
  readonly unit?: string;
  /** The default as it would be typed; shown as the placeholder. */
  readonly fallback?: string;
  /** One line. */
  readonly help: string;
}
