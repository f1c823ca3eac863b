// Runs inside <iframe sandbox="allow-scripts">: no origin, no storage, no network. Draws Mermaid text that it is
// sent and reports back; whatever a drawing costs or does stays in here.
import mermaid from 'mermaid';
import { type Envelope, type FromFrame, openEnvelope, type ToFrame, type Zoom } from './frameMessages';
import { markRow, prepareRows } from './frameRows';
import { frameStyle } from './frameStyle';
import { standaloneSvg } from './standaloneSvg';
import { stickyHeader } from './stickyHeader';

const channel = location.hash.slice(1);
const stage = document.getElementById('stage')!;
const measure = document.getElementById('measure')!;
const scroll = document.getElementById('scroll')!;
const nearEndPixels = 48;
/** Pressed in here, meant for the page. */
const keysForPage = new Set(['ArrowLeft', 'ArrowRight', 'Escape', 'Home', 'End', 's', 'Enter']);

let zoom: Zoom = 'fit';
let markedRow: number | null = null;
let naturalWidth = 0;
let drawCount = 0;
let subject = '';
let colors: Readonly<Record<string, string>> = {};

function initialize(hasMirror: boolean): void {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    deterministicIds: true,
    maxTextSize: 500_000,
    theme: 'base',
    look: 'classic',
    fontFamily: 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    fontSize: 12.5,
    themeCSS: frameStyle,
    sequence: {
      useMaxWidth: false,
      mirrorActors: hasMirror,
      // Every pixel beside the labels makes the letters smaller when the drawing is fitted into its frame.
      diagramMarginX: 17,
      diagramMarginY: 4,
      actorMargin: 14,
      width: 112,
      height: 32,
      boxMargin: 8,
      boxTextMargin: 4,
      noteMargin: 8,
      messageMargin: 28,
      wrapPadding: 6,
      actorFontWeight: 600,
    },
  });
}

async function draw(message: Extract<ToFrame, { type: 'draw' }>): Promise<void> {
  const startedAt = performance.now();
  try {
    initialize(message.rowCount > 14);
    const { svg } = await mermaid.render(`diagram${drawCount++}`, message.text, measure);
    const isAtEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - nearEndPixels;
    const holder = document.createElement('div');
    holder.innerHTML = svg;
    const drawing = holder.querySelector('svg');
    if (drawing === null) throw new Error('Mermaid drew nothing');
    const rowCount = prepareRows(drawing);
    naturalWidth = drawing.viewBox.baseVal.width;
    stage.replaceChildren(stickyHeader(drawing), drawing);
    applyZoom();
    markRow(stage, markedRow);
    if (message.subject !== subject) scroll.scrollTop = 0;
    else if (message.isFollowing && isAtEnd) scroll.scrollTop = scroll.scrollHeight;
    subject = message.subject;
    send({ type: 'drawn', id: message.id, milliseconds: performance.now() - startedAt, rowCount });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    send({ type: 'failed', id: message.id, message: text, milliseconds: performance.now() - startedAt });
  } finally {
    measure.replaceChildren();
  }
}

function applyZoom(): void {
  if (naturalWidth === 0) return;
  const room = scroll.clientWidth - 24;
  const scale = zoom === 'fit' ? Math.min(1, room / naturalWidth) : zoom;
  for (const drawing of stage.querySelectorAll<SVGSVGElement>('svg')) {
    drawing.setAttribute('width', String(drawing.viewBox.baseVal.width * scale));
    const height = drawing.viewBox.baseVal.height * scale;
    drawing.setAttribute('height', String(height));
    if (drawing.classList.contains('sticky-header')) drawing.style.marginBottom = `${-height}px`;
  }
  send({ type: 'scale', scale });
}

function exported(): string {
  const drawing = stage.querySelector<SVGSVGElement>('svg:not(.sticky-header)');
  return drawing === null ? '' : standaloneSvg(drawing, colors);
}

function receive(message: ToFrame): void {
  switch (message.type) {
    case 'draw':
      void draw(message);
      return;
    case 'colors':
      document.documentElement.style.colorScheme = message.isDark ? 'dark' : 'light';
      colors = message.colors;
      for (const [name, value] of Object.entries(colors)) {
        document.documentElement.style.setProperty(`--${name}`, value);
      }
      return;
    case 'export':
      send({ type: 'exported', id: message.id, svg: exported() });
      return;
    case 'mark':
      markedRow = message.row;
      markRow(stage, markedRow)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    case 'zoom':
      zoom = message.zoom;
      applyZoom();
      return;
    case 'scroll':
      scroll.scrollTo({ top: message.top, left: message.left, behavior: 'instant' });
  }
}

function send(message: FromFrame): void {
  const envelope: Envelope<FromFrame> = { channel, message };
  // The page's origin is not known in here; the channel says who may care.
  parent.postMessage(envelope, '*');
}

window.addEventListener('message', (event) => {
  if (event.source !== parent) return;
  const message = openEnvelope<ToFrame>(event.data, channel);
  if (message !== null) receive(message);
});
window.addEventListener('resize', () => {
  if (zoom === 'fit') applyZoom();
});
scroll.addEventListener('scroll', () => {
  stage.classList.toggle('is-scrolled', scroll.scrollTop > 12);
});
scroll.addEventListener('scroll', () =>
  send({ type: 'scrolled', top: scroll.scrollTop, left: scroll.scrollLeft }),
);
stage.addEventListener('click', (event) => {
  const row = (event.target as Element).closest('[data-row]')?.getAttribute('data-row');
  if (row !== null && row !== undefined) send({ type: 'row', row: Number(row) });
});
document.addEventListener('keydown', (event) => {
  if (!keysForPage.has(event.key)) return;
  event.preventDefault();
  send({ type: 'key', key: event.key });
});
send({ type: 'ready' });
