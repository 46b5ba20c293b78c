/** Pictures of several runs side by side in one colour range, with the colour bar and the difference of two. */

import { ColorBar } from "./color_bar.ts";
import type { Choices, Control } from "./control_bar.ts";
import { Difference } from "./difference.ts";
import { make } from "./dom.ts";
import { around, type Cell, extent, type Frame, type Grids, type Range } from "./grids.ts";
import { counted, summed } from "./histogram.ts";
import { Palettes, type Scales } from "./look.ts";
import type { PictureCalls } from "./panels.ts";
import { pointedValues } from "./pointed.ts";
import { markEdges } from "./scroll_edges.ts";
import type { SideBox } from "./side_box.ts";
import { hasStrips } from "./strips_control.ts";

const BINS = 64;

/** The colours of runs, in their order. */
export const RUN_COLORS = ["--run-0", "--run-1", "--run-2", "--run-3", "--soft"];

/** What a side shows now. */
export interface ShownSide {
  readonly box: SideBox;
  /** null before anything arrived */
  readonly grids: Grids | null;
  readonly frame: Frame | undefined;
  /** Least and largest value of the run, as far as known. */
  readonly range: Range | null;
}

/** How all sides are drawn. */
export interface SidesLook {
  readonly controls: readonly Control[];
  readonly choices: Choices & { readonly beside?: string };
  /** The one panel to show large; null for all. */
  readonly panel: number | null;
}

type Calls = Omit<PictureCalls, "onCell">;

export class SidesView {
  /** Where the sides stand. */
  readonly element = make("div", { class: "sides", id: "sides" });
  /** What a picture on a side has to call. */
  readonly calls: PictureCalls;
  readonly #bar: ColorBar;
  readonly #palettes: Palettes;
  readonly #difference: Difference;
  #cell: Cell | null = null;

  /** `stage` is the place of all of it. `onReady()` is called when frames have to be painted (anew). */
  constructor(stage: HTMLElement, scales: Scales, calls: Calls, onReady: () => void) {
    const onCell = (cell: Cell | null) => {
      this.#cell = cell;
      onReady();
    };
    const [bar, other] = [make("div", { class: "color-bar" }), make("div", { class: "color-bar" })];
    this.calls = { ...calls, onCell };
    this.#bar = new ColorBar(bar);
    this.#palettes = new Palettes(scales);
    this.#difference = new Difference(other, this.calls, onReady);
    this.element.append(this.#difference.element);
    markEdges(this.element);
    stage.replaceChildren(this.element, make("div", { class: "bars" }, bar, other));
  }

  /** Have these sides, from left to right. */
  arrange(boxes: readonly SideBox[]): void {
    boxes.forEach((box, index) => {
      box.color = RUN_COLORS[index];
      this.element.insertBefore(box.element, this.#difference.element);
    });
  }

  paint(sides: readonly ShownSide[], look: SidesLook): void {
    const known = sides.flatMap(({ grids }) => (grids ? [grids] : []));
    const here = sides.flatMap(({ frame }) => (frame ? [frame] : []));
    this.#difference.prepare(sides.length === 2 ? known : [], look.panel, this.#palettes);
    if (!here.length || !known.length) return;
    const [{ range, axes, block, valueName }] = known;
    const palette = this.#palettes.chosen(look.controls, look.choices, {
      fixed: () => range,
      epoch: () => around(here.map(extent)),
      run: () => around(sides.map((side) => side.range ?? range)),
    });
    for (const { box, grids, frame } of sides) {
      if (grids) box.picture.prepare(grids, look.panel, hasStrips(look.choices));
      const isSame = JSON.stringify([grids?.axes, grids?.block]) === JSON.stringify([axes, block]); // a cell means the same
      box.picture.paint(frame, palette, isSame ? this.#cell : null);
    }
    this.#bar.draw(palette, valueName);
    this.#count(sides, look.panel, [palette.low, palette.high]);
    this.#difference.paint(
      sides.map(({ frame }) => frame),
      this.#cell,
    );
  }

  /** How often values occur on all sides, and those at the cell that is pointed at, in the colours of the runs. */
  #count(sides: readonly ShownSide[], panel: number | null, range: Range): void {
    const shown = sides.flatMap(({ box: { color }, grids, frame }) =>
      frame && grids ? [{ frame, grids, color, only: panel === null ? null : Math.min(panel, grids.titles.length - 1) }] : [],
    );
    this.#bar.count(summed(shown.map(({ grids, frame, only }) => counted(grids, frame, only, range, BINS))));
    const points = shown.flatMap(({ grids, frame, only, color }) =>
      pointedValues(grids, frame, only ?? this.#cell?.panel ?? null, this.#cell).map((one) => ({
        ...one,
        color: `var(${color})`,
      })),
    );
    this.#bar.point(points);
  }
}
