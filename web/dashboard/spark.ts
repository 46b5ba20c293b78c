/** Losses as a curve of a few pixels. Nothing here draws. */
import { isOnLogAxis } from "../core/envelope.ts";
import type { Curve } from "../core/losses.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Points of each curve in a box, on a log axis from the least to the largest of all values. */
export function sparkPoints(curves: readonly Curve[], { width, height }: Size): [x: number, y: number][][] {
  const known = curves.map(({ x, y }) =>
    Array.from(x, (epoch, i) => [epoch, y[i]] as const).filter(([, loss]) => isOnLogAxis(loss)),
  );
  const powers = known.flatMap((points) => points.map(([, loss]) => Math.log10(loss)));
  const [low, high] = [Math.min(...powers), Math.max(...powers)];
  const last = Math.max(1, ...known.flatMap((points) => points.map(([epoch]) => epoch)));
  const y = (loss: number) => (high > low ? ((high - Math.log10(loss)) / (high - low)) * height : height / 2);
  return known.map((points) => points.map(([epoch, loss]) => [(epoch / last) * width, y(loss)]));
}
