/** A scatter or strip plot of runs as SVG, which can be saved as it stands. */
import { cssValue, make } from "../core/dom.ts";
import { epochWords, powerWords, valueWords } from "../core/format.ts";
import { niceTicks } from "../core/ticks.ts";
import { axisOf, type Group, type Scatter } from "./scatter_points.ts";

const SVG = "http://www.w3.org/2000/svg";
const ROOM = { left: 64, right: 18, top: 26, bottom: 46 };
const RADIUS = 4;
const FEW = 6; // values, each with a tick of its own

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

interface Scale {
  at(value: number): number;
  readonly ticks: readonly { readonly place: number; readonly words: string }[];
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
  const label = `${axes.y} against ${axes.x} of ${scatter.n} runs`;
  const plot = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  plot.style.font = `11px ${getComputedStyle(mount).fontFamily}`;
  plot.append(...grid(x, y, { width, height }, mount), ...names(axes, { width, height }, ink));
  scatter.groups.forEach((group, index) => {
    plot.append(...drawn(group, axes.colors[index % axes.colors.length], x, y, looks, ink));
  });
  return plot;
}

function scaleOf(values: readonly number[], isLog: boolean, [from, to]: readonly [number, number], areCounts: boolean): Scale {
  const [low, high] = axisOf(values, isLog);
  const placed = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  const words = (tick: number) => (isLog ? powerWords(tick) : areCounts ? epochWords(tick) : valueWords(tick, 4));
  const distinct = [...new Set(values)];
  const steps =
    distinct.length <= FEW && !isLog
      ? distinct
      : niceTicks(low, high, 6).filter((tick) => !(isLog || areCounts) || Number.isInteger(tick));
  return {
    at: (value) => placed(isLog ? (value > 0 ? Math.log10(value) : low) : value),
    ticks: steps.map((tick) => ({ place: placed(tick), words: words(tick) })),
  };
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
    line.append(svg("title", {}, `${group.name}: mean ${valueWords(mean, 4)}, n = ${n}`));
    const ends = spread === null ? [] : [y.at(mean - spread), y.at(mean + spread)];
    return [
      line,
      ...(ends.length ? [svg("path", { d: `M${place},${ends[0]}V${ends[1]}`, stroke: color, "stroke-width": 1.25 })] : []),
    ];
  });
  return [...bars, ...points];
}

function grid(x: Scale, y: Scale, { width, height }: { width: number; height: number }, mount: HTMLElement): SVGElement[] {
  const [soft, line] = [cssValue(mount, "--soft"), cssValue(mount, "--grid")];
  const bottom = height - ROOM.bottom;
  const across = x.ticks.flatMap(({ place, words }) => [
    svg("path", { d: `M${place},${ROOM.top}V${bottom}`, stroke: line }),
    svg("text", { x: place, y: bottom + 16, fill: soft, "text-anchor": "middle" }, words),
  ]);
  const up = y.ticks.flatMap(({ place, words }) => [
    svg("path", { d: `M${ROOM.left},${place}H${width - ROOM.right}`, stroke: line }),
    svg("text", { x: ROOM.left - 8, y: place + 4, fill: soft, "text-anchor": "end" }, words),
  ]);
  return [...across, ...up];
}

function names({ x, y }: Axes, { width, height }: { width: number; height: number }, ink: string): SVGElement[] {
  const middle = (ROOM.left + width - ROOM.right) / 2;
  return [
    svg("text", { x: middle, y: height - 10, fill: ink, "text-anchor": "middle" }, x),
    svg("text", { x: ROOM.left, y: 14, fill: ink }, y),
  ];
}

const isCount = (name: string): boolean => /epoch|lock-in|seed|prime/.test(name);

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  text = "",
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text) element.append(text);
  return element;
}

/** Have the browser save a plot as a file. */
export function save(plot: SVGSVGElement, name: string): void {
  const copy = plot.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", SVG);
  const url = URL.createObjectURL(new Blob([copy.outerHTML], { type: "image/svg+xml" }));
  make("a", { href: url, download: `${name}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
