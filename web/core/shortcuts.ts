/** Keys in lists: what each does, and what a sheet of keys says of it. */

import { make } from "./dom.ts";
import { type Keys, type Steps, stepKeys } from "./keys.ts";
import * as texts from "./texts.ts";

const DIGITS = 9; // keys 1 to 9

export interface Shortcut {
  /** As people write them. */
  readonly shown: readonly string[];
  readonly words: string;
  readonly keys: Keys;
}

/** What the keys of a picture act on. */
export interface PictureKeys {
  /** How many panels can be seen alone. */
  readonly panels: number;
  /** The one that is shown large; null for all. */
  readonly panel: number | null;
  showPanel(panel: number | null): void;
  /** Choose the option with this number, from 0, of the control that keys choose from. */
  chooseNumber(index: number): void;
}

/** All of them for `keys.listen`. */
export const keysOf = (shortcuts: readonly Shortcut[]): Keys => Object.assign({}, ...shortcuts.map(({ keys }) => keys));

/** The keys that move through checkpoints. */
export function stepShortcuts(steps: Steps): Shortcut[] {
  const { " ": play, Home, End, ...arrows } = stepKeys(steps);
  return [
    { shown: ["←", "→"], words: texts.keys.steps, keys: arrows },
    { shown: ["Home", "End"], words: texts.keys.ends, keys: { Home, End } },
    { shown: ["Space"], words: texts.keys.play, keys: { " ": play } },
  ];
}

/** The keys that change what a picture shows. */
export function pictureShortcuts(picture: PictureKeys): Shortcut[] {
  const digits = Array.from({ length: DIGITS }, (_, index) => [String(index + 1), () => picture.chooseNumber(index)]);
  const toggle = () => picture.showPanel(picture.panel === null ? 0 : null);
  const go = (step: number) => () => picture.showPanel(neighbour(panelsOf(picture), picture.panel, step));
  return [
    { shown: ["1", "…", "9"], words: texts.keys.digits, keys: Object.fromEntries(digits) },
    { shown: ["H"], words: texts.keys.head, keys: { h: toggle, H: toggle } },
    { shown: ["[", "]"], words: texts.keys.heads, keys: { "[": go(-1), "]": go(1) } },
  ];
}

/** One row per shortcut. */
export function rowsOf(shortcuts: readonly Shortcut[]): HTMLElement[] {
  return shortcuts.map(({ shown, words }) => {
    const keys = shown.map((key) => make("kbd", {}, key));
    return make("tr", {}, make("td", { class: "keys" }, ...keys), make("td", {}, words));
  });
}

/** A sheet of keys that opens in its place. */
export function keySheet(shortcuts: readonly Shortcut[]): HTMLElement {
  const table = make("table", {}, make("tbody", {}, ...rowsOf(shortcuts)));
  return make("details", { class: "key-sheet" }, make("summary", {}, texts.keys.sheet), table);
}

/** The next of `values` after `now`, or with -1 the one before; after the last comes the first. */
export function neighbour<T>(values: readonly T[], now: T, step: number): T {
  return values[(values.indexOf(now) + step + values.length) % values.length];
}

/** All panels together, then each alone. */
const panelsOf = ({ panels }: PictureKeys): (number | null)[] => [null, ...Array(panels).keys()];
