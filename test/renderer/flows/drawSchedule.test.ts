import { describe, expect, it } from 'vitest';
import {
  drawAnswered,
  drawStarted,
  drawsPerFrame,
  isFrameWornOut,
  newSchedule,
  waitBeforeDraw,
} from '../../../renderer/flows/drawSchedule';

describe('drawSchedule', () => {
  it('draws at once when nothing was drawn yet', () => {
    expect(waitBeforeDraw(newSchedule, 1000)).toBe(0);
  });

  it('has one drawing in flight', () => {
    expect(waitBeforeDraw(drawStarted(newSchedule, 1, 0), 10_000)).toBeNull();
  });

  it('waits 250 ms from the start of a cheap drawing', () => {
    const schedule = drawAnswered(drawStarted(newSchedule, 1, 1000), 1, 20);
    expect(waitBeforeDraw(schedule, 1100)).toBe(150);
    expect(waitBeforeDraw(schedule, 1300)).toBe(0);
  });

  it('waits one and a half times what an expensive drawing cost', () => {
    const schedule = drawAnswered(drawStarted(newSchedule, 1, 0), 1, 400);
    expect(waitBeforeDraw(schedule, 500)).toBe(100);
  });

  it('ignores the answer to a drawing that it does not wait for', () => {
    const schedule = drawStarted(newSchedule, 2, 0);
    expect(drawAnswered(schedule, 1, 5)).toBe(schedule);
  });

  it('asks for a new frame after its last drawing was answered', () => {
    let schedule = newSchedule;
    for (let id = 1; id <= drawsPerFrame; id++) {
      expect(isFrameWornOut(schedule)).toBe(false);
      schedule = drawStarted(schedule, id, id);
      expect(isFrameWornOut(schedule)).toBe(false);
      schedule = drawAnswered(schedule, id, 1);
    }
    expect(isFrameWornOut(schedule)).toBe(true);
  });
});
