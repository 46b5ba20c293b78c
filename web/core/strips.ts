/** Strips beside a heat map: its means over either axis, and the slices through the cell that is pointed at. */

import type { Palette } from "./colors.ts";
import { cssValue, fit, make } from "./dom.ts";
import { type Cell, type Frame, type Grids, placeWords } from "./grids.ts";
import type { Size } from "./layout.ts";
import { means, type Profiles, slices } from "./slices.ts";
import * as texts from "./texts.ts";

const MARGIN = 2; // pixels between a line and the edge of its strip

interface Shown {
  readonly frame: Frame;
  readonly palette: Palette;
  readonly means: Profiles;
}

export class Strips {
  readonly elements: readonly HTMLElement[];
  readonly #grids: Grids;
  readonly #depth: number;
  readonly #below: HTMLCanvasElement;
  readonly #beside: HTMLCanvasElement;
  readonly #names: readonly [right: HTMLElement, down: HTMLElement];
  #size: Size = { width: 0, height: 0 };
  #contexts: { below: CanvasRenderingContext2D; beside: CanvasRenderingContext2D } | null = null;
  #shown: Shown | null = null;
  #cell: Cell | null = null;

  /** `depth` is the room for values, in CSS pixels. */
  constructor(grids: Grids, depth: number) {
    const [down, right] = grids.axes;
    this.#grids = grids;
    this.#depth = depth;
    this.#below = strip("profile-x", texts.picture.meanOf(down.name, right.name));
    this.#beside = strip("profile-y", texts.picture.meanOf(right.name, down.name));
    this.#names = [name("over-first"), name("over-second")];
    this.elements = [this.#below, this.#beside, ...this.#names];
  }

  setSize(size: Size): void {
    this.#size = size;
    this.#contexts = {
      below: fit(this.#below, size.width, this.#depth),
      beside: fit(this.#beside, this.#depth, size.height),
    };
    this.#draw();
  }

  /** The values of the panel; the colours say what the strips span. */
  paint(frame: Frame, palette: Palette): void {
    this.#shown = { frame, palette, means: means(this.#grids, frame) };
    this.#draw();
  }

  /** Have slices go through a cell; null for none. */
  point(cell: Cell | null): void {
    if (cell?.row === this.#cell?.row && cell?.column === this.#cell?.column) return;
    this.#cell = cell;
    this.#draw();
  }

  #draw(): void {
    if (!this.#shown || !this.#contexts) return;
    const { frame, palette, means } = this.#shown;
    const { width, height } = this.#size;
    this.#contexts.below.clearRect(0, 0, width, this.#depth);
    this.#contexts.beside.clearRect(0, 0, this.#depth, height);
    const found = this.#cell && slices(this.#grids, frame, this.#cell);
    this.#lines(means, palette, found ? "--faint" : "--accent", 1.5);
    if (found) this.#lines(found, palette, "--accent", 2);
    this.#showNames(found !== null);
  }

  #lines({ right, down }: Profiles, { low, high }: Palette, color: string, lineWidth: number): void {
    if (!this.#contexts) return;
    const { below, beside } = this.#contexts;
    const { width, height } = this.#size;
    const ink = cssValue(this.elements[0], color);
    const share = (value: number) => Math.min(Math.max((value - low) / (high - low), 0), 1);
    const across = (value: number) => share(value) * (this.#depth - 2 * MARGIN) + MARGIN;
    const rows = this.#grids.origin === "lower" ? down.toReversed() : down;
    const style = { ink, lineWidth };
    polyline(
      below,
      style,
      right.map((value, i) => [((i + 0.5) / right.length) * width, this.#depth - across(value)]),
    );
    polyline(
      beside,
      style,
      rows.map((value, i) => [across(value), ((i + 0.5) / rows.length) * height]),
    );
  }

  #showNames(isSliced: boolean): void {
    const { axes, block = [1, 1] } = this.#grids;
    const places = this.#cell && [this.#cell.row * block[0], this.#cell.column * block[1]];
    this.#names.forEach((element, i) => {
      const axis = axes[i];
      const at = isSliced && places ? [make("strong", {}, `${axis.name} = ${placeWords(axis, places[i])}`)] : [];
      element.replaceChildren(...at, make("span", {}, texts.picture.meanOver(axis.name)));
    });
  }
}

type Point = readonly [x: number, y: number];

const strip = (kind: string, label: string) => make("canvas", { class: `profile ${kind}`, role: "img", "aria-label": label });

const name = (place: string) => make("span", { class: `profile-name ${place}` });

function polyline(
  context: CanvasRenderingContext2D,
  { ink, lineWidth }: { ink: string; lineWidth: number },
  points: readonly Point[],
): void {
  context.strokeStyle = ink;
  context.lineWidth = lineWidth;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}
