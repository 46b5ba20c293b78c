/** A run at a glance, drawn into a cell of the table: losses as a short curve, and one head at a few epochs. */

import { bytesOf, frameOf } from "../core/cells.ts";
import { Palette } from "../core/colors.ts";
import { contextOf, cssValue, fit, make } from "../core/dom.ts";
import { epochWords, lossWords } from "../core/format.ts";
import type { Curve } from "../core/losses.ts";
import * as texts from "../core/texts.ts";
import type { Glance, Strip } from "./api.ts";
import { scales } from "./scales.ts";
import { sparkPoints } from "./spark.ts";

const SPARK = { width: 76, height: 22 };
const INSET = 1; // so that no line is cut off

/** A cell, empty until the glance is here. `theme` has the colours. */
export function glanceCell(glance: Glance | null, theme: Element): HTMLElement {
  const parts = glance ? [spark(glance, theme), ...(glance.strip ? [strip(glance.strip)] : [])] : [];
  return make("td", { class: "glance" }, ...parts);
}

function spark({ train, test }: Glance, theme: Element): HTMLCanvasElement {
  const words = texts.runs.sparkline(fromTo(test), fromTo(train));
  const canvas = make("canvas", { class: "spark", role: "img", "aria-label": words, title: words });
  const context = fit(canvas, SPARK.width, SPARK.height);
  context.translate(INSET, INSET);
  const points = sparkPoints([train, test], { width: SPARK.width - 2 * INSET, height: SPARK.height - 2 * INSET });
  points.forEach((line, i) => {
    context.strokeStyle = cssValue(theme, i === 0 ? "--train" : "--test");
    context.beginPath();
    for (const [x, y] of line) context.lineTo(x, y);
    context.stroke();
  });
  return canvas;
}

function strip({ subject, epochs, size: [rows, columns], hasGaps, cells }: Strip): HTMLElement {
  const words = `${subject} at ${epochs.length === 1 ? "epoch" : "epochs"} ${epochs.map(epochWords).join(", ")}`;
  const steps = bytesOf(cells);
  const { stops, sequential } = scales();
  const palette = Palette.of(stops[sequential], [0, 1]);
  const frames = epochs.map((_, i) => {
    const canvas = make("canvas", { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    const frame = frameOf(steps.subarray(i * rows * columns, (i + 1) * rows * columns), [0, 1], hasGaps);
    palette.paint(frame, columns, "upper", new Uint32Array(image.data.buffer));
    contextOf(canvas).putImageData(image, 0, 0);
    return canvas;
  });
  return make("span", { class: "glance-strip", role: "img", "aria-label": words, title: words }, ...frames);
}

function fromTo({ y }: Curve): string {
  const [first, last] = [y[0], y[y.length - 1]].map((loss) => lossWords(loss ?? null));
  return `${first} → ${last}`;
}
