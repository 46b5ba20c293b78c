/** A side of a comparison: its name and words above its picture. */

import { make } from "./dom.ts";
import type { PictureCalls } from "./panels.ts";
import { Picture } from "./picture.ts";

export class SideBox {
  readonly element: HTMLElement;
  readonly picture: Picture;
  readonly #name: HTMLElement;
  readonly #words = make("p");
  #color = "";

  constructor(name: string, calls: PictureCalls, onReady: () => void) {
    this.#name = make("h2", {}, name);
    const mount = make("div", { class: "heads" });
    this.element = make("section", { class: "side" }, make("header", {}, this.#name, this.#words), mount);
    this.picture = new Picture(mount, calls, onReady);
  }

  /** The CSS variable of its curve. */
  get color(): string {
    return this.#color;
  }

  set color(variable: string) {
    this.#color = variable;
    this.#name.style.setProperty("--run", `var(${variable})`);
  }

  describe(name: string, words: string): void {
    this.#name.textContent = this.#name.title = name; // it may be cut
    if (this.#words.textContent !== words) this.#words.replaceChildren(...unbroken(words));
  }
}

/** Words with a hyphen, such as 4.7e-8, stay on one line. */
function unbroken(words: string): (string | Node)[] {
  return words.split(/(\S*-\S*)/).map((part, index) => (index % 2 ? make("span", { class: "unbroken" }, part) : part));
}
