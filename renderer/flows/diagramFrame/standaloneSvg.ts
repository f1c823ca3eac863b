// The drawing as a document of its own: colours written out, nothing marked, as large as it was drawn.

/** `colors` are the custom properties that the drawing's styles use, without the dashes. */
export function standaloneSvg(drawing: SVGSVGElement, colors: Readonly<Record<string, string>>): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const { x, y, width, height } = drawing.viewBox.baseVal;
  copy.querySelector('.row-marker')?.remove();
  for (const marked of copy.querySelectorAll('.row-current')) marked.classList.remove('row-current');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ x, y, width, height }))
    ground.setAttribute(name, String(value));
  ground.setAttribute('fill', colors.surface ?? 'white');
  // Below everything: Mermaid draws boxes and lifelines even before its styles.
  copy.insertBefore(ground, copy.firstChild);
  return new XMLSerializer()
    .serializeToString(copy)
    .replace(/var\(--([\w-]+)(?:,[^)]*)?\)/g, (_, name: string) => colors[name] ?? 'currentColor');
}
