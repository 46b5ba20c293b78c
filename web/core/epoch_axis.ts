/** The axis of epochs: where an epoch stands on it, linearly or by its logarithm. Nothing here draws. */
import { niceTicks } from "./ticks.ts";

export interface EpochAxis {
  readonly last: number;
  readonly isLog: boolean;
}

/** Where an epoch stands, 0 at the beginning and 1 at the end. By the logarithm epochs 0, 1, 3 and 7 are equally far apart. */
export function shareOf({ last, isLog }: EpochAxis, epoch: number): number {
  const end = Math.max(last, 1);
  return isLog ? Math.log1p(Math.max(epoch, 0)) / Math.log1p(end) : epoch / end;
}

/** The epoch that stands there. */
export function epochAt({ last, isLog }: EpochAxis, share: number): number {
  const end = Math.max(last, 1);
  return isLog ? Math.expm1(share * Math.log1p(end)) : share * end;
}

/** Whole epochs to mark, at most `most` of them: round ones, or by the logarithm 0 and powers of ten. */
export function epochTicks({ last, isLog }: EpochAxis, most: number): number[] {
  if (!isLog) return niceTicks(0, last, Math.max(most, 2)).filter(Number.isInteger);
  const powers = Array.from({ length: Math.floor(Math.log10(Math.max(last, 1))) + 1 }, (_, power) => 10 ** power);
  const step = Math.ceil(powers.length / Math.max(most - 1, 1));
  return [0, ...powers.filter((_, power) => power % step === 0)];
}
