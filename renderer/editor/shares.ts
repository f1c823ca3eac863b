// Weights of a route's backends as shares that always make 100 %.
import type { BackendDocument } from '../../main/contract/configEdit';

/** Whole percents that add up to exactly 100, by largest remainder; all 0 when no backend gets anything. */
export function percentsOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / total) * 100);
  const percents = exact.map(Math.floor);
  const order = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  let missing = 100 - percents.reduce((sum, value) => sum + value, 0);
  for (const { index } of order) {
    if (missing === 0) break;
    percents[index]!++;
    missing--;
  }
  return percents;
}

/** One backend gets `percent`; the others share the rest as they did before, equally if they had nothing. */
export function withShare(
  backends: readonly BackendDocument[],
  index: number,
  percent: number,
): BackendDocument[] {
  const wanted = Math.min(100, Math.max(0, Math.round(percent)));
  const others = backends.map((backend, at) => (at === index ? 0 : (backend.weight ?? 1)));
  const base = others.some((weight) => weight > 0) ? others : backends.map((_, at) => (at === index ? 0 : 1));
  const parts = percentsOf(base).map((part) => (part * (100 - wanted)) / 100);
  const rest = wholeParts(parts, backends.length === 1 ? 0 : 100 - wanted);
  return backends.map((backend, at) => ({ ...backend, weight: at === index ? wanted : rest[at]! }));
}

/** Whole numbers near `parts` that add up to `total`. */
function wholeParts(parts: readonly number[], total: number): number[] {
  const whole = parts.map(Math.floor);
  const order = parts
    .map((value, index) => ({ index, rest: value - Math.floor(value), value }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.rest - a.rest || b.value - a.value);
  let missing = total - whole.reduce((sum, value) => sum + value, 0);
  for (let turn = 0; missing > 0 && order.length > 0; turn++, missing--)
    whole[order[turn % order.length]!.index]!++;
  return whole;
}
