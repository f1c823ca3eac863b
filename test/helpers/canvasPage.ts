// What a hand does on the canvas, for tests in a real browser.
import type { Locator, Page } from 'playwright-core';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What is asked of an SVGPathElement; these helpers know no DOM. */
interface DrawnPath {
  getScreenCTM(): { readonly a: number; readonly d: number; readonly e: number; readonly f: number };
  getTotalLength(): number;
  getPointAtLength(length: number): Place;
}

export function canvasPage(page: () => Page) {
  const node = (id: string): Locator => page().locator(`.react-flow__node[data-id="${id}"]`);
  const edge = (id: string): Locator => page().locator(`.react-flow__edge[data-id="${id}"]`);
  const centre = async (what: Locator): Promise<Place> => {
    const box = (await what.boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const dragBetween = async (start: Place, to: Place): Promise<void> => {
    const { mouse } = page();
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 4 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
  };
  return {
    node,
    edge,
    centre,
    dragBetween,
    drag: async (from: Locator, to: Place) => dragBetween(await centre(from), to),
    /** Where on the screen a line begins, has its middle and ends. */
    pointsOf: (id: string): Promise<{ start: Place; middle: Place; end: Place }> =>
      edge(id)
        .locator('.react-flow__edge-path')
        .evaluate((element) => {
          const path = element as unknown as DrawnPath;
          const matrix = path.getScreenCTM();
          const at = (share: number) => {
            const point = path.getPointAtLength(path.getTotalLength() * share);
            return { x: point.x * matrix.a + matrix.e, y: point.y * matrix.d + matrix.f };
          };
          return { start: at(0), middle: at(0.5), end: at(1) };
        }),
  };
}
