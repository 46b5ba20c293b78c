/** What the tiles of the wall are called: what tells each run from the others comes first. Nothing here draws. */
import { heading } from "./headings.ts";
import { givenLabel, isOutcome, isVaried, split, type Table, valuesOf, words } from "./run_rows.ts";

const UNTOLD = ["run", "label", "hidden", "state", "tags"];

export interface RunLabel {
  /** What a user calls it; null where nobody has given it a label. */
  readonly given: string | null;
  /** What tells the run from every other: "modulus p 47", "family f". */
  readonly needed: readonly string[];
  /** What else differs between some of the runs, for instance between their families. */
  readonly others: readonly string[];
  /** What tells it from every other, as names of runs say it: "p47 wd0.5". */
  readonly short: string;
}

/** Rows of one family, which differ from each other in some of the settings. */
interface Siblings {
  readonly own: readonly string[];
  /** Parts of their names that all of them have. */
  readonly shared: readonly string[];
}

/**
 * A label for each of `rows`: first the settings in which runs of its family differ, then its family, if there are several. A
 * setting that some do not have tells nothing by that: their family does.
 */
export function labelsOf(table: Table, rows: readonly number[]): RunLabel[] {
  const part: Table = { columns: table.columns, rows: rows.map((row) => table.rows[row]) };
  const isTold = (column: string) => !isOutcome(column) && !UNTOLD.includes(column);
  const settings = split(part).shown.filter((column) => isTold(column) && (rows.length === 1 || isVaried(part, column)));
  const families = valuesOf(part, "family");
  const names = valuesOf(part, "run").map(String);
  const siblings = new Map(families.map((family) => [family, siblingsOf(part, family, settings)]));
  const found = rows.map((_, index) => {
    const { own, shared } = siblings.get(families[index]) as Siblings;
    const said = (columns: readonly string[]) => saidOf(part, index, columns);
    const needed = said([...own, ...settings.filter((column) => column === "family")]);
    const others = said(settings.filter((column) => column !== "family" && !own.includes(column)));
    return { given: givenLabel(part, index), needed, others, short: shortOf(names[index], families[index], shared) };
  });
  return distinct(found, names);
}

/**
 * As much of each label as there is room for. A label that a user has given comes first; where it does not tell runs apart, their
 * settings do.
 */
export function titlesOf(labels: readonly RunLabel[], fits: (text: string) => boolean): string[] {
  const titles = labels.map((label) => titleOf(label, fits));
  const counts = Map.groupBy(titles, (title) => title);
  return labels.map((label, index) => {
    if (label.given === null || counts.get(titles[index])?.length === 1) return titles[index];
    const both = [label.needed.join(", "), label.short].map((settings) => `${label.given}, ${settings}`);
    return both.find(fits) ?? titleOf({ ...label, given: null }, fits);
  });
}

function titleOf(label: RunLabel, fits: (text: string) => boolean): string {
  const { given, needed, others, short } = label;
  if (given === null) return fits(needed.join(", ")) ? longest(needed, others, fits) : short;
  return fits(given) ? longest([given], [...needed, ...others], fits) : shortened(given, fits);
}

/** `first`, and as many of `others` as there is room for. */
function longest(first: readonly string[], others: readonly string[], fits: (text: string) => boolean): string {
  const text = (count: number) => [...first, ...others.slice(0, count)].join(", ");
  let count = others.length;
  while (count && !fits(text(count))) count--;
  return text(count);
}

/** The beginning of a text for which there is no room. */
function shortened(text: string, fits: (text: string) => boolean): string {
  const letters = [...text];
  let count = letters.length - 1;
  const cut = () => `${letters.slice(0, count).join("").trimEnd()}…`;
  while (count > 1 && !fits(cut())) count--;
  return cut();
}

function siblingsOf(part: Table, family: unknown, settings: readonly string[]): Siblings {
  const families = valuesOf(part, "family");
  const mine: Table = { columns: part.columns, rows: part.rows.filter((_, index) => families[index] === family) };
  const own = settings.filter((column) => column !== "family" && isVaried(mine, column));
  const [first, ...others] = valuesOf(mine, "run").map((name) => partsOf(String(name), family));
  const isShared = (one: string) => others.length > 0 && others.every((parts) => parts.includes(one));
  return { own, shared: first.filter(isShared) };
}

function saidOf(part: Table, index: number, columns: readonly string[]): string[] {
  const values = columns.map((column) => [column, valuesOf(part, column)[index]] as const);
  return values.filter(([, value]) => value !== null).map(([column, value]) => `${heading(column)} ${words(column, value)}`);
}

const partsOf = (name: string, family: unknown): string[] => name.replace(`${family}_`, "").split("_");

function shortOf(name: string, family: unknown, shared: readonly string[]): string {
  const parts = partsOf(name, family);
  return parts.filter((one) => !shared.includes(one)).join(" ") || parts.join(" ");
}

/** The labels; where two would be alike, the name tells them apart. */
function distinct(labels: readonly RunLabel[], names: readonly string[]): RunLabel[] {
  const counts = (all: readonly string[]) => Map.groupBy(all, (one) => one);
  const needed = counts(labels.map((label) => label.needed.join(", ")));
  const short = counts(labels.map((label) => label.short));
  return labels.map((label, index) => {
    const text = label.needed.join(", ");
    const isClear = text !== "" && needed.get(text)?.length === 1;
    const isShortClear = short.get(label.short)?.length === 1;
    return {
      ...label,
      needed: isClear ? label.needed : [names[index]],
      others: isClear ? label.others : [...label.needed, ...label.others],
      short: isShortClear ? label.short : names[index],
    };
  });
}
