/** Where axes are marked: at round numbers. The Python side marks the same, see tests/data/web. */

/** At most `most` round numbers from `low` to `high`, at steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, most = 6): number[] {
  return low < high ? ticksAt(niceStep(high - low, most), low, high) : [low];
}

/** At most `most` places on an axis of `size` places, at round steps from 0 on. */
export function indexTicks(size: number, most = 6): number[] {
  return placeTicks(0, size - 1, most);
}

/** At most `most` round places from `first` to `last`. */
export function placeTicks(first: number, last: number, most = 6): number[] {
  return last > first ? ticksAt(Math.max(niceStep(last - first, most), 1), first, last) : [first];
}

function niceStep(length: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(length / most));
  const steps = [1, 2, 5, 10].map((step) => step * power);
  return steps.find((step) => length / step < most) ?? 20 * power;
}

function ticksAt(step: number, low: number, high: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => step * (first + i));
}
