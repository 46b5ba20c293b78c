/** Test losses of runs as SVG, with the names of those in front. */

import { cssValue } from "../core/dom.ts";
import { decades, envelope } from "../core/envelope.ts";
import type { Series } from "../core/lines.ts";
import * as texts from "../core/texts.ts";
import { framed, ROOM, scaleOf, svg } from "./plot_axes.ts";

const AXES = { x: texts.losses.axis, y: texts.losses.test };
const LEAST = { width: 800, height: 450 };
const LINE = 15; // pixels between two names

/** `names` has one entry per series, null for those that have no name in the plot. */
export function lossPlot(mount: HTMLElement, series: readonly Series[], names: readonly (string | null)[]): SVGSVGElement {
  const [width, height] = [Math.max(mount.clientWidth, LEAST.width), Math.max(mount.clientHeight, LEAST.height)];
  const last = Math.max(1, ...series.map(({ x }) => x[x.length - 1] ?? 0));
  const powers = decades(series).map((power) => 10 ** power);
  const x = scaleOf(
    [0, ...Array.from({ length: 8 }, (_, i) => (last * (i + 1)) / 8)],
    false,
    [ROOM.left, width - ROOM.right],
    true,
  );
  const y = scaleOf(powers, true, [height - ROOM.bottom, ROOM.top], false);
  const plot = framed(mount, texts.losses.testPlot(series.length), { width, height }, { x, y }, AXES);
  for (const one of series) {
    const kept = envelope(one, 0, last, Math.ceil(width));
    const stroke = one.color.startsWith("--") ? cssValue(mount, one.color) : one.color;
    const points = kept.map((i) => `${x.at(one.x[i]).toFixed(1)},${y.at(one.y[i]).toFixed(1)}`).join(" ");
    plot.append(svg("polyline", { points, fill: "none", stroke, "stroke-width": one.width }));
  }
  plot.append(...legend(mount, series, names, width));
  return plot;
}

function legend(mount: HTMLElement, series: readonly Series[], names: readonly (string | null)[], width: number): SVGElement[] {
  const named = series.flatMap((one, index) => (names[index] ? [{ color: one.color, name: names[index] }] : []));
  return named.map(({ color, name }, place) => {
    const at = { x: width - ROOM.right - 6, y: ROOM.top + LINE * (place + 1) };
    return svg("text", { ...at, fill: cssValue(mount, color), "text-anchor": "end" }, name);
  });
}
