const stops = [0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3];

/** The next zoom stop above or below a scale. */
export function zoomedBy(scale: number, direction: 1 | -1): number {
  const near = 0.01;
  if (direction === 1) return stops.find((stop) => stop > scale + near) ?? stops.at(-1)!;
  return stops.findLast((stop) => stop < scale - near) ?? stops[0]!;
}
