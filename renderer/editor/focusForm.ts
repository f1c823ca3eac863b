/** After the next drawing, when the form of what was just selected is there. Folded parts that hold the field open. */
export function focusForm(at?: string): void {
  requestAnimationFrame(() => {
    const form = document.querySelector('.inspector-form') ?? document.querySelector('.inspector');
    const place = at === undefined ? null : fieldAt(form, at);
    const control = (place ?? form)?.querySelector<HTMLElement>('input, select, textarea, button');
    for (
      let fold = control?.closest('details');
      fold != null;
      fold = fold.parentElement?.closest('details')
    ) {
      fold.open = true;
    }
    control?.focus();
    if (place !== null) place.scrollIntoView({ block: 'center' });
  });
}

/** The node's card on the canvas, once it is drawn. */
export function focusNode(id: string | undefined): void {
  if (id === undefined) return;
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`.canvas [data-id="${CSS.escape(id)}"]`)?.focus();
  });
}

/** The field at exactly this path of the form's object, else the first that it holds, else the nearest part that holds it. */
function fieldAt(form: Element | null, at: string): Element | null {
  const place = placeAt(form, at) ?? form?.querySelector(`[data-at^="${CSS.escape(`${at}.`)}"]`);
  if (place != null) return place;
  const parts = at.split('.');
  for (let length = parts.length - 1; length > 0; length--) {
    const holder = placeAt(form, parts.slice(0, length).join('.'));
    // Inside a card, paths are those of the card's own object.
    if (holder !== null) return fieldAt(holder, parts.slice(length).join('.')) ?? holder;
  }
  return null;
}

function placeAt(form: Element | null, at: string): Element | null {
  return form?.querySelector(`[data-at="${CSS.escape(at)}"]`) ?? null;
}
