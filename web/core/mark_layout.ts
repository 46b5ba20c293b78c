/** Where marks on an axis stand, and what they have in common. Nothing here draws. */
import type { Mark } from "./lines.ts";
import type { Described } from "./look.ts";

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

/**
 * For every colour: the words that the labels of its marks begin with, up to a comma; in the order of these words.
 * Where one head has marks of several kinds, of which only its name is common, the others are called by their names, too.
 */
export function commonWords(marks: readonly Pick<Mark, "label" | "color">[]): { color: string; words: string }[] {
  const labels = new Map<string, string[][]>();
  for (const { label, color } of marks) {
    const words = label.split(", ")[0].split(" ");
    labels.set(color, [...(labels.get(color) ?? []), words]);
  }
  const all = [...labels].map(([color, [first, ...others]]) => ({ color, first, kept: common(first, others) }));
  const cut = all.flatMap(({ first, kept }) => (kept < first.length ? [kindOf(first.slice(0, kept))] : []));
  const named = all.map(({ color, first, kept }) => ({ color, words: wordsOf(first, kept, cut) })).filter(({ words }) => words);
  return named.sort((one, other) => one.words.localeCompare(other.words, "en", { numeric: true }));
}

/** The colour of the marks whose labels begin with a title; null where there is none. */
export const colorOf = (title: string, marks: readonly Pick<Mark, "label" | "color">[]): string | null =>
  marks.find(({ label }) => label.startsWith(`${title} `) || label.startsWith(`${title}:`))?.color ?? null;

/** Grids with each panel in the colour of its marks: the same object until grids or marks are others. */
export class MarkColors {
  #last: { grids: Described; marks: readonly Mark[]; colored: Described } | null = null;

  of(grids: Described | null, marks: readonly Mark[]): Described | null {
    if (!grids || !marks.length) return grids;
    if (this.#last?.grids !== grids || this.#last.marks !== marks) {
      this.#last = { grids, marks, colored: { ...grids, colors: grids.titles.map((title) => colorOf(title, marks)) } };
    }
    return this.#last.colored;
  }
}

/** How many words `first` has in common with all `others`. */
function common(first: readonly string[], others: readonly (readonly string[])[]): number {
  const end = first.findIndex((word, i) => others.some((words) => bare(words[i] ?? "") !== bare(word)));
  return end < 0 ? first.length : end;
}

/** The first `kept` words, or fewer where these are of a kind to which others were `cut`. */
function wordsOf(words: readonly string[], kept: number, cut: readonly string[]): string {
  const short = words.findIndex((_, i) => i < kept && cut.includes(kindOf(words.slice(0, i + 1))));
  return bare(words.slice(0, short < 0 ? kept : short + 1).join(" "));
}

/** Words without their numbers: "Head 3" and "Head 10" are of one kind. */
const kindOf = (words: readonly string[]): string => bare(words.join(" ").replaceAll(/\d+/g, "#"));

const bare = (word: string): string => word.replace(/:$/, "");
