/** A picture with its colour bar, in one place: frames of grids or of lines, drawn as controls say. */
import { ColorBar } from "./color_bar.ts";
import type { Choices, Control } from "./control_bar.ts";
import type { Content } from "./frame_cache.ts";
import { type Cell, extent, type Range } from "./grids.ts";
import { counted } from "./histogram.ts";
import { type Described, laidOut, Palettes, type Scales } from "./look.ts";
import { Picture } from "./picture.ts";
import { pointedValues } from "./pointed.ts";
import { type Region, within } from "./region.ts";
import { hasStrips } from "./strips_control.ts";

const BINS = 64;

/** How a frame is to be drawn. */
export interface Drawing {
  /** null for lines, and before anything arrived. */
  readonly grids: Described | null;
  readonly controls: readonly Control[];
  readonly choices: Choices;
  /** The one panel to show large; null for all. */
  readonly panel: number | null;
  /** The part of the grid to show large, where the page keeps it; a view without `onRegion` keeps it itself. */
  readonly region?: Region | null;
  readonly epoch: number;
  /** Least and largest value of the run, as far as known. */
  range(): Range | null;
}

/** What a view tells of. */
export interface ViewCalls {
  /** A frame has to be painted (anew). */
  onReady(): void;
  /** The user chose one panel, or with null all. */
  onPanel(panel: number | null, cell?: Cell | null): void;
  /** The user chose a part of the grid, or with null all of it. */
  onRegion?(region: Region | null): void;
}

export class View {
  readonly picture: Picture;
  readonly #bar: ColorBar;
  readonly #palettes: Palettes;
  #cell: Cell | null = null;
  #region: Region | null = null;
  #axes: Described["axes"] | null = null;

  constructor(mount: HTMLElement, bar: HTMLElement, scales: Scales, { onReady, onPanel, onRegion }: ViewCalls) {
    const onCell = (cell: Cell | null) => {
      this.#cell = cell;
      onReady();
    };
    const keepRegion = (region: Region | null) => {
      this.#region = region;
      onReady();
    };
    this.picture = new Picture(mount, { onCell, onPanel, onRegion: onRegion ?? keepRegion }, onReady);
    this.#bar = new ColorBar(bar);
    this.#palettes = new Palettes(scales);
  }

  /** The axes of the grids that were painted last; null before any. */
  get axes(): Described["axes"] | null {
    return this.#axes;
  }

  /** Paint a frame; without one the old picture fades. */
  paint(frame: Content | undefined, drawing: Drawing): void {
    const { grids: described, controls, choices, panel, region = this.#region, epoch, range } = drawing;
    if (!frame || !("values" in frame) || !described) {
      if (frame && "plots" in frame) this.picture.show(frame, epoch);
      else this.picture.paint(undefined, undefined, null);
      return;
    }
    this.#axes = described.axes;
    const grids = { ...laidOut(described, controls, choices), region: within(region, described.axes) };
    const ranges = { fixed: () => grids.range, epoch: () => extent(frame), run: () => range() ?? grids.range };
    const palette = this.#palettes.chosen(controls, choices, ranges);
    this.picture.prepare(grids, panel, hasStrips(choices));
    this.picture.paint(frame, palette, this.#cell);
    this.#bar.draw(palette, grids.valueName);
    const only = panel === null || grids.titles.length === 1 ? null : Math.min(panel, grids.titles.length - 1);
    this.#bar.count(counted(grids, frame, only, [palette.low, palette.high], BINS));
    this.#bar.point(pointedValues(grids, frame, only, this.#cell));
  }
}
