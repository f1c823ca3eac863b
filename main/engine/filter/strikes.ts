/** Whether a share of the requests gets this one. Draws no number where the answer is certain. */
export function strikes(percent: number, draw: { random(): number }): boolean {
  return percent >= 100 || (percent > 0 && draw.random() * 100 < percent);
}
