/* The state of the page is its address: every field lives in the URL, so reload, back and a pasted link restore it. */

export const DEFAULTS = Object.freeze({
  page: "explore",
  variant: null, // "family/name"
  epoch: null, // null: the newest
  pair: null, // "to:from"
  head: null, // null: all heads
  view: null, // a view that Python draws; null: the heads
  color: "fixed",
  scale: "auto",
  origin: "upper",
  with: null, // compared variants, separated by commas
  align: "epoch",
});
const PAGES = ["explore", "compare", "jobs"];
const NUMBERS = ["epoch", "head"];
const QUIET = ["epoch"]; // replaces the address instead of adding to the history
const WRITE_DELAY_MS = 200; // browsers refuse more than about 100 address changes in 30 s

let state = read();
let timer = null;
const listeners = new Set();

export const get = () => state;

/** Call `listener(state, changed)` after every change; `changed` is a set of field names. */
export function subscribe(listener) {
  listeners.add(listener);
}

/** Change fields. A change of more than the epoch becomes a step in the history. */
export function set(patch) {
  const changed = new Set(Object.keys(patch).filter((key) => patch[key] !== state[key]));
  if (!changed.size) return;
  const isStep = [...changed].some((key) => !QUIET.includes(key)) && state.variant !== null;
  if (isStep) flush();
  state = { ...state, ...patch };
  if (isStep) history.pushState(null, "", address(state));
  else timer ??= setTimeout(flush, WRITE_DELAY_MS);
  notify(changed);
}

/** The address of a state. */
export function address(of) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(of)) {
    if (key !== "page" && value !== DEFAULTS[key]) query.set(key, value);
  }
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");
  return (of.page === "explore" ? "/" : `/${of.page}`) + (text ? `?${text}` : "");
}

function flush() {
  clearTimeout(timer);
  timer = null;
  if (address(state) !== location.pathname + location.search) history.replaceState(null, "", address(state));
}

function read() {
  const query = new URLSearchParams(location.search);
  const found = { ...DEFAULTS };
  for (const key of Object.keys(DEFAULTS)) if (query.has(key)) found[key] = query.get(key);
  for (const key of NUMBERS) if (found[key] !== null) found[key] = wholeNumber(found[key]);
  const page = location.pathname.slice(1);
  found.page = PAGES.includes(page) ? page : "explore";
  return found;
}

function wholeNumber(text) {
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

function notify(changed) {
  for (const listener of listeners) listener(state, changed);
}

addEventListener("pagehide", flush);
addEventListener("popstate", () => {
  clearTimeout(timer);
  timer = null;
  const before = state;
  state = read();
  notify(new Set(Object.keys(DEFAULTS).filter((key) => before[key] !== state[key])));
});
