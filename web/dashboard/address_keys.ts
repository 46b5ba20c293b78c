/** The keys of the address: how the value of each is written, what it usually is, and what is checked once it is known what there is. */
import { readRegion } from "../core/region.ts";
import { STRIPS } from "../core/strips_control.ts";
import * as texts from "../core/texts.ts";
import { ALIGNMENTS } from "./alignment.ts";
import { type Corrections, joined } from "./corrections.ts";
import { ofEpoch, ofHead, ofNames, ofOptions, ofView, ofZoom, type RunFacts, type Sizes } from "./run_corrections.ts";
import type { Table } from "./run_rows.ts";
import { ofFilter, ofPlot, ofSort } from "./table_corrections.ts";
import type { State } from "./url_state.ts";
import { type Known, ofSides, ofVariant, ofWith, type SideFacts } from "./variant_corrections.ts";

/** What is only known after the server was asked. */
export interface Facts {
  /** The list of variants. */
  readonly variants: Known;
  /** The run that is shown, or all of them. */
  readonly run: RunFacts;
  /** The grids that are shown. */
  readonly axes: Sizes;
  readonly sides: readonly SideFacts[];
  readonly table: Table;
  /** Names of controls, on a page that shows no picture. */
  readonly names: ReadonlySet<string>;
}

type Checks = { readonly [F in keyof Facts]?: (state: State, fact: Facts[F]) => Corrections };

export interface Key<T> {
  readonly usual: T;
  /** The value that is written so; undefined where none is. */
  read(text: string): T | undefined;
  /** What it is called in sentences. */
  readonly name: string;
  /** What is shown where the value cannot be read. */
  readonly instead: string;
  readonly checks: Checks;
}

/** The fields of the state that have a key of their own. */
export type Named = Exclude<keyof State, "page" | "options">;

const EPOCH_AXES = [
  { value: "linear", label: texts.links.linear },
  { value: "log", label: texts.links.log },
];
const WALL = [{ value: "on", label: "" }];

export const KEYS: { readonly [F in Named]: Key<State[F]> } = {
  variant: words("variant", texts.links.preferred, { variants: ofVariant }),
  epoch: { ...texts.links.epoch, usual: null, read: wholeNumber, checks: { run: ofEpoch } },
  head: { ...texts.links.head, usual: null, read: wholeNumber, checks: { run: ofHead } },
  view: words("view", texts.links.firstView, { run: ofView }),
  zoom: { ...words("zoom", texts.links.wholeGrid, { axes: ofZoom }), read: (text) => (readRegion(text) ? text : undefined) },
  beside: choice("beside", STRIPS.options),
  epochs: choice("epochs", EPOCH_AXES),
  with: words("with", texts.links.nothing, { variants: ofWith, sides: ofSides }),
  align: choice("align", ALIGNMENTS),
  sort: words("sort", texts.links.ownOrder, { table: ofSort }),
  filter: { ...words("filter", texts.links.nothing, { table: ofFilter }), usual: "", read: (text) => text },
  plot_y: words("plot_y", texts.links.usualPlot, { table: ofPlot("plot_y") }),
  plot_x: words("plot_x", texts.links.usualPlot, { table: ofPlot("plot_x") }),
  plot_by: words("plot_by", texts.links.usualPlot, { table: ofPlot("plot_by") }),
  wall: { ...choice("wall", WALL), usual: null, instead: texts.links.table },
};

const PAGES = ["explore", "compare", "runs", "jobs"];
const PAGE = choice(
  "page",
  PAGES.map((value) => ({ value, label: value })),
);

/** The key of that name; `page` is one only where all pages have one address. */
function keyOf(name: string, hasPages: boolean): Key<unknown> | null {
  if (name === "page") return hasPages ? PAGE : null;
  return Object.hasOwn(KEYS, name) ? KEYS[name as Named] : null;
}

/** The page of that name, or the first. */
export const pageOf = (name: string): string => PAGE.read(name) ?? PAGE.usual;

/** The fields of a query, and what else is in it: values of controls. What is given twice counts as given first. */
export function readQuery(query: URLSearchParams, hasPages: boolean): Omit<State, "page"> {
  const found = Object.entries(KEYS).map(([name, key]) => [name, read(key, query.get(name))]);
  const others = [...new Set(query.keys())].filter((name) => !keyOf(name, hasPages));
  const options = Object.fromEntries(others.flatMap((name) => current(name, query.get(name) ?? "")));
  return { ...(Object.fromEntries(found) as Pick<State, Named>), options };
}

const read = (key: Key<unknown>, text: string | null): unknown => (text === null ? key.usual : (key.read(text) ?? key.usual));

/** An option as it is called now; version 0.1.0 had both positions in one, as "to:from". */
function current(name: string, value: string): [name: string, value: string][] {
  const pair = name === "pair" ? /^(\d+):(\d+)$/.exec(value) : null;
  if (!pair) return [[name, value]];
  return [
    ["to", pair[1]],
    ["from", pair[2]],
  ];
}

/** A sentence on each value of a query that cannot be read, and on each key that is there more than once. */
export function unread(search: string, hasPages: boolean): string[] {
  const query = new URLSearchParams(search);
  return [...new Set(query.keys())].flatMap((name) => {
    const values = query.getAll(name);
    const key = keyOf(name, hasPages);
    const isBad = key !== null && key.read(values[0]) === undefined;
    return [
      ...(values.length > 1 ? [texts.links.repeated(name, values.length, values[0])] : []),
      ...(isBad ? [texts.links.notAllowed(key.name, values[0], key.instead)] : []),
    ];
  });
}

/** What has to change in `state`, and what there is to say, now that a fact is known. */
export function corrections<F extends keyof Facts>(state: State, name: F, fact: Facts[F]): Corrections {
  const checks = [...Object.values(KEYS).map((key: Key<unknown>) => key.checks), { run: ofOptions, names: ofNames }];
  return joined(checks.flatMap((one: Checks) => one[name]?.(state, fact) ?? []));
}

function words(field: string, instead: string, checks: Checks): Key<string | null> {
  return { usual: null, read: (text) => text || undefined, name: texts.links.field(field), instead, checks };
}

/** One of a few values, the first being the usual one. */
function choice(field: string, options: readonly { readonly value: string; readonly label: string }[]): Key<string> {
  const read = (text: string) => options.find(({ value }) => value === text)?.value;
  return { usual: options[0].value, read, name: texts.links.field(field), instead: options[0].label, checks: {} };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
