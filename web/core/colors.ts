/** Values to colours, with the same arithmetic as visualization/colors.py. */
import { decoder, type Frame, type Origin, type Range, topStep } from "./grids.ts";

const STEPS = 256;
const NO_VALUE = 0; // transparent

export type RGB = readonly number[];
/** Places in [0, 1] with their colour, linear in between. */
export type Stops = readonly (readonly [place: number, color: RGB])[];

/** The colours from `low` to `high`: 256 pixels, as ImageData holds them. */
export class Palette {
  readonly low: number;
  readonly high: number;
  readonly table: Uint32Array;
  #levels: { key: string; pixels: Uint32Array } | null = null;

  constructor([low, high]: Range, table: Uint32Array) {
    this.low = low;
    this.high = high;
    this.table = table;
  }

  /** From stops. Around a `midpoint`, equal distances above and below it are equally strong. */
  static of(stops: Stops, range: Range, midpoint: number | null = null): Palette {
    const used = midpoint === null ? stops : crop(stops, whole(range, midpoint), range);
    const colors = Array.from({ length: STEPS }, (_, step) => pack(colorAt(used, step / (STEPS - 1))));
    return new Palette(range, Uint32Array.from(colors));
  }

  /** From red, green and blue bytes of 256 colours. */
  static fromBytes(bytes: Uint8Array, range: Range): Palette {
    const colors = Array.from({ length: STEPS }, (_, step) => pack(bytes.subarray(3 * step, 3 * step + 3)));
    return new Palette(range, Uint32Array.from(colors));
  }

  /** The pixel of a number; beyond the range that of its end, for NaN a transparent one. */
  pixel(value: number): number {
    if (Number.isNaN(value)) return NO_VALUE;
    const step = ((value - this.low) / (this.high - this.low)) * (STEPS - 1) + 0.5;
    return this.table[Math.min(Math.max(step, 0), STEPS - 1) | 0];
  }

  /** Write the pixels of one panel, `columns` wide, into `pixels`, its first row at the top or at the bottom. */
  paint(panel: Frame, columns: number, origin: Origin, pixels: Uint32Array): void {
    const { values } = panel;
    const levels = this.#levelsOf(panel);
    const rows = values.length / columns;
    for (let row = 0; row < rows; row++) {
      const start = row * columns;
      const target = (origin === "lower" ? rows - 1 - row : row) * columns;
      if (levels) for (let i = 0; i < columns; i++) pixels[target + i] = levels[values[start + i]];
      else for (let i = 0; i < columns; i++) pixels[target + i] = this.pixel(values[start + i]);
    }
  }

  /** The pixel of every step of a frame that stores steps, kept for the next one; null for floats. */
  #levelsOf(frame: Frame): Uint32Array | null {
    const top = topStep(frame.values);
    if (top === null) return null;
    const key = `${top} ${frame.range}`;
    if (this.#levels?.key !== key) {
      const decode = decoder(frame);
      this.#levels = { key, pixels: Uint32Array.from({ length: top + 1 }, (_, step) => this.pixel(decode(step))) };
    }
    return this.#levels.pixels;
  }
}

function whole([low, high]: Range, midpoint: number): Range {
  const reach = Math.max(Math.abs(high - midpoint), Math.abs(low - midpoint));
  return [midpoint - reach, midpoint + reach];
}

/** The same colour for every value, over the smaller range that the values can have. */
function crop(stops: Stops, [wholeLow, wholeHigh]: Range, range: Range): Stops {
  const [first, last] = range.map((value) => (value - wholeLow) / (wholeHigh - wholeLow));
  const inside = stops.map(([place]) => place).filter((place) => first < place && place < last);
  return [first, ...inside, last].map((place) => [(place - first) / (last - first), colorAt(stops, place)]);
}

/** The operations and their order are those of numpy.interp, so that both sides round alike. */
function colorAt(stops: Stops, place: number): RGB {
  const before = stops.findLastIndex(([at]) => at <= place);
  if (before < 0) return stops[0][1];
  if (before === stops.length - 1) return stops[before][1];
  const [[from, low], [to, high]] = [stops[before], stops[before + 1]];
  return low.map((channel, i) => ((high[i] - channel) / (to - from)) * (place - from) + channel);
}

const pack = ([red, green, blue]: ArrayLike<number> & Iterable<number>): number =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
