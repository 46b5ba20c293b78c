/** Curves over epochs on a log axis, which are also the way to an epoch: click or drag goes there. */

import { ChartHint, valuesAt } from "./chart_hint.ts";
import { ChartMarks } from "./chart_marks.ts";
import { cssValue, fit, make } from "./dom.ts";
import { decades } from "./envelope.ts";
import { type EpochAxis, epochAt, epochTicks, shareOf } from "./epoch_axis.ts";
import { epochWords, powerWords } from "./format.ts";
import type { Lines, Series } from "./lines.ts";
import * as texts from "./texts.ts";
import { Thinned } from "./thinned.ts";

export const GUTTER = { left: 46, right: 14 }; // the slider has the same, see transport.css
const ROOM = { top: 8, bottom: 22 };
const TICK_HEIGHT = 5;
const LABEL_WIDTH = 90; // from one label of the axis of epochs to the next
const LABEL_GAP = 18; // between the last label and the one before it, at least
const LEAST_HEIGHT = 40;
const NOTHING: Lines = { series: [], marks: [], stops: [], last: 0 };

export class LineChart {
  readonly #mount: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  /** A row above the curves. */
  readonly legend = make("div", { class: "chart-legend" });
  readonly #marks: ChartMarks;
  readonly #hint = new ChartHint();
  readonly #thinned = new Thinned();
  readonly #marker = make("div", { class: "loss-marker", hidden: true });
  #lines = NOTHING;
  #isLog = false;
  #epoch: number | null = null;
  #width = 0;
  #height = 0;
  #top = ROOM.top;
  #decades: readonly [low: number, high: number] = [-1, 1];

