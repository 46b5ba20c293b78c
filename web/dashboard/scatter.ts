/** A scatter or strip plot of runs as SVG, which can be saved as it stands. */

import { cssValue } from "../core/dom.ts";
import { valueWords } from "../core/format.ts";
import * as texts from "../core/texts.ts";
import { framed, isCount, ROOM, type Scale, scaleOf, svg } from "./plot_axes.ts";
import type { Group, Scatter } from "./scatter_points.ts";

const RADIUS = 4;

export interface Axes {
  readonly x: string;
  readonly y: string;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  /** The colours of the groups, again from the first where there are more groups. */
  readonly colors: readonly string[];
}

export interface Looks {
  readonly selected: ReadonlySet<number>;
  /** What is said of the point of a row. */
  nameOf(row: number): string;
  onPoint(row: number): void;
}

export function scatterPlot(mount: HTMLElement, scatter: Scatter, axes: Axes, looks: Looks): SVGSVGElement {
  const { clientWidth: width, clientHeight: height } = mount;
  const points = scatter.groups.flatMap(({ points }) => points);
  const spreads = scatter.groups.flatMap(({ summaries }) =>
    summaries.flatMap((s) => [s.mean - (s.spread ?? 0), s.mean + (s.spread ?? 0)]),
  );
  const x = scaleOf(
    points.map((point) => point.x),
    axes.isLogX,
    [ROOM.left, width - ROOM.right],
    isCount(axes.x),
  );
  const y = scaleOf(
    [...points.map((point) => point.y), ...spreads],
    axes.isLogY,
    [height - ROOM.bottom, ROOM.top],
    isCount(axes.y),
  );
  const ink = cssValue(mount, "--text");
  const label = texts.runs.scatter(axes.y, axes.x, scatter.n);
  const plot = framed(mount, label, { width, height }, { x, y }, axes);
  scatter.groups.forEach((group, index) => {
    plot.append(...drawn(group, axes.colors[index % axes.colors.length], x, y, looks, ink));
  });
  return plot;
}

function drawn(group: Group, color: string, x: Scale, y: Scale, looks: Looks, ink: string): SVGElement[] {
  const points = group.points.map(({ row, x: across, y: up }) => {
    const isSelected = looks.selected.has(row);
    const point = svg("circle", {
      cx: x.at(across),
      cy: y.at(up),
      r: isSelected ? RADIUS + 2 : RADIUS,
      fill: color,
      "fill-opacity": 0.6,
    });
    if (isSelected) point.setAttribute("stroke", ink);
    point.append(svg("title", {}, looks.nameOf(row)));
    point.addEventListener("click", () => looks.onPoint(row));
    point.style.cursor = "pointer";
    return point;
  });
  const bars = group.summaries.flatMap(({ x: across, mean, spread, n }) => {
    const [place, middle] = [x.at(across), y.at(mean)];
    const line = svg("path", { d: `M${place - 9},${middle}h18`, stroke: color, "stroke-width": 2.5 });
    line.append(svg("title", {}, texts.runs.mean(group.name, valueWords(mean, 4), n)));
    const ends = spread === null ? [] : [y.at(mean - spread), y.at(mean + spread)];
    return [
      line,
      ...(ends.length ? [svg("path", { d: `M${place},${ends[0]}V${ends[1]}`, stroke: color, "stroke-width": 1.25 })] : []),
    ];
  });
  return [...bars, ...points];
}
