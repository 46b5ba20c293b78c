/** Where marks on an axis stand, and what they have in common. Nothing here draws. */
import type { Mark } from "./lines.ts";

/** Ascending places, moved so that two neighbours are at least `gap` apart and none is beyond `high`. */
export function spread(places: readonly number[], gap: number, high: number): number[] {
  const moved = [...places];
  for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + gap);
  for (let i = moved.length - 1, most = high; i >= 0; i--, most -= gap) {
    if (moved[i] <= most) break;
    moved[i] = most;
  }
  return moved;
}

/** For every colour: the words that the labels of its marks begin with, up to a comma; in the order of these words. */
export function commonWords(marks: readonly Pick<Mark, "label" | "color">[]): { color: string; words: string }[] {
  const labels = new Map<string, string[][]>();
  for (const { label, color } of marks) {
    const words = label.split(",")[0].split(" ");
    labels.set(color, [...(labels.get(color) ?? []), words]);
  }
  const named = [...labels].map(([color, all]) => ({ color, words: common(all).join(" ") })).filter(({ words }) => words);
  return named.sort((one, other) => one.words.localeCompare(other.words, "en", { numeric: true }));
}

/** The colour of the marks whose labels begin with a title; null where there is none. */
export const colorOf = (title: string, marks: readonly Pick<Mark, "label" | "color">[]): string | null =>
  marks.find(({ label }) => label.startsWith(`${title} `))?.color ?? null;

function common([first, ...others]: readonly string[][]): string[] {
  const end = first.findIndex((word, i) => others.some((words) => words[i] !== word));
  return end < 0 ? first : first.slice(0, end);
}
