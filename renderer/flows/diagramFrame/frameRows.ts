// Ties what Mermaid drew to the rows of the text, so that stepping is a change of classes and never a new drawing.

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Puts `data-row` on everything that belongs to a message or a note, in the order of the text. Returns how many rows. */
export function prepareRows(drawing: SVGSVGElement): number {
  const anchors = [...drawing.querySelectorAll('[data-et="message"], [data-et="note"]')].sort(
    (a, b) => idOf(a) - idOf(b),
  );
  anchors.forEach((anchor, row) => {
    anchor.setAttribute('data-row', String(row));
    if (anchor.getAttribute('data-et') !== 'message') return;
    // The lines of a message's label stand right before its arrow.
    let label = anchor.previousElementSibling;
    while (label?.classList.contains('messageText') && !label.hasAttribute('data-row')) {
      label.setAttribute('data-row', String(row));
      label = label.previousElementSibling;
    }
  });
  addMarker(drawing);
  return anchors.length;
}

/** Marks one row and unmarks the others; returns its element. */
export function markRow(stage: Element, row: number | null): Element | null {
  for (const marked of stage.querySelectorAll('.row-current')) marked.classList.remove('row-current');
  const marker = stage.querySelector<SVGRectElement>('.row-marker');
  marker?.setAttribute('visibility', 'hidden');
  if (row === null) return null;
  const parts = [...stage.querySelectorAll<SVGGraphicsElement>(`[data-row="${row}"]`)];
  for (const part of parts) part.classList.add('row-current');
  if (marker !== null && parts.length > 0) placeMarker(marker, parts);
  return parts[0] ?? null;
}

function idOf(element: Element): number {
  return Number(element.getAttribute('data-id')?.slice(1));
}

function addMarker(drawing: SVGSVGElement): void {
  const marker = document.createElementNS(svgNamespace, 'rect');
  marker.setAttribute('class', 'row-marker');
  marker.setAttribute('rx', '4');
  marker.setAttribute('visibility', 'hidden');
  const firstLabel = drawing.querySelector('.messageText, [data-et="note"], [data-et="message"]');
  if (firstLabel?.parentElement == null) return;
  firstLabel.parentElement.insertBefore(marker, firstLabel);
}

function placeMarker(marker: SVGRectElement, parts: readonly SVGGraphicsElement[]): void {
  const boxes = parts.map((part) => part.getBBox());
  const left = Math.min(...boxes.map((box) => box.x)) - 8;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + 8;
  const top = Math.min(...boxes.map((box) => box.y)) - 5;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + 7;
  marker.setAttribute('x', String(left));
  marker.setAttribute('y', String(top));
  marker.setAttribute('width', String(right - left));
  marker.setAttribute('height', String(bottom - top));
  marker.setAttribute('visibility', 'visible');
}
