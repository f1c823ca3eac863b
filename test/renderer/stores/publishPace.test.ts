import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPublishPace, restfulBurst, rushPauseMs } from '../../../renderer/stores/publishPace';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pace on a clock and with frames that the test decides about. */
function scene() {
  const frames: (() => void)[] = [];
  let published = 0;
  const pace = createPublishPace({
    publish: () => published++,
    schedule: (callback) => frames.push(callback),
    now: () => performance.now(),
  });
  return {
    pace,
    published: () => published,
    frame: () => {
      vi.advanceTimersByTime(16);
      for (const callback of frames.splice(0)) callback();
    },
  };
}

describe('createPublishPace', () => {
  it('publishes at the next frame, once, however often it was asked', () => {
    const { pace, published, frame } = scene();
    pace.request(3);
    pace.request(3);
    expect(published()).toBe(0);
    frame();
    frame();
    expect(published()).toBe(1);
  });

  it('publishes at every frame while little comes', () => {
    const { pace, published, frame } = scene();
    for (let turn = 0; turn < 60; turn++) {
      pace.request(8);
      frame();
    }
    expect(published()).toBe(60);
  });

  it('publishes about ten times a second while events rush by, the last of them too', () => {
    const { pace, published, frame } = scene();
    for (let turn = 0; turn < 600; turn++) {
      pace.request(restfulBurst);
      frame();
    }
    const seconds = (600 * 16) / 1000;
    expect(published() / seconds).toBeGreaterThan(8);
    expect(published() / seconds).toBeLessThan(1000 / rushPauseMs);
    const before = published();
    for (let turn = 0; turn < 10; turn++) frame();
    expect(published()).toBe(before + 1);
  });

  it('is quick again soon after a rush', () => {
    const { pace, published, frame } = scene();
    for (let turn = 0; turn < 100; turn++) {
      pace.request(1000);
      frame();
    }
    for (let turn = 0; turn < 30; turn++) frame();
    const before = published();
    for (let turn = 0; turn < 5; turn++) {
      pace.request(1);
      frame();
    }
    expect(published()).toBe(before + 5);
  });

  it('forgets what waits when it is stopped', () => {
    const { pace, published, frame } = scene();
    pace.request(1000);
    frame();
    pace.request(1000);
    pace.stop();
    for (let turn = 0; turn < 20; turn++) frame();
    expect(published()).toBe(1);
  });
});
