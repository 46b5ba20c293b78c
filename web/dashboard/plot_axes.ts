/** Axes of plots of runs, as SVG: scales with their ticks, a frame, and saving. */
import { cssValue } from "../core/dom.ts";
import { epochWords, powerWords, valueWords } from "../core/format.ts";
import type { Size } from "../core/layout.ts";
import { niceTicks } from "../core/ticks.ts";
import { saveAs } from "./downloads.ts";
import { axisOf } from "./scatter_points.ts";

const SVG = "http://www.w3.org/2000/svg";
const FEW = 6; // values, each with a tick of its own

/** Room around the points of a plot, in CSS pixels. */
export const ROOM = { left: 64, right: 18, top: 26, bottom: 46 };

export interface Scale {
  at(value: number): number;
  readonly ticks: readonly { readonly place: number; readonly words: string }[];
}

/** What is written at the axes. */
export interface AxisNames {
  readonly x: string;
  readonly y: string;
}

/** From values to places between `from` and `to`; `areCounts` asks for whole numbers at the ticks. */
export function scaleOf(
  values: readonly number[],
  isLog: boolean,
  [from, to]: readonly [number, number],
  areCounts: boolean,
): Scale {
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

/** An empty plot with its ticks and the names of its axes, in the colours of `mount`. */
export function framed(
  mount: HTMLElement,
  label: string,
  { width, height }: Size,
  scales: { readonly x: Scale; readonly y: Scale },
  axes: AxisNames,
): SVGSVGElement {
  const plot = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  plot.style.font = `11px ${getComputedStyle(mount).fontFamily}`;
  const ink = cssValue(mount, "--text");
  plot.append(...grid(scales.x, scales.y, { width, height }, mount), ...names(axes, { width, height }, ink));
  return plot;
}

function grid(x: Scale, y: Scale, { width, height }: Size, mount: HTMLElement): SVGElement[] {
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

function names({ x, y }: AxisNames, { width, height }: Size, ink: string): SVGElement[] {
  const middle = (ROOM.left + width - ROOM.right) / 2;
  return [
    svg("text", { x: middle, y: height - 10, fill: ink, "text-anchor": "middle" }, x),
    svg("text", { x: ROOM.left, y: 14, fill: ink }, y),
  ];
}

/** Whether what has this name is counted, and so a whole number. */
export const isCount = (name: string): boolean => /epoch|lock-in|frequency|seed|modulus/.test(name);

/** An element of SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
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
  saveAs(new Blob([copy.outerHTML], { type: "image/svg+xml" }), `${name}.svg`);
}
