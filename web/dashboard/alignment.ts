/** How runs stand side by side: at the same epoch, or aligned at grokking. Moments are epochs of the common axis. */

import { union } from "../core/epochs.ts";
import * as texts from "../core/texts.ts";

export const ALIGNMENTS = [
  { value: "epoch", label: texts.controls.sameEpoch, arguments: {} },
  { value: "grokking", label: texts.controls.atGrokking, arguments: {} },
];

/** A run, as far as it matters here. */
export interface Run {
  readonly epochs: readonly number[];
  /** null where it does not grok */
  readonly grokkedAt: number | null;
}

/** How far `run` is moved along the axis, which is that of the first of `runs` that groks. */
export function shiftOf(run: Run, runs: readonly Run[], align: string): number {
  if (align !== "grokking" || run.grokkedAt === null) return 0;
  const first = runs.find(({ grokkedAt }) => grokkedAt !== null);
  return (first?.grokkedAt ?? run.grokkedAt) - run.grokkedAt;
}

/** Where the common axis can stop. */
export function moments(runs: readonly Run[], align: string): number[] {
  const lists = runs.map((run) => run.epochs.map((epoch) => epoch + shiftOf(run, runs, align)));
  return lists.reduce(union, []).filter((moment) => moment >= 0);
}

/** What is said of a run beside its losses. */
export function alignmentWords({ grokkedAt, epochs }: Run, align: string): string {
  if (align !== "grokking") return "";
  return grokkedAt === null ? texts.grokking.notBy(epochs.at(-1) ?? 0) : texts.grokking.at(grokkedAt);
}
