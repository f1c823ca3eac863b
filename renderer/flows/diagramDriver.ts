// Drives the sandboxed frame: loads it, sends drawings at a bearable pace, replaces it when it is worn out or mute.
import {
  type Envelope,
  type FromFrame,
  openEnvelope,
  type ToFrame,
  type Zoom,
} from './diagramFrame/frameMessages';
import {
  answerTimeoutMs,
  drawAnswered,
  drawStarted,
  isFrameWornOut,
  newSchedule,
  waitBeforeDraw,
} from './drawSchedule';

export interface Drawing {
  readonly text: string;
  readonly rowCount: number;
  readonly subject: string;
  readonly isFollowing: boolean;
}

export interface DiagramDriverEvents {
  onDrawn(drawing: Drawing, milliseconds: number): void;
  onFailed(drawing: Drawing, message: string): void;
  onRow(row: number): void;
  onKey(key: string): void;
  onScale(scale: number): void;
}

export interface DiagramColors {
  readonly colors: Readonly<Record<string, string>>;
  readonly isDark: boolean;
}

interface Frame {
  readonly element: HTMLIFrameElement;
  readonly channel: string;
  isReady: boolean;
}

export class DiagramDriver {
  #frame: Frame | null = null;
  /** The frame on screen while its successor makes its first drawing. */
  #retiring: Frame | null = null;
  #schedule = newSchedule;
  #wanted: Drawing | null = null;
  #sent: Drawing | null = null;
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #colors: DiagramColors | null = null;
  #zoom: Zoom = 'fit';
  #row: number | null = null;
  #scroll = { top: 0, left: 0 };
  readonly #exports = new Map<number, (svg: string) => void>();

  constructor(
    private readonly container: HTMLElement,
    private readonly frameUrl: string,
    private readonly events: DiagramDriverEvents,
  ) {
    window.addEventListener('message', this.#receive);
    this.#loadFrame();
  }

  draw(drawing: Drawing): void {
    if (drawing.text === (this.#wanted ?? this.#sent)?.text) return;
    this.#wanted = drawing;
    this.#pump();
  }

  setColors(colors: DiagramColors): void {
    this.#colors = colors;
    this.#send({ type: 'colors', ...colors });
  }

  setZoom(zoom: Zoom): void {
    this.#zoom = zoom;
    this.#send({ type: 'zoom', zoom });
  }

  /** Highlights a drawn row without drawing again. */
  mark(row: number | null): void {
    this.#row = row;
    this.#send({ type: 'mark', row });
  }

  /** The drawing on screen as an SVG document; rejects when there is none. */
  exportSvg(): Promise<string> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#exported(id, ''), answerTimeoutMs);
      this.#exports.set(id, (svg) => {
        clearTimeout(timer);
        if (svg === '') reject(new Error('nothing is drawn yet'));
        else resolve(svg);
      });
      if (this.#frame?.isReady === true) this.#send({ type: 'export', id });
      else this.#exported(id, '');
    });
  }

  close(): void {
    for (const id of [...this.#exports.keys()]) this.#exported(id, '');
    window.removeEventListener('message', this.#receive);
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#frame?.element.remove();
    this.#retiring?.element.remove();
    this.#frame = null;
    this.#retiring = null;
  }

  #loadFrame(): void {
    const element = document.createElement('iframe');
    const channel = crypto.randomUUID();
    element.setAttribute('sandbox', 'allow-scripts');
    element.title = 'Sequence diagram';
    element.className = 'diagram-frame';
    element.src = `${this.frameUrl}#${channel}`;
    if (this.#frame !== null) {
      this.#retiring?.element.remove();
      this.#retiring = this.#frame;
      element.classList.add('diagram-frame-next');
    }
    this.#frame = { element, channel, isReady: false };
    this.#schedule = newSchedule;
    this.container.append(element);
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#wanted === null || this.#frame?.isReady !== true) return;
    // What the user asked for comes at once; a picture that follows the newest flow waits its turn.
    const isOther = this.#wanted.isFollowing && this.#wanted.subject !== this.#sent?.subject;
    const wait = waitBeforeDraw(this.#schedule, performance.now(), isOther);
    if (wait === null) return;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#pump(), wait);
      return;
    }
    const id = this.#nextId++;
    this.#sent = this.#wanted;
    this.#wanted = null;
    this.#schedule = drawStarted(this.#schedule, id, performance.now());
    this.#watchdog = setTimeout(() => this.#replaceMuteFrame(), answerTimeoutMs);
    this.#send({ type: 'draw', id, ...this.#sent });
  }

  #replaceMuteFrame(): void {
    this.#wanted ??= this.#sent;
    this.#frame?.element.remove();
    this.#frame = null;
    this.#loadFrame();
  }

  readonly #receive = (event: MessageEvent): void => {
    const frame = this.#frame;
    if (frame === null || event.source !== frame.element.contentWindow) return;
    const message = openEnvelope<FromFrame>(event.data, frame.channel);
    if (message !== null) this.#take(frame, message);
  };

  #take(frame: Frame, message: FromFrame): void {
    switch (message.type) {
      case 'ready':
        frame.isReady = true;
        if (this.#colors !== null) this.#send({ type: 'colors', ...this.#colors });
        this.#send({ type: 'zoom', zoom: this.#zoom });
        this.#send({ type: 'mark', row: this.#row });
        this.#wanted ??= this.#sent;
        this.#pump();
        return;
      case 'drawn':
      case 'failed':
        this.#answered(message);
        return;
      case 'exported':
        this.#exported(message.id, message.svg);
        return;
      case 'scale':
        this.events.onScale(message.scale);
        return;
      case 'scrolled':
        this.#scroll = message;
        return;
      case 'row':
        this.events.onRow(message.row);
        return;
      case 'key':
        this.events.onKey(message.key);
    }
  }

  #exported(id: number, svg: string): void {
    const done = this.#exports.get(id);
    this.#exports.delete(id);
    done?.(svg);
  }

  #answered(message: Extract<FromFrame, { type: 'drawn' | 'failed' }>): void {
    if (message.id !== this.#schedule.inFlight) return;
    clearTimeout(this.#watchdog);
    this.#schedule = drawAnswered(this.#schedule, message.id, message.milliseconds);
    if (this.#retiring !== null) this.#showSuccessor();
    const drawing = this.#sent;
    if (drawing !== null) {
      if (message.type === 'drawn') this.events.onDrawn(drawing, message.milliseconds);
      else this.events.onFailed(drawing, message.message);
    }
    if (isFrameWornOut(this.#schedule)) this.#loadFrame();
    this.#pump();
  }

  #showSuccessor(): void {
    this.#send({ type: 'scroll', ...this.#scroll });
    this.#frame?.element.classList.remove('diagram-frame-next');
    this.#retiring?.element.remove();
    this.#retiring = null;
  }

  #send(message: ToFrame): void {
    if (this.#frame?.isReady !== true) return;
    const envelope: Envelope<ToFrame> = { channel: this.#frame.channel, message };
    // The frame's origin is opaque, so no target origin can name it; it checks the sender and the channel.
    this.#frame.element.contentWindow?.postMessage(envelope, '*');
  }
}

/** Where the frame's document is served: the page is told by its server, under a path nobody can guess. */
export function diagramFrameUrl(): string | null {
  const prefix = document.querySelector<HTMLMetaElement>('meta[name="hopscope-frame"]')?.content;
  return prefix === undefined || prefix === '' ? null : new URL(`${prefix}index.html`, document.baseURI).href;
}
