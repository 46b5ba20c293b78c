/** Long curves, thinned for drawing so that no spike is lost. The Python side thins alike, see tests/data/web. */

export interface Points {
  readonly x: ArrayLike<number>; // ascending
  readonly y: ArrayLike<number>;
}

/**
 * Indices of the points to draw: in each of `columns` equal parts of [first, last] the least and the largest, in their order.
 * Points outside are left out, and those that are not `isShown`: without it, what a log axis cannot show. Parts are equal on an
 * axis on which x stands at `shareOf(x)`, from 0 to 1.
 */
export function envelope(
  { x, y }: Points,
  first: number,
  last: number,
  columns: number,
  isShown: (value: number) => boolean = isOnLogAxis,
  shareOf: (x: number) => number = (value) => (value - first) / (last - first),
): number[] {
  const kept: number[] = [];
  let current = -1;
  let [least, largest] = [-1, -1];
  const close = () => {
    if (current >= 0) kept.push(...(least === largest ? [least] : [least, largest].sort((one, other) => one - other)));
  };
  for (let i = 0; i < x.length; i++) {
    if (!isShown(y[i]) || x[i] < first || x[i] > last) continue;
    const column = Math.min(Math.floor(shareOf(x[i]) * columns), columns - 1);
    if (column !== current) {
      close();
      current = column;
      least = largest = i;
    }
    if (y[i] < y[least]) least = i;
    if (y[i] > y[largest]) largest = i;
  }
  close();
  return kept;
}

/** Whether a log axis can show it: positive and finite. */
export const isOnLogAxis = (value: number): boolean => value > 0 && value < Infinity;

/** The powers of ten around all points that a log axis can show; at least one decade. */
export function decades(all: readonly Points[]): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { y } of all) {
    for (let i = 0; i < y.length; i++) {
      if (!isOnLogAxis(y[i])) continue;
      low = Math.min(low, y[i]);
      high = Math.max(high, y[i]);
    }
  }
  if (low > high) return [-1, 1];
  const first = Math.floor(Math.log10(low));
  return [first, Math.max(Math.ceil(Math.log10(high)), first + 1)];
}
