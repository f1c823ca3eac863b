import { describe, expect, it } from 'vitest';
import { RetryBudget } from '../../../../main/engine/upstream/retryBudget';

const second = 1_000_000;

function takeAll(budget: RetryBudget, now: number): number {
  let taken = 0;
  while (taken < 10_000 && budget.takeRetry(now)) taken++;
  return taken;
}

describe('the retry budget', () => {
  it('is three a second over ten seconds for a pool with few requests', () => {
    const budget = new RetryBudget();
    budget.countRequest(0);
    expect(takeAll(budget, 0)).toBe(30);
    expect(takeAll(budget, 9 * second)).toBe(0);
    expect(takeAll(budget, 10 * second)).toBe(30);
  });

  it('is a fifth of the requests for a busy one, and only of recent requests', () => {
    const budget = new RetryBudget();
    for (let turn = 0; turn < 1000; turn++) budget.countRequest(5 * second);
    expect(takeAll(budget, 6 * second)).toBe(200);
    for (let turn = 0; turn < 500; turn++) budget.countRequest(7 * second);
    expect(takeAll(budget, 8 * second)).toBe(100);
    expect(takeAll(budget, 3600 * second)).toBe(30);
  });
});
