/** Scalars of a run besides its losses: accuracies, learning rates, whatever a training recorded. Nothing here draws. */
import { isOnLogAxis } from "./envelope.ts";
import { nearest } from "./epochs.ts";
import type { Series } from "./lines.ts";

export interface Scalar {
  readonly name: string;
  readonly color: string;
  readonly epochs: readonly number[]; // ascending
  readonly values: readonly number[];
}

/** Its curve: on the axis of the losses where it is a loss, else on its own, of all accuracies or of its values. */
export function scalarSeries({ name, color, epochs, values }: Scalar): Series {
  const curve = { name: nameWords(name), x: epochs, y: values, color, width: 1.25, isDashed: true };
  return isLoss(name, values) ? curve : { ...curve, range: isAccuracy(name, values) ? [0, 1] : extent(values) };
}

/** What users call it: "test_accuracy" is "test accuracy". */
export const nameWords = (name: string): string => name.replaceAll("_", " ");

/** The newest value that was known at `epoch`; NaN where there was none yet. */
export function valueAt({ epochs, values }: Scalar, epoch: number): number {
  const index = nearest(epochs, epoch);
  const known = index >= 0 && epochs[index] > epoch ? index - 1 : index;
  return values[known] ?? NaN;
}

const isLoss = (name: string, values: readonly number[]): boolean => /loss/i.test(name) && values.some(isOnLogAxis);

const isAccuracy = (name: string, values: readonly number[]): boolean =>
  /accuracy/i.test(name) && values.every((value) => !(value < 0 || value > 1));

function extent(values: readonly number[]): readonly [low: number, high: number] {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  return low < high ? [low, high] : [low - 1, high + 1];
}
