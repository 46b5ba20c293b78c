/** How often values occur, between the ends of a colour scale. Nothing here draws. */
import { cellsOf, decoder, type Frame, type Grids, type Range, shapeOf, topStep } from "./grids.ts";
import { windowOf } from "./region.ts";

export const MOST_COUNTED = 100_000;

/**
 * How many of the values that are shown lie in each of `bins` equal parts of `range`: of one panel, or with null of all. Values
 * beyond an end count there, as their colour is that of the end; NaN counts nowhere. Of more than `MOST_COUNTED` values every
 * n-th counts, so that counting keeps up with scrubbing.
 */
export function histogram(grids: Grids, frame: Frame, panel: number | null, range: Range, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const binOf = binning(frame, range, bins);
  const wide = shapeOf(grids).columns;
  const { row, column, rows, columns } = windowOf(grids);
  const cells = cellsOf(grids);
  const [first, last] = panel === null ? [0, grids.titles.length] : [panel, panel + 1];
  const every = stride((last - first) * rows * columns, columns);
  let skipped = 0;
  for (let i = first; i < last; i++) {
    for (let down = row; down < row + rows; down++) {
      const end = i * cells + down * wide + column + columns;
      let at = end - columns + skipped;
      for (; at < end; at += every) {
        const bin = binOf(frame.values[at]);
        if (bin >= 0) counts[bin]++;
      }
      skipped = at - end;
    }
  }
  return counts;
}

const known = new WeakMap<Frame, { readonly key: string; readonly counts: Uint32Array }>();

/** `histogram`, which is counted once for a frame that is shown again. */
export function counted(grids: Grids, frame: Frame, panel: number | null, range: Range, bins: number): Uint32Array {
  const key = JSON.stringify([panel, range, bins, grids.region]);
  const last = known.get(frame);
  if (last?.key === key) return last.counts;
  const counts = histogram(grids, frame, panel, range, bins);
  known.set(frame, { key, counts });
  return counts;
}

/** Which of `total` values count: every n-th, where n shares no factor with the number of columns, so that none is left out. */
function stride(total: number, columns: number): number {
  let every = Math.max(1, Math.ceil(total / MOST_COUNTED));
  while (commonFactor(every, columns) > 1) every++;
  return every;
}

function commonFactor(a: number, b: number): number {
  return b ? commonFactor(b, a % b) : a;
}

/** A function from stored values to bins, -1 for NaN. Steps have a table, which is as long as there are steps. */
function binning(frame: Frame, [low, high]: Range, bins: number): (stored: number) => number {
  const decode = decoder(frame);
  const binOf = (stored: number) => {
    const share = (decode(stored) - low) / (high - low);
    return Number.isNaN(share) ? -1 : Math.min(Math.max(Math.floor(share * bins), 0), bins - 1);
  };
  const top = topStep(frame.values);
  if (top === null || top >= frame.values.length) return binOf;
  const table = Int16Array.from({ length: top + 1 }, (_, step) => binOf(step));
  return (stored) => table[stored];
}

/** The sum of counts of equal bins; null of none. */
export function summed([first, ...others]: readonly Uint32Array[]): Uint32Array | null {
  return first ? others.reduce((sum, counts) => sum.map((count, i) => count + counts[i]), first) : null;
}

/** Lengths in [0, 1] of the bars of counts: 0 for none, `least` at least for any, 1 for the largest. */
export function barLengths(counts: Uint32Array, least: number): number[] {
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  return Array.from(counts, (count) => (count ? Math.max(count / most, least) : 0));
}
