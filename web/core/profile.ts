/** One panel, large, with its means over either axis beside it. */
import type { Palette } from "./colors.ts";
import { cssValue, fit, make } from "./dom.ts";
import { type Cell, cellWords, decoder, type Frame, type Grids, panelValues, shapeOf } from "./grids.ts";
import { GUTTER, HeatMap } from "./heat_map.ts";
import { fitPanel, type Size } from "./layout.ts";
import type { Painter, PictureCalls } from "./panels.ts";

const STRIP = 76; // room for a profile
const DRAWN = STRIP - 16;
const LEAST = 140;

export class Profile implements Painter {
  readonly element: HTMLElement;
  readonly #grids: Grids;
  readonly #panel: number;
  readonly #map: HeatMap;
  readonly #below: HTMLCanvasElement;
  readonly #beside: HTMLCanvasElement;
  #size: Size = { width: LEAST, height: LEAST };
  #contexts: { below: CanvasRenderingContext2D; beside: CanvasRenderingContext2D } | null = null;
  #shown: { means: Means; palette: Palette } | null = null;

  constructor(grids: Grids, panel: number, calls: PictureCalls) {
    const [down, right] = grids.axes;
    this.#grids = grids;
    this.#panel = Math.min(panel, grids.titles.length - 1);
    this.#map = new HeatMap(grids, this.#panel, calls.onCell);
    this.#below = strip("profile-x", `Mean over ${down.name}, for every ${right.name}`);
    this.#beside = strip("profile-y", `Mean over ${right.name}, for every ${down.name}`);
    if (grids.titles.length > 1) {
      const back = make("button", { class: "text-button", type: "button" }, `all ${grids.panelName}s`);
      back.addEventListener("click", () => calls.onPanel?.(null));
      this.#map.caption.append(back);
    }
    const names = [profileName("over-first", down.name), profileName("over-second", right.name)];
    this.element = make("div", { class: "single-head" }, this.#map.element, this.#below, this.#beside, ...names);
  }

  layout(room: Size): void {
    const left = { width: room.width - STRIP, height: room.height - STRIP };
    this.#size = fitPanel(left, shapeOf(this.#grids), GUTTER, LEAST, devicePixelRatio);
    this.#map.setSize(this.#size);
    this.element.style.setProperty("--strip", `${STRIP}px`);
    const { width, height } = this.#size;
    this.#contexts = { below: fit(this.#below, width, DRAWN), beside: fit(this.#beside, DRAWN, height) };
    this.#draw();
  }

  paint(frame: Frame, palette: Palette): void {
    const values = panelValues(this.#grids, frame, this.#panel);
    this.#map.paint({ values, range: frame.range }, palette);
    this.#map.draw(frame.curves?.filter((curve) => curve.panel === this.#panel) ?? []);
    this.#shown = { means: means(this.#grids, { values, range: frame.range }), palette };
    this.#draw();
  }

  mark(cell: Cell | null, frame: Frame): void {
    this.#map.mark(cell, cell && cellWords(this.#grids, frame, this.#panel, cell));
  }

  #draw(): void {
    if (!this.#shown || !this.#contexts) return;
    const { width, height } = this.#size;
    const { below, beside } = this.#contexts;
    const { means, palette } = this.#shown;
    below.clearRect(0, 0, width, DRAWN);
    beside.clearRect(0, 0, DRAWN, height);
    const color = cssValue(this.element, "--accent");
    const across = (mean: number) => ((mean - palette.low) / (palette.high - palette.low)) * (DRAWN - 4) + 2;
    line(
      below,
      color,
      along(means.overFirst, width, (mean) => DRAWN - across(mean)),
    );
    const rows = this.#grids.origin === "lower" ? means.overSecond.toReversed() : means.overSecond;
    line(
      beside,
      color,
      along(rows, height, across).map(([y, x]) => [x, y]),
    );
  }
}

export interface Means {
  /** For every place of the second axis. */
  readonly overFirst: readonly number[];
  /** For every place of the first axis. */
  readonly overSecond: readonly number[];
}

/** The means of one panel over each of its axes. */
export function means(grids: Grids, panel: Frame): Means {
  const { rows, columns } = shapeOf(grids);
  const decode = decoder(panel);
  const overFirst = new Array<number>(columns).fill(0);
  const overSecond = new Array<number>(rows).fill(0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = decode(panel.values[row * columns + column]);
      overFirst[column] += value / rows;
      overSecond[row] += value / columns;
    }
  }
  return { overFirst, overSecond };
}

type Point = readonly [x: number, y: number];

/** Points at the middles of equal parts of `length`. */
function along(values: readonly number[], length: number, across: (value: number) => number): Point[] {
  return values.map((value, i) => [((i + 0.5) / values.length) * length, across(value)]);
}

const strip = (kind: string, label: string) => make("canvas", { class: `profile ${kind}`, role: "img", "aria-label": label });

const profileName = (place: string, axis: string) => make("span", { class: `profile-name ${place}` }, `mean over ${axis}`);

function line(context: CanvasRenderingContext2D, color: string, points: readonly Point[]): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}
