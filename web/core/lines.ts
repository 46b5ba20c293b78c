/** Lines over epochs: series and the moments marked on their axis. Nothing here draws. */
import type { Points } from "./envelope.ts";
import * as texts from "./texts.ts";

export interface Series extends Points {
  /** What is told of it under the pointer; nothing without. */
  readonly name?: string;
  readonly color: string; // a CSS colour, or the name of a CSS variable
  readonly width: number; // CSS pixels
  readonly isDashed: boolean;
  /** What the height of the chart spans for this series alone, linearly; without it, it is on the log axis that all share. */
  readonly range?: readonly [low: number, high: number];
}

export interface Mark {
  readonly epoch: number;
  readonly label: string;
  readonly color: string;
  /** What the legend says; without it, the words that labels of this colour have in common. */
  readonly legend?: string;
  /** Whether somebody wrote it; other marks are of what the run did. */
  readonly isNote?: boolean;
}

/** The mark of a pinned epoch of a run that is moved by `shift` along the axis. */
export const pinMark = (epoch: number, shift: number, color: string): Mark => ({
  epoch: epoch + shift,
  label: texts.marks.pinned,
  legend: texts.marks.pinnedAt(epoch),
  color,
});

/** What a chart shows: `stops` are the epochs that can be gone to, `last` the end of the axis. */
export interface Lines {
  readonly series: readonly Series[];
  readonly marks: readonly Mark[];
  readonly stops: readonly number[];
  readonly last: number;
}
