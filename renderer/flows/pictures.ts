// Pictures of a diagram as files and on the clipboard.
import { printable } from './escapeText';

/** Pixels of the picture for each of the drawing. */
const density = 2;
/** Browsers refuse larger canvases; beyond it the picture gets coarser. */
const mostPixels = 16_000;

/** Draws an SVG document into a PNG. Scripts in it do not run: it is loaded as an image. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(density, mostPixels / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error('no picture came out')) : resolve(blob)),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Height of the line with the titles. */
const titleHeight = 30;

export interface TitledPicture {
  readonly title: string;
  /** An SVG document. */
  readonly svg: string;
}

/** Beside each other in one SVG document, as high as the highest, each under its title in the text's colour. */
export function sideBySide(pictures: readonly TitledPicture[], textColor: string): string {
  const parser = new DOMParser();
  const drawings = pictures.map(({ svg }) => parser.parseFromString(svg, 'image/svg+xml').documentElement);
  const sizeOf = (drawing: Element, name: string) => Number(drawing.getAttribute(name));
  const whole = document.createElementNS(svgNamespace, 'svg');
  const ground = document.createElementNS(svgNamespace, 'rect');
  whole.append(ground);
  let width = 0;
  drawings.forEach((drawing, index) => {
    whole.append(titleAt(width + 12, pictures[index]?.title ?? '', textColor));
    drawing.setAttribute('x', String(width));
    drawing.setAttribute('y', String(titleHeight));
    width += sizeOf(drawing, 'width');
    whole.append(drawing);
  });
  const height = titleHeight + Math.max(...drawings.map((drawing) => sizeOf(drawing, 'height')));
  // Each has its own ground as its first element; below the shorter ones it goes on.
  ground.setAttribute('fill', drawings[0]?.querySelector('rect')?.getAttribute('fill') ?? 'white');
  for (const element of [whole, ground]) {
    element.setAttribute('width', String(width));
    element.setAttribute('height', String(height));
  }
  whole.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return new XMLSerializer().serializeToString(whole);
}

function titleAt(x: number, text: string, color: string): SVGTextElement {
  const title = document.createElementNS(svgNamespace, 'text');
  const look = {
    x,
    y: 20,
    fill: color,
    'font-family': 'system-ui, sans-serif',
    'font-size': 14,
    'font-weight': 600,
  };
  for (const [name, value] of Object.entries(look)) title.setAttribute(name, String(value));
  // A document in XML takes no control characters.
  title.textContent = printable(text);
  return title;
}
