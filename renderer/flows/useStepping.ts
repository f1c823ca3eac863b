import { useEffect, useEffectEvent, useState } from 'react';
import { type Pace, stayMs } from './playback';
import { type Step, stepOfKey } from './stepBuilder';

export interface Stepping {
  /** Index of the step that the user stands on; null = live. */
  readonly position: number | null;
  readonly isPlaying: boolean;
  /** To this step of `steps`. */
  go(index: number): void;
  stepBy(steps: number): void;
  /** Back to the newest. */
  leave(): void;
  setPlaying(isPlaying: boolean): void;
  /** True = the key was for stepping. */
  onKey(key: string): boolean;
}

/** Controls that use the same keys themselves. The list of flows says so by itself, key by key. */
const keepsItsKeys = 'input, textarea, select, [role=separator], [role=menu], [role=tablist]';

/**
 * Walks through the steps of one flow. A new subject starts live. `onHold` is called when the user begins to look at a step,
 * so that the flow stays on screen.
 */
export function useStepping(
  subject: string | number,
  steps: readonly Step[],
  pace: Pace,
  onHold: () => void,
): Stepping {
  const [place, setPlace] = useState<{ readonly subject: string | number; readonly key: number } | null>(
    null,
  );
  const [isWanted, setWanted] = useState(false);
  const found = place?.subject === subject ? stepOfKey(steps, place.key) : -1;
  const position = found === -1 ? null : found;
  const isPlaying = isWanted && place?.subject === subject;

  const go = (index: number) => {
    const step = steps[Math.min(steps.length - 1, Math.max(0, index))];
    if (step === undefined) return;
    if (position === null) onHold();
    setPlace({ subject, key: step.key });
  };
  const stepBy = (count: number) => {
    setWanted(false);
    go(position === null ? (count > 0 ? 0 : steps.length - 1) : position + count);
  };
  const leave = () => {
    setWanted(false);
    setPlace(null);
  };
  const setPlaying = (wanted: boolean) => {
    setWanted(wanted);
    // From the start, unless in the middle of it.
    if (wanted && (position === null || position === steps.length - 1)) go(0);
  };

  useEffect(() => {
    if (!isPlaying || position === null) return;
    const stay = stayMs(steps, position, pace);
    const next = steps[position + 1];
    if (stay === null || next === undefined) {
      setWanted(false);
      return;
    }
    const timer = setTimeout(() => setPlace({ subject, key: next.key }), stay);
    return () => clearTimeout(timer);
  }, [isPlaying, position, steps, pace, subject]);

  const onKey = (key: string): boolean => {
    if (key === 'ArrowRight') stepBy(1);
    else if (key === 'ArrowLeft') stepBy(-1);
    else if (key === 'Home') stepBy(-steps.length);
    else if (key === 'End') stepBy(steps.length);
    else if (key === 's') setPlaying(!isPlaying);
    else if (key === 'Escape' && position !== null) leave();
    else return false;
    return true;
  };
  const onDocumentKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.closest(keepsItsKeys) == null && onKey(event.key)) event.preventDefault();
  });
  // On the document: the picture is looked at, not focused.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onDocumentKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return { position, isPlaying, go, stepBy, leave, setPlaying, onKey };
}
