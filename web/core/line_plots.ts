/** Draws pictures of lines: plots above each other, names beside them, values under the pointer. */

import { cssValue, fit, make } from "./dom.ts";
import { epochWords, powerWords, valueWords } from "./format.ts";
import type { Size } from "./layout.ts";
import { type Chart, EPOCH, heights, mostTicks, type Plot, type PlotSeries, span, valuesAt } from "./plots.ts";
import * as texts from "./texts.ts";
import { indexTicks, niceTicks } from "./ticks.ts";

const ROOM = { left: 58, right: 16, top: 26, bottom: 40 };
const GAP = 34;

interface Box {
  readonly top: number;
  readonly height: number;
}

export class LinePlots {
  readonly element: HTMLElement;
  readonly #canvas = make("canvas", { role: "img" });
  readonly #names = make("div", { class: "line-names" });
  #chart: Chart | null = null;
  #epoch: number | null = null;
  #size: Size = { width: 0, height: 0 };
  #pointed: number | null = null;

  constructor() {
    this.element = make("div", { class: "line-plots" }, this.#canvas, this.#names);
    this.#canvas.addEventListener("pointermove", (event) => this.#point(event.offsetX));
    this.#canvas.addEventListener("pointerleave", () => this.#point(null));
  }

  layout(room: Size): void {
    this.#size = room;
    this.#draw();
  }

  /** Show `chart`, with the epoch of now marked on an axis of epochs. */
  show(chart: Chart, epoch: number | null): void {
    this.#chart = chart;
    this.#epoch = epoch;
    this.#draw();
  }

  #point(x: number | null): void {
    this.#pointed = x;
    this.#draw();
  }

