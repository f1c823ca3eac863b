/** Everything but the layout: what the engine would see. */
export function withoutLayout<Part extends { readonly layout?: unknown }>(
  document: Part,
): Omit<Part, 'layout'> {
  const { layout: _layout, ...rest } = document;
  return rest;
}