  /** `onEpoch(epoch)` is told where the user points. */
  constructor(mount: HTMLElement, label: string, onEpoch: (epoch: number) => void) {
    this.#mount = mount;
    this.#canvas = make("canvas", { role: "img", "aria-label": label });
    this.#marks = new ChartMarks(onEpoch);
    this.legend.append(this.#marks.legend);
    this.legend.addEventListener("pointerdown", (event) => event.stopPropagation()); // which would go to an epoch
    mount.replaceChildren(this.#canvas, this.#marker, this.legend, this.#marks.element, this.#hint.element);
    this.#listen(onEpoch);
    const sizes = new ResizeObserver(() => this.draw());
    for (const sized of [mount, this.legend]) sizes.observe(sized); // the curves have the room below the legend
  }

  /** `isLog`: whether the axis of epochs is by their logarithm. */
  show(lines: Lines, isLog = false): void {
    this.#lines = lines;
    this.#isLog = isLog;
    this.#marks.show(lines.marks);
    this.draw();
  }

  /** Where the picture is. */
  mark(epoch: number | null): void {
    this.#epoch = epoch;
    this.#marker.hidden = epoch === null;
    this.#marker.style.transform = `translateX(${this.#x(epoch ?? 0)}px)`;
  }

  /** Draw anew: after a change of size or of the theme. */
  draw(): void {
    const box = this.#mount.getBoundingClientRect();
    if (!this.#lines.series.length || box.width < GUTTER.left * 2 || box.height < LEAST_HEIGHT) return;
    this.#width = box.width - GUTTER.left - GUTTER.right;
    this.#top = ROOM.top + this.legend.offsetHeight;
    this.#mount.style.setProperty("--legend", `${this.legend.offsetHeight}px`);
    this.#height = box.height - this.#top - ROOM.bottom;
    const context = fit(this.#canvas, box.width, box.height);
    context.font = `11px ${getComputedStyle(this.#mount).fontFamily}`;
    this.#decades = decades(this.#lines.series.filter(({ range }) => range === undefined));
    this.#drawGrid(context);
    this.#drawStops(context);
    for (const series of this.#lines.series) this.#drawCurve(context, series);
    this.#marks.place((epoch) => this.#x(epoch), [GUTTER.left, GUTTER.left + this.#width]);
    this.mark(this.#epoch);
  }

  get #axis(): EpochAxis {
    return { last: this.#lines.last, isLog: this.#isLog };
  }

  #x(epoch: number): number {
    return GUTTER.left + shareOf(this.#axis, epoch) * this.#width;
  }

  #y(value: number, range?: Series["range"]): number {
    const [low, high] = range ?? this.#decades;
    return this.#top + (1 - ((range ? value : Math.log10(value)) - low) / (high - low)) * this.#height;
  }

  #color(name: string): string {
    return name.startsWith("--") ? cssValue(this.#mount, name) : name;
  }

  #drawGrid(context: CanvasRenderingContext2D): void {
    const [low, high] = this.#decades;
    const step = Math.max(1, Math.ceil((high - low) / Math.max(1, Math.floor(this.#height / 22))));
    const [ink, line] = [this.#color("--faint"), this.#color("--grid")];
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let power = high; power >= low; power -= step) {
      const y = Math.round(this.#y(10 ** power)) + 0.5;
      context.fillStyle = ink;
      context.fillText(powerWords(power), GUTTER.left - 8, y);
      context.fillStyle = line;
      context.fillRect(GUTTER.left, y, this.#width, 1);
    }
  }

  #drawStops(context: CanvasRenderingContext2D): void {
    const bottom = this.#top + this.#height;
    context.fillStyle = this.#color("--faint");
    let drawn = -Infinity;
    for (const epoch of this.#lines.stops) {
      const x = this.#x(epoch);
      if (x - drawn < 2) continue;
      context.fillRect(x - 0.5, bottom, 1, TICK_HEIGHT);
      drawn = x;
    }
    this.#drawEpochs(context, bottom + 18);
  }

  /** The last epoch, and round ones before it where there is room. */
  #drawEpochs(context: CanvasRenderingContext2D, y: number): void {
    const { last } = this.#lines;
    const right = GUTTER.left + this.#width;
    context.textBaseline = "alphabetic";
    context.textAlign = "right";
    const end = texts.common.epoch(last);
    context.fillText(end, right, y);
    const free = right - context.measureText(end).width - LABEL_GAP;
    context.textAlign = "center";
    for (const epoch of epochTicks(this.#axis, Math.floor(this.#width / LABEL_WIDTH))) {
      const words = epochWords(epoch);
      if (this.#x(epoch) + context.measureText(words).width / 2 < free) context.fillText(words, this.#x(epoch), y);
    }
  }

  #drawCurve(context: CanvasRenderingContext2D, series: Series): void {
    context.strokeStyle = this.#color(series.color);
    context.lineWidth = series.width;
    context.setLineDash(series.isDashed ? [4, 3] : []);
    context.beginPath();
    for (const i of this.#thinned.of(series, this.#axis, this.#width)) {
      context.lineTo(this.#x(series.x[i]), this.#y(series.y[i], series.range));
    }
    context.stroke();
  }

  /** Say what the curves have at an epoch. */
  #tell(epoch: number): void {
    const whole = Math.round(epoch);
    this.#hint.show(this.#x(whole), whole, valuesAt(this.#lines.series, whole), this.#x(whole) > GUTTER.left + this.#width / 2);
  }

  #listen(onEpoch: (epoch: number) => void): void {
    const epochOf = (event: PointerEvent) => {
      const x = event.clientX - this.#mount.getBoundingClientRect().left - GUTTER.left;
      return Math.min(epochAt(this.#axis, Math.min(Math.max(x / this.#width, 0), 1)), this.#lines.last);
    };
    const go = (event: PointerEvent) => onEpoch(epochOf(event));
    this.#mount.addEventListener("pointerdown", (event) => {
      this.#mount.setPointerCapture(event.pointerId);
      go(event);
    });
    this.#mount.addEventListener("pointermove", (event) => {
      if (this.#mount.hasPointerCapture(event.pointerId)) go(event);
      if (this.#marks.isAt(event.target)) this.#hint.hide();
      else this.#tell(epochOf(event));
    });
    this.#mount.addEventListener("pointerleave", () => this.#hint.hide());
  }
}
