/** Where axes are marked: at round numbers. The Python side marks the same, see tests/data/web. */

/** At most `most` round numbers from `low` to `high`, at steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, most = 6): number[] {
  return low < high ? ticksAt(niceStep(high - low, most), low, high) : [low];
}

/** At most `most` places on an axis of `size` places, at round steps from 0 on. */
export function indexTicks(size: number, most = 6): number[] {
  return size > 1 ? ticksAt(Math.max(niceStep(size - 1, most), 1), 0, size - 1) : [0];
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
