/** Ascending lists of epochs. */

/** Index of the epoch nearest to `epoch`, the earlier of two; -1 in an empty list. */
export function nearest(epochs: readonly number[], epoch: number): number {
  let low = 0;
  let high = epochs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (epochs[middle] < epoch) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && epoch - epochs[low - 1] <= epochs[low] - epoch) return low - 1;
  return epochs.length ? low : -1;
}

/** The union of two ascending lists. */
export function union(one: readonly number[], other: readonly number[]): number[] {
  return [...new Set([...one, ...other])].sort((x, y) => x - y);
}
