/** A picture with its colour bar, in one place: frames of grids or of lines, drawn as controls say. */
import { ColorBar } from "./color_bar.ts";
import type { Choices, Control } from "./control_bar.ts";
import type { Content } from "./frame_cache.ts";
import { type Cell, extent, type Range } from "./grids.ts";
import { type Described, laidOut, Palettes, type Scales } from "./look.ts";
import { Picture } from "./picture.ts";

/** How a frame is to be drawn. */
export interface Drawing {
  /** null for lines, and before anything arrived. */
  readonly grids: Described | null;
  readonly controls: readonly Control[];
  readonly choices: Choices;
  /** The one panel to show large; null for all. */
  readonly panel: number | null;
  readonly epoch: number;
  /** Least and largest value of the run, as far as known. */
  range(): Range | null;
}

/** What a view tells of. */
export interface ViewCalls {
  /** A frame has to be painted (anew). */
  onReady(): void;
  /** The user chose one panel, or with null all. */
  onPanel(panel: number | null): void;
}

export class View {
  readonly picture: Picture;
  readonly #bar: ColorBar;
  readonly #palettes: Palettes;
  #cell: Cell | null = null;

  constructor(mount: HTMLElement, bar: HTMLElement, scales: Scales, { onReady, onPanel }: ViewCalls) {
    const onCell = (cell: Cell | null) => {
      this.#cell = cell;
      onReady();
    };
    this.picture = new Picture(mount, { onCell, onPanel }, onReady);
    this.#bar = new ColorBar(bar);
    this.#palettes = new Palettes(scales);
  }

  /** Paint a frame; without one the old picture fades. */
  paint(frame: Content | undefined, drawing: Drawing): void {
    const { grids: described, controls, choices, panel, epoch, range } = drawing;
    if (!frame || !("values" in frame) || !described) {
      if (frame && "plots" in frame) this.picture.show(frame, epoch);
      else this.picture.paint(undefined, undefined, null);
      return;
    }
    const grids = laidOut(described, controls, choices);
    const ranges = { fixed: () => grids.range, epoch: () => extent(frame), run: () => range() ?? grids.range };
    const palette = this.#palettes.chosen(controls, choices, ranges);
    this.picture.prepare(grids, panel);
    this.picture.paint(frame, palette, this.#cell);
    this.#bar.draw(palette, grids.valueName);
  }
}
