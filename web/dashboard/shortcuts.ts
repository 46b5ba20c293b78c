/** The keys of the page, in one list: what each does, and what the sheet of keys says of it. */
import { find, make } from "../core/dom.ts";
import type { Keys } from "../core/keys.ts";

export interface Shortcut {
  /** As people write them. */
  readonly shown: readonly string[];
  readonly words: string;
  readonly keys: Keys;
}

/** All of them for `keys.listen`. */
export const keysOf = (shortcuts: readonly Shortcut[]): Keys => Object.assign({}, ...shortcuts.map(({ keys }) => keys));

/** List them in a dialog. */
export function list(dialog: HTMLElement, shortcuts: readonly Shortcut[]): void {
  const rows = shortcuts.map(({ shown, words }) => {
    const keys = shown.map((key) => make("kbd", {}, key));
    return make("tr", {}, make("td", { class: "keys" }, ...keys), make("td", {}, words));
  });
  find(dialog, "tbody").replaceChildren(...rows);
}

/** The next of `values` after `now`, or with -1 the one before; after the last comes the first. */
export function neighbour<T>(values: readonly T[], now: T, step: number): T {
  return values[(values.indexOf(now) + step + values.length) % values.length];
}
