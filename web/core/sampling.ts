/** Cells that pixels of the screen show. Nothing here draws. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The cell behind the middle of each of `length` pixels that show `count` cells from `first` on. */
export const sampled = (first: number, count: number, length: number): Uint32Array =>
  Uint32Array.from({ length }, (_, pixel) => first + Math.floor(((pixel + 0.5) * count) / length));
