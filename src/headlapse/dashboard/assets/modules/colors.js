/* Values to colours, with the same scales and the same arithmetic as visualization/colors.py. */
import * as api from "./api.js";

const STEPS = 256;
const LEVELS = 65536; // of uint16 frames
let published = null;

/** Fetch the scales once, before the first picture. */
export async function load() {
  published ??= await api.colors();
}

/**
 * The colours for a choice of range and scale.
 * `range` is [low, high] of what is shown where the choice follows the data; `midpoint` makes the scale diverge.
 */
export function palette(scale, [low, high], midpoint = null) {
  const name = scale === "auto" ? published[midpoint === null ? "sequential" : "diverging"] : scale;
  let stops = published.stops[name] ?? published.stops[published.sequential];
  if (midpoint !== null) {
    const reach = Math.max(Math.abs(high - midpoint), Math.abs(low - midpoint));
    stops = crop(stops, midpoint - reach, midpoint + reach, low, high);
  }
  return new Palette(stops, low, high);
}

class Palette {
  constructor(stops, low, high) {
    this.low = low;
    this.high = high;
    this.table = Uint32Array.from({ length: STEPS }, (_, step) => pack(interpolate(stops, step / (STEPS - 1))));
    this.levels = null;
  }

  /** The RGBA pixel of a value, as ImageData holds it. */
  pixel(value) {
    const step = ((value - this.low) / (this.high - this.low)) * (STEPS - 1) + 0.5;
    return this.table[Math.min(Math.max(step, 0), STEPS - 1) | 0];
  }

  /** Write the pixels of `values` (uint16 or float32) into `pixels`, from `offset` on. */
  paint(values, pixels, offset = 0) {
    if (values instanceof Uint16Array) {
      this.levels ??= Uint32Array.from({ length: LEVELS }, (_, level) => this.pixel(level / (LEVELS - 1)));
      for (let i = 0; i < values.length; i++) pixels[offset + i] = this.levels[values[i]];
    } else {
      for (let i = 0; i < values.length; i++) pixels[offset + i] = this.pixel(values[i]);
    }
  }
}

/** The same colour for every value, over the smaller range that the values can have. */
function crop(stops, wholeLow, wholeHigh, low, high) {
  const place = (value) => (value - wholeLow) / (wholeHigh - wholeLow);
  const [first, last] = [place(low), place(high)];
  const inside = stops.map(([at]) => at).filter((at) => first < at && at < last);
  return [first, ...inside, last].map((at) => [(at - first) / (last - first), interpolate(stops, at)]);
}

function interpolate(stops, place) {
  let next = stops.findIndex(([at]) => at >= place);
  if (next < 0) next = stops.length - 1;
  if (next === 0) return stops[0][1];
  const [[from, low], [to, high]] = [stops[next - 1], stops[next]];
  const share = (place - from) / (to - from);
  return low.map((channel, i) => channel + (high[i] - channel) * share);
}

const pack = ([red, green, blue]) =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
