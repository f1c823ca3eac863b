// Who the lifelines are must stay readable while a long drawing is scrolled: its head again, in a strip that sticks.

const svgNamespace = 'http://www.w3.org/2000/svg';

/** A second drawing of the participants only. It takes no room and is shown once the drawing is scrolled. */
export function stickyHeader(drawing: SVGSVGElement): SVGSVGElement {
  const strip = document.createElementNS(svgNamespace, 'svg');
  const { x, y, width } = drawing.viewBox.baseVal;
  const heads = [...drawing.querySelectorAll<SVGRectElement>('rect.actor-top')];
  const bottom = Math.max(y, ...heads.map((head) => head.y.baseVal.value + head.height.baseVal.value));
  strip.setAttribute('viewBox', `${x} ${y} ${width} ${bottom - y + 8}`);
  strip.setAttribute('class', 'sticky-header');
  strip.setAttribute('aria-hidden', 'true');
  // Mermaid's styles hang on the drawing's id; the strip is never looked up by it.
  strip.id = drawing.id;
  for (const head of heads) {
    const group = head.parentElement;
    if (group !== null) strip.append(group.cloneNode(true));
  }
  for (const line of strip.querySelectorAll('.actor-line')) line.remove();
  return strip;
}
