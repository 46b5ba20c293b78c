/** Which points of a curve a chart draws, found once for each curve and axis: long curves take longer to thin than to draw. */
import { envelope, isOnLogAxis } from "./envelope.ts";
import { type EpochAxis, shareOf } from "./epoch_axis.ts";
import type { Series } from "./lines.ts";

export class Thinned {
  readonly #kept = new WeakMap<Series, { readonly key: string; readonly indices: readonly number[] }>();

  /** Indices of the points of a series on an axis of so many pixels. */
  of(series: Series, axis: EpochAxis, pixels: number): readonly number[] {
    const key = `${axis.last} ${axis.isLog} ${pixels}`;
    const found = this.#kept.get(series);
    if (found?.key === key) return found.indices;
    const isShown = series.range ? Number.isFinite : isOnLogAxis;
    const at = (epoch: number) => shareOf(axis, epoch);
    const indices = envelope(series, 0, Math.max(axis.last, 1), Math.ceil(pixels), isShown, at);
    this.#kept.set(series, { key, indices });
    return indices;
  }
}
