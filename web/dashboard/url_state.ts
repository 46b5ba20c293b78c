/** The state of the page is its address: every field lives in the URL, so reload, back and a pasted link restore it. */

import { KEYS, type Named, pageOf, readQuery, unread } from "./address_keys.ts";
import { folder } from "./folder.ts";

export interface State {
  readonly page: string;
  /** "family/name" */
  readonly variant: string | null;
  /** null: the newest */
  readonly epoch: number | null;
  /** The number of the one panel shown; null: all */
  readonly head: number | null;
  /** null: the first */
  readonly view: string | null;
  /** The part of the grid that is seen, as core/region.ts writes it; null: all of it */
  readonly zoom: string | null;
  /** What stands beside each panel */
  readonly beside: string;
  /** The axis of epochs: "linear" or "log" */
  readonly epochs: string;
  /** Compared variants, separated by commas */
  readonly with: string | null;
  readonly align: string;
  /** The order of the table of runs: a column, with "-" before it where the largest come first */
  readonly sort: string | null;
  /** Words that the runs in the table have */
  readonly filter: string;
  /** What is plotted of runs, against what, grouped by what */
  readonly plot_y: string | null;
  readonly plot_x: string | null;
  readonly plot_by: string | null;
  /** "on" where the heads of the runs are shown instead of the table */
  readonly wall: string | null;
  /** Values of the view's controls by name, where they were chosen. */
  readonly options: Readonly<Record<string, string>>;
}

export type Field = keyof State;
type Listener = (state: State, changed: ReadonlySet<Field>) => void;

const NAMED = Object.keys(KEYS) as Named[];
const FIELDS: readonly Field[] = ["page", ...NAMED, "options"];
const QUIET: readonly Field[] = ["epoch", "filter"]; // replaces the address instead of adding to the history
const WRITE_DELAY_MS = 200; // browsers refuse more than about 100 address changes in 30 s

/** A site lies anywhere, under one address; a server has one for each page. */
const isSite = document.documentElement.dataset.site !== undefined;
const place = (page: string): string => (isSite ? location.pathname : folder + (page === "explore" ? "" : page));

let state = read(location.pathname, location.search);
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<Listener>();

export const get = (): State => state;

/** Call `listener(state, changed)` after every change; `changed` is a set of field names. */
export function subscribe(listener: Listener): void {
  listeners.add(listener);
}

/** Change fields. A change of more than the epoch becomes a step in the history. */
export function set(patch: Partial<State>): void {
  const changed = new Set(FIELDS.filter((field) => field in patch && !isSame(patch[field], state[field])));
  if (!changed.size) return;
  const isStep = [...changed].some((field) => !QUIET.includes(field)) && state.variant !== null;
  if (isStep) flush();
  state = { ...state, ...patch };
  if (isStep) history.pushState(null, "", address(state));
  else timer ??= setTimeout(flush, WRITE_DELAY_MS);
  notify(changed);
}

/** Change fields without a step in the history: the address asked for what is not there. */
export function correct(patch: Partial<State>): void {
  const changed = new Set(FIELDS.filter((field) => field in patch && !isSame(patch[field], state[field])));
  state = { ...state, ...patch };
  flush();
  if (changed.size) notify(changed);
}

/** Choose a value of a control. */
export function choose(name: string, value: string): void {
  set({ options: { ...state.options, [name]: value } });
}

/** The address of a state. */
export function address(of: State): string {
  const query = new URLSearchParams(isSite && of.page !== "explore" ? { page: of.page } : {});
  for (const field of NAMED) if (of[field] !== KEYS[field].usual) query.set(field, String(of[field]));
  for (const [name, value] of Object.entries(of.options)) query.set(name, value);
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%40", "@");
  return place(of.page) + (text ? `?${text}` : "");
}

/** The state of an address. */
export function read(pathname: string, search: string): State {
  const query = new URLSearchParams(search);
  const page = isSite ? query.get("page") : pathname.slice(pathname.lastIndexOf("/") + 1);
  return { ...readQuery(query, isSite), page: pageOf(page ?? "") };
}

/** Sentences on what cannot be read in the query of an address, and is not in its state. */
export const unreadIn = (search: string): string[] => unread(search, isSite);

const isSame = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one) === JSON.stringify(other);

function flush(): void {
  stopTimer();
  if (address(state) !== location.pathname + location.search) history.replaceState(null, "", address(state));
}

function stopTimer(): void {
  clearTimeout(timer);
  timer = undefined;
}

function notify(changed: ReadonlySet<Field>): void {
  for (const listener of listeners) listener(state, changed);
}

addEventListener("pagehide", flush);
addEventListener("popstate", () => {
  stopTimer();
  const before = state;
  state = read(location.pathname, location.search);
  notify(new Set(FIELDS.filter((field) => !isSame(before[field], state[field]))));
});
