/** Losses as curves and as numbers. */

import type { Series } from "./lines.ts";
import * as texts from "./texts.ts";

/** Train and test loss of optimizer steps: `train[e]` is the loss before step e, `test[e]` after it. NaN is not known. */
export interface Losses {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
  /** Of an imported run, whose lists have the numbers of their source: train and test loss of the weights of each epoch. */
  readonly ofCheckpoints?: LossesByEpoch | null | undefined;
}

export type LossesByEpoch = Readonly<Record<string, readonly (number | null)[]>>;

/** How the curves of one run are drawn: moved by `shift` epochs; both of one `color`, the train loss dashed, or of their own. */
export interface CurveStyle {
  readonly shift?: number;
  readonly color?: string | null;
  /** The run, where there are several; null where nothing is told of it under the pointer. */
  readonly name?: string | null;
}

/** The curves of a run, the test loss first. */
export function lossSeries(train: Curve, test: Curve, { shift = 0, color = null, name = "" }: CurveStyle = {}): Series[] {
  const moved = ({ x, y }: Curve) => ({ x: shift ? Array.from(x, (epoch) => epoch + shift) : x, y });
  const named = (kind: string) => (name === null ? {} : { name: [name, kind].filter(Boolean).join(" ") });
  return [
    { ...moved(test), ...named(texts.losses.test), color: color ?? "--test", width: 1.75, isDashed: false },
    { ...moved(train), ...named(texts.losses.train), color: color ?? "--train", width: 1.25, isDashed: color !== null },
  ];
}

/** A curve: losses at epochs. */
export interface Curve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Train and test loss that belong to the weights of `epoch`, as results/losses.py says; NaN where there is none. */
export function lossesAt({ train, test, ofCheckpoints }: Losses, epoch: number): [train: number, test: number] {
  if (ofCheckpoints) {
    const [trainLoss, testLoss] = ofCheckpoints[epoch] ?? [];
    return [trainLoss ?? NaN, testLoss ?? NaN];
  }
  const step = Math.max(epoch - 1, 0);
  if (step >= train.length) return [NaN, NaN];
  let evaluated = step;
  while (evaluated > 0 && !Number.isFinite(test[evaluated])) evaluated--;
  return [train[step], test[evaluated]];
}
