/** From the choices of the user to how grids are drawn. */

import { Palette, type Stops } from "./colors.ts";
import { type Choices, type Control, optionOf } from "./control_bar.ts";
import type { Grids, Origin, Range } from "./grids.ts";
import * as texts from "./texts.ts";

/** The page knows the range of a run, which one epoch cannot tell. */
const WHOLE_RUN = { value: "run", label: texts.controls.wholeRun, arguments: { color_range: "run" } };
const COLOR = "color";

export interface Scales {
  readonly stops: Readonly<Record<string, Stops>>;
  readonly sequential: string;
  readonly diverging: string;
}

/** The ranges that a choice may ask for. */
export interface Ranges {
  fixed(): Range;
  epoch(): Range;
  run(): Range;
}

/** The controls with what this page can offer besides. */
export function withRunRange(controls: readonly Control[]): readonly Control[] {
  return controls.map((control) =>
    control.isLook && control.name === COLOR ? { ...control, options: [...control.options, WHOLE_RUN] } : control,
  );
}

/** What stays the same from epoch to epoch, as it comes with frames. */
export type Described = Omit<Grids, "origin" | "columns">;

/** Grids drawn as the controls say. */
export function laidOut(described: Described, controls: readonly Control[], choices: Choices): Grids {
  const { origin, columns } = lookOf(controls, choices);
  const wide = typeof columns === "number" || columns === "layer" ? columns : null;
  return { ...described, origin: (origin === "lower" ? "lower" : "upper") satisfies Origin, columns: wide };
}

/** Palettes by choice. The last one is kept: its tables take longer to make than a picture to paint. */
export class Palettes {
  readonly #scales: Scales;
  #key = "";
  #last: Palette | null = null;

  constructor(scales: Scales) {
    this.#scales = scales;
  }

  /** The palette of a scale, or with null of the scale that suits. */
  of(scale: string | null, range: Range, midpoint: number | null = null): Palette {
    const { stops, sequential, diverging } = this.#scales;
    const name = scale ?? (midpoint === null ? sequential : diverging);
    return Palette.of(stops[name] ?? stops[sequential], range, midpoint);
  }

  chosen(controls: readonly Control[], choices: Choices, ranges: Ranges): Palette {
    const { color_range: wanted, midpoint, scale } = lookOf(controls, choices);
    const [low, high] = rangeOf(wanted, ranges);
    const range = low < high ? ([low, high] as const) : ranges.fixed();
    const center = typeof midpoint === "number" ? midpoint : null;
    const name = typeof scale === "string" ? scale : null;
    const key = `${name} ${range} ${center}`;
    if (this.#last === null || this.#key !== key) {
      this.#key = key;
      this.#last = this.of(name, range, center);
    }
    return this.#last;
  }
}

function rangeOf(wanted: unknown, ranges: Ranges): Range {
  if (wanted === "epoch") return ranges.epoch();
  if (wanted === "run") return ranges.run();
  if (Array.isArray(wanted)) return [Number(wanted[0]), Number(wanted[1])];
  return ranges.fixed();
}

/** What the chosen options of all look controls mean. */
function lookOf(controls: readonly Control[], choices: Choices): Record<string, unknown> {
  const chosen = controls.filter(({ isLook }) => isLook).map((control) => optionOf(control, choices)?.arguments ?? {});
  return Object.assign({}, ...chosen);
}
