export interface SuiteCount {
  readonly passed: number;
  readonly all: number;
}

export function countSuite(results: Readonly<Record<string, true | readonly string[]>>): Promise<{
  readonly counts: Readonly<Record<'required' | 'optimal' | 'check', SuiteCount>>;
  readonly failed: readonly { readonly id: string; readonly kind: string; readonly reason: string }[];
}>;