  #draw(): void {
    const chart = this.#chart;
    const { width } = this.#size;
    if (!chart || width < 2 * ROOM.left) return;
    this.#showNames(chart);
    const height = Math.max(this.#size.height - this.#names.offsetHeight, 120);
    const context = fit(this.#canvas, width, height);
    this.#canvas.setAttribute("aria-label", chart.plots.map(({ label }) => texts.picture.plot(label, chart.xName)).join(", "));
    context.font = `11px ${getComputedStyle(this.element).fontFamily}`;
    const each = (height - ROOM.top - ROOM.bottom - GAP * (chart.plots.length - 1)) / chart.plots.length;
    const boxes = chart.plots.map((_, i) => ({ top: ROOM.top + i * (each + GAP), height: each }));
    this.#drawXAxis(context, chart, height);
    for (const mark of chart.marks) this.#drawUpright(context, chart, mark.epoch, mark.color, boxes, [4, 3]);
    if (chart.xName === EPOCH && this.#epoch !== null) this.#drawUpright(context, chart, this.#epoch, "--text", boxes, []);
    chart.plots.forEach((plot, i) => {
      this.#drawPlot(context, chart, plot, boxes[i]);
    });
  }

  #x(chart: Chart, value: number): number {
    const [low, high] = span(chart);
    return ROOM.left + ((value - low) / (high - low)) * (this.#size.width - ROOM.left - ROOM.right);
  }

  #color(name: string): string {
    return name.startsWith("--") ? cssValue(this.element, name) : name;
  }

  #drawXAxis(context: CanvasRenderingContext2D, chart: Chart, height: number): void {
    const [low, high] = span(chart);
    const { xTicks } = chart;
    const ticks = xTicks ? indexTicks(xTicks.length) : niceTicks(low, high);
    const words = (tick: number) => xTicks?.[tick] ?? (chart.xName === EPOCH ? epochWords(tick) : valueWords(tick));
    const y = height - ROOM.bottom + 16;
    context.fillStyle = this.#color("--soft");
    context.textAlign = "center";
    for (const tick of ticks) context.fillText(words(tick), this.#x(chart, tick), y);
    context.fillText(chart.xName, (ROOM.left + this.#size.width - ROOM.right) / 2, y + 16);
  }

  #drawUpright(
    context: CanvasRenderingContext2D,
    chart: Chart,
    at: number,
    color: string,
    boxes: readonly Box[],
    dash: number[],
  ): void {
    context.strokeStyle = this.#color(color);
    context.lineWidth = 1;
    context.setLineDash(dash);
    for (const { top, height } of boxes) {
      context.beginPath();
      context.moveTo(this.#x(chart, at), top);
      context.lineTo(this.#x(chart, at), top + height);
      context.stroke();
    }
    context.setLineDash([]);
  }

  #drawPlot(context: CanvasRenderingContext2D, chart: Chart, plot: Plot, box: Box): void {
    const [low, high] = heights(plot);
    const y = (value: number) => box.top + ((high - value) / (high - low)) * box.height;
    const scaled = (value: number) => y(plot.isLog ? Math.log10(value) : value);
    context.fillStyle = this.#color("--soft");
    context.textAlign = "left";
    context.fillText(plot.label, ROOM.left, box.top - 10);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of niceTicks(low, high, mostTicks(box.height))) {
      context.fillStyle = this.#color("--soft");
      context.fillText(plot.isLog ? powerWords(tick) : valueWords(tick, 3), ROOM.left - 8, y(tick));
      context.fillStyle = this.#color("--grid");
      context.fillRect(ROOM.left, Math.round(y(tick)), this.#size.width - ROOM.left - ROOM.right, 1);
    }
    context.textBaseline = "alphabetic";
    context.fillStyle = this.#color("--faint");
    for (const level of plot.levels) context.fillRect(ROOM.left, scaled(level), this.#size.width - ROOM.left - ROOM.right, 1);
    for (const series of plot.series) this.#drawSeries(context, chart, series, scaled, plot.isLog);
  }

  #drawSeries(
    context: CanvasRenderingContext2D,
    chart: Chart,
    series: PlotSeries,
    y: (value: number) => number,
    isLog: boolean,
  ): void {
    context.strokeStyle = this.#color(series.color);
    context.lineWidth = 1.75;
    context.setLineDash(series.isDashed ? [4, 3] : []);
    context.beginPath();
    let isOpen = false;
    series.x.forEach((place, i) => {
      const value = series.y[i];
      const isShown = value !== null && (!isLog || value > 0);
      if (isShown && isOpen) context.lineTo(this.#x(chart, place), y(value));
      else if (isShown) context.moveTo(this.#x(chart, place), y(value));
      isOpen = isShown;
    });
    context.stroke();
    context.setLineDash([]);
  }

  /** The legend, with the values where the pointer is, or at the epoch of now. */
  #showNames(chart: Chart): void {
    const x = this.#place(chart);
    const parts = chart.plots.flatMap((plot) =>
      (x === null ? plot.series.map(({ name, color }) => ({ name, color, y: null })) : valuesAt(plot, x)).map(
        ({ name, color, y }) => {
          const words = y === null ? name : `${name} ${valueWords(y, 3)}`;
          return make("span", { style: `color:${color.startsWith("--") ? `var(${color})` : color}` }, words);
        },
      ),
    );
    const place =
      x === null
        ? ""
        : (chart.xTicks?.[Math.round(x)] ?? (chart.xName === EPOCH ? epochWords(Math.round(x)) : valueWords(x, 4)));
    this.#names.replaceChildren(...(place ? [make("strong", {}, `${chart.xName} ${place}`)] : []), ...parts);
  }

  /** The x that the names tell of. */
  #place(chart: Chart): number | null {
    if (this.#pointed === null) return chart.xName === EPOCH ? this.#epoch : null;
    const [low, high] = span(chart);
    const share = (this.#pointed - ROOM.left) / (this.#size.width - ROOM.left - ROOM.right);
    return low + Math.min(Math.max(share, 0), 1) * (high - low);
  }
}
