/** Compile-time proof that a union was handled whole; throws if untyped data got this far. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
