/** The state of the page is its address: every field lives in the URL, so reload, back and a pasted link restore it. */

export interface State {
  readonly page: string;
  /** "family/name" */
  readonly variant: string | null;
  /** null: the newest */
  readonly epoch: number | null;
  /** "to:from" */
  readonly pair: string | null;
  /** null: all heads */
  readonly head: number | null;
  /** A view that Python draws; null: the heads */
  readonly view: string | null;
  readonly color: string;
  readonly scale: string;
  readonly origin: string;
  /** Compared variants, separated by commas */
  readonly with: string | null;
  readonly align: string;
}

export type Field = keyof State;
type Listener = (state: State, changed: ReadonlySet<Field>) => void;

const DEFAULTS: State = Object.freeze({
  page: "explore",
  variant: null,
  epoch: null,
  pair: null,
  head: null,
  view: null,
  color: "fixed",
  scale: "auto",
  origin: "upper",
  with: null,
  align: "epoch",
});
const FIELDS = Object.keys(DEFAULTS) as Field[];
const PAGES = ["explore", "compare", "jobs"];
const NUMBERS: readonly Field[] = ["epoch", "head"];
const QUIET: readonly Field[] = ["epoch"]; // replaces the address instead of adding to the history
const WRITE_DELAY_MS = 200; // browsers refuse more than about 100 address changes in 30 s

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
  const changed = new Set(FIELDS.filter((field) => field in patch && patch[field] !== state[field]));
  if (!changed.size) return;
  const isStep = [...changed].some((field) => !QUIET.includes(field)) && state.variant !== null;
  if (isStep) flush();
  state = { ...state, ...patch };
  if (isStep) history.pushState(null, "", address(state));
  else timer ??= setTimeout(flush, WRITE_DELAY_MS);
  notify(changed);
}

/** The address of a state. */
export function address(of: State): string {
  const query = new URLSearchParams();
  for (const field of FIELDS) {
    if (field !== "page" && of[field] !== DEFAULTS[field]) query.set(field, String(of[field]));
  }
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");
  return (of.page === "explore" ? "/" : `/${of.page}`) + (text ? `?${text}` : "");
}

/** The state of an address. */
export function read(pathname: string, search: string): State {
  const query = new URLSearchParams(search);
  const page = pathname.slice(1);
  const found: Record<string, string | number | null> = { ...DEFAULTS };
  for (const field of FIELDS) {
    const given = query.get(field);
    if (given !== null) found[field] = NUMBERS.includes(field) ? wholeNumber(given) : given;
  }
  return { ...(found as unknown as State), page: PAGES.includes(page) ? page : "explore" };
}

function wholeNumber(text: string): number | null {
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

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
  notify(new Set(FIELDS.filter((field) => before[field] !== state[field])));
});
