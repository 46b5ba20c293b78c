/** What export/page.py put into the page. */
import { bytesOf, frameOf, inflated } from "../core/cells.ts";
import type { Choices, Control } from "../core/control_bar.ts";
import { find } from "../core/dom.ts";
import type { Content as Frame } from "../core/frame_cache.ts";
import { type Curve as Overlay, shapeOf } from "../core/grids.ts";
import type { Mark } from "../core/lines.ts";
import type { Described, Scales } from "../core/look.ts";
import type { Curve } from "../core/losses.ts";
import type { Chart } from "../core/plots.ts";
import type { Region } from "../core/region.ts";
import type { Scalar } from "../core/scalars.ts";
import type { Arrangement } from "./arrangement.ts";

export interface Moment {
  readonly epoch: number;
  readonly train: number | null;
  readonly test: number | null;
}

/** The frames of one choice of values. */
export interface Part {
  readonly choices: Choices;
  readonly subject: string;
  /** Per frame; empty where all frames have the same. */
  readonly subjects: readonly string[];
  /** null where the picture is of lines. */
  readonly grids: Described | null;
  /** Per frame, or the one that all frames share. */
  readonly lines: readonly Chart[];
  readonly overlays: readonly (readonly Overlay[])[];
  /** What the bytes of `cells` span. */
  readonly span: readonly [low: number, high: number];
  /** Whether the byte 255 stands for no value. */
  readonly hasGaps: boolean;
  /** One byte per cell and frame, as differences from frame to frame, deflated, as base64. */
  readonly cells: string;
  /** The curves over the cells that other choices have. */
  readonly curves: readonly CurvesOf[];
}

/** Curves per frame: an array of arrays of them as JSON, deflated, as base64. */
export interface CurvesOf {
  readonly choices: Choices;
  readonly frames: string;
}

/** One run: its pictures by choice, its curves and marks. */
export interface Side {
  /** "family/name" */
  readonly id: string;
  readonly variant: string;
  /** How it stands beside the others, in words. */
  readonly note: string;
  /** The epoch at which it stays; null where it moves. */
  readonly pin: number | null;
  /** How many epochs it is moved along the common axis. */
  readonly shift: number;
  readonly parts: readonly Part[];
  /** Orders of places, by the choices that mean them. */
  readonly arrangements: readonly (Arrangement & { readonly choices: Choices })[];
  readonly moments: readonly Moment[];
  readonly curves: { readonly train: Curve; readonly test: Curve };
  readonly marks: readonly Mark[];
  readonly scalars: readonly Scalar[];
}

export interface Content {
  readonly controls: readonly Control[];
  readonly choices: Choices;
  readonly sides: readonly Side[];
  /** Where the slider stops, on the axis that all sides share, and the epoch that each of them shows there. */
  readonly moments: readonly { readonly epoch: number; readonly shown: readonly number[] }[];
  readonly scales: Scales;
  readonly fps: number;
  /** The part of the grids that is seen at first; null for all. */
  readonly region: Region | null;
}

export function readContent(): Content {
  return JSON.parse(find(document, "#content").textContent ?? "");
}

/** The part of these choices. */
export function partOf({ parts }: Side, choices: Choices): Part {
  const isChosen = (part: Part) => Object.entries(part.choices).every(([name, value]) => choices[name] === value);
  return parts.find(isChosen) ?? parts[0];
}

/** The frames of all moments of a part, in their order. */
export async function framesOf(part: Part, { moments }: Side): Promise<Frame[]> {
  const { cells, grids, lines, overlays, span, hasGaps } = part;
  if (grids === null) return moments.map((_, i) => lines[Math.min(i, lines.length - 1)]);
  const { rows, columns } = shapeOf({ ...grids, origin: "upper" });
  const size = grids.titles.length * rows * columns;
  const steps = await inflated(bytesOf(cells), size);
  return moments.map((_, i) => {
    const frame = frameOf(steps.subarray(i * size, (i + 1) * size), span, hasGaps);
    return { ...frame, ...(overlays.length ? { curves: overlays[i] } : {}) };
  });
}
