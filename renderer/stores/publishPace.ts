// When what is shown is replaced: at the next animation frame after something came. While events rush by, less often:
// nobody reads sixty lists a second, and drawing them would take the frames that scrolling and typing need.

/** Between two replacements in a rush. */
export const rushPauseMs = 90;
/** Events come faster than this for a moment: a rush. About fifty requests a second. */
const restfulPerMs = 1;
/** So many may come at once. About five requests. */
export const restfulBurst = 100;

export interface PublishPace {
  /** Something came: so many events, or 0 for what else changes the screen. */
  request(events: number): void;
  /** Forgets what was asked for. */
  stop(): void;
}

export function createPublishPace(options: {
  readonly publish: () => void;
  /** Runs the callback once, at the next frame. */
  readonly schedule: (callback: () => void) => void;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}): PublishPace {
  const { publish, schedule, now } = options;
  /** A bucket that events fill and time empties; overflowing = a rush. */
  let level = 0;
  let levelAt = 0;
  let publishedAt = Number.NEGATIVE_INFINITY;
  let isScheduled = false;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const publishAtFrame = () => {
    timer = null;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      publishedAt = now();
      publish();
    });
  };
  return {
    request(events) {
      const at = now();
      level = Math.min(2 * restfulBurst, Math.max(0, level - (at - levelAt) * restfulPerMs) + events);
      levelAt = at;
      if (isScheduled || timer !== null) return;
      const wait = level > restfulBurst ? publishedAt + rushPauseMs - at : 0;
      if (wait > 0) timer = setTimeout(publishAtFrame, wait);
      else publishAtFrame();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
