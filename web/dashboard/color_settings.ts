/** From the choices of the user to colours. */
import { Palette } from "../core/colors.ts";
import type { Range } from "../core/grids.ts";
import * as api from "./api.ts";

/** The page knows the range of a run, which a renderer of one epoch cannot offer. */
export const WHOLE_RUN: api.Option = { value: "run", label: "Range of this run", arguments: { color_range: "run" } };

let scales: api.Scales | null = null;

/** Fetch the scales once, before the first picture. */
export async function load(): Promise<void> {
  scales ??= await api.colors();
}

/** The ranges that a choice may ask for. */
export interface Ranges {
  fixed(): Range;
  epoch(): Range;
  run(): Range;
}

/** The palette of a scale, or with "auto" of the scale that suits. */
export function palette(scale: string, range: Range, midpoint: number | null = null): Palette {
  if (scales === null) throw new Error("the colour scales are not loaded");
  const name = scale === "auto" ? scales[midpoint === null ? "sequential" : "diverging"] : scale;
  return Palette.of(scales.stops[name] ?? scales.stops[scales.sequential], range, midpoint);
}

/** The last palette is kept: its tables take longer to make than a picture to paint. */
export class ColorSettings {
  #key = "";
  #last: Palette | null = null;

  /** `option` is that of the colour control. */
  palette(option: api.Option | null, scale: string, ranges: Ranges): Palette {
    const { color_range: choice, midpoint } = option?.arguments ?? {};
    const [low, high] = choice === "epoch" ? ranges.epoch() : choice === "run" ? ranges.run() : ranges.fixed();
    const range = low < high ? ([low, high] as const) : ranges.fixed();
    const center = typeof midpoint === "number" ? midpoint : null;
    const key = `${scale} ${range} ${center}`;
    if (this.#last === null || this.#key !== key) {
      this.#key = key;
      this.#last = palette(scale, range, center);
    }
    return this.#last;
  }
}
