/** The line under the heads, until somebody dismisses it; the browser remembers that. */
import { byId } from "../core/dom.ts";
import * as controls from "./controls.ts";
import { type Facts, storyAt } from "./story.ts";

const KEPT = "headlapse-story";
const DISMISSED = "dismissed";

export class StoryLine {
  readonly #mount = byId("story");
  readonly #words = byId("story-words");
  readonly #onChange: () => void;

  /** `onChange()` is called when the line comes or goes. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#mount.hidden = isDismissed();
    controls.onAction({ "dismiss-story": () => this.#keep(false), "show-story": () => this.#keep(true) });
  }

  /** Tell of an epoch; without facts the line stays empty. */
  show(facts: Facts | null, epoch: number, newest: number): void {
    const words = facts ? storyAt(facts, epoch, newest) : "";
    if (this.#words.textContent === words) return;
    this.#words.textContent = words;
    this.#words.title = words;
  }

  #keep(isShown: boolean): void {
    try {
      if (isShown) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, DISMISSED);
    } catch {} // a browser may keep nothing; then it is dismissed until the page is loaded again
    this.#mount.hidden = !isShown;
    this.#onChange();
  }
}

function isDismissed(): boolean {
  try {
    return localStorage.getItem(KEPT) === DISMISSED;
  } catch {
    return false;
  }
}
