/** Marks of which more coincide than can stand beside each other are one mark that says all of them. Nothing here draws. */
import type { Mark } from "./lines.ts";
import { spread } from "./mark_layout.ts";
import * as texts from "./texts.ts";

const MOST_GAPS = 4; // from a mark's own place to where it stands
const TOUCHING = 1e-6;

/** Marks, ascending by epoch, that stand at one place of the axis; mostly a single one. */
export interface Group {
  readonly marks: readonly Mark[];
  readonly place: number;
}

/** CSS pixels: from one mark to the next, and how many a group with its number takes. */
export interface Sizes {
  readonly gap: number;
  readonly room: number;
}

/**
 * Where ascending marks stand on an axis that ends at `high`. Those that coincide stand beside each other as long as none is further than
 * four gaps from its own place; where there are more, those within `room` are a group at the place of their first.
 */
export function grouped(marks: readonly Mark[], x: (epoch: number) => number, high: number, { gap, room }: Sizes): Group[] {
  const own = marks.map(({ epoch }) => x(epoch));
  const members = chains(spread(own, gap, high), gap).flatMap(({ start, places }) => {
    const isNear = places.every((place, i) => Math.abs(place - own[start + i]) <= MOST_GAPS * gap);
    return isNear ? places.map((_, i) => [start + i]) : binned(own.slice(start, start + places.length), start, room);
  });
  const firsts = members.map(([first]) => own[first]);
  const placed = spread(firsts, gap, high);
  return members.map((each, i) => ({ marks: each.map((member) => marks[member]), place: placed[i] }));
}

/** Runs of places that touch each other. */
function chains(places: readonly number[], gap: number): { start: number; places: number[] }[] {
  const found: { start: number; places: number[] }[] = [];
  for (const [i, place] of places.entries()) {
    const last = found.at(-1);
    if (last && place - places[i - 1] <= gap + TOUCHING) last.places.push(place);
    else found.push({ start: i, places: [place] });
  }
  return found;
}

/** Numbers from `start` on for `places`, those within `room` of the first one together. */
function binned(places: readonly number[], start: number, room: number): number[][] {
  const bins: number[][] = [];
  for (const [i, place] of places.entries()) {
    const bin = bins.at(-1);
    if (bin && place - places[bin[0] - start] < room) bin.push(start + i);
    else bins.push([start + i]);
  }
  return bins;
}

/** What a mark says, or what all marks of a group say. */
export function groupWords(marks: readonly Mark[]): string {
  const [{ epoch, label, isNote }] = marks;
  if (marks.length === 1) return (isNote ? texts.marks.ofNote : texts.marks.ofEvent)(epoch, label);
  const notes = marks.flatMap((mark) => (mark.isNote ? [texts.marks.ofNote(mark.epoch, mark.label)] : []));
  const said = saidOf(marks.flatMap((mark) => (mark.isNote ? [] : [mark.label])));
  const events = said.map(({ what, names }) => texts.marks.ofSeveral(what, names));
  return texts.marks.ofGroup(epoch, marks[marks.length - 1].epoch, [...events, ...notes]);
}

/** What labels say, with the names that it is said of. A name ends with the first number: "Head 3", "L2H5". */
export function saidOf(labels: readonly string[]): { readonly what: string; readonly names: readonly string[] }[] {
  const said = new Map<string, string[]>();
  for (const label of labels) {
    const [, name = "", what = label] = /^(\D*\d\S*) (.+)$/.exec(label) ?? [];
    said.set(what, [...(said.get(what) ?? []), ...(name ? [name.replace(/:$/, "")] : [])]);
  }
  return [...said].map(([what, names]) => ({ what, names }));
}
