/** The compared variants: a button each that removes it, and a field that adds one. */

import { byId, make } from "../core/dom.ts";
import { RUN_COLORS } from "../core/sides_view.ts";
import * as texts from "../core/texts.ts";
import type { Entry } from "./api.ts";
import { keepFocus } from "./focus.ts";
import { sideOf } from "./pins.ts";
import { type Offered, VariantBox } from "./variant_box.ts";

const TEXTS = { id: "compared", label: texts.compare.add, placeholder: texts.compare.addShort };

export class Compared {
  readonly #chips = make("span", { class: "chips" });
  readonly #adder = make("span", { class: "adder" });
  readonly #box: VariantBox;
  readonly #most: number;
  readonly #onChange: (ids: readonly string[]) => void;
  #ids: readonly string[] = [];

  /** At most so many; `onChange(ids)` is called when the user added or removed one. */
  constructor(most: number, onChange: (ids: readonly string[]) => void) {
    this.#most = most;
    this.#onChange = onChange;
    byId("compared-variants").append(this.#chips, this.#adder);
    this.#box = new VariantBox(this.#adder, TEXTS, (id) => onChange([...this.#ids, id]));
    this.#box.input.addEventListener("keydown", ({ key }) => {
      if (key === "Backspace" && !this.#box.input.value && this.#ids.length > 1) onChange(this.#ids.slice(0, -1));
    });
  }

  show(offered: Offered, ids: readonly string[]): void {
    const at = this.#buttons.indexOf(document.activeElement as HTMLElement);
    const places = () => [...this.#buttons.slice(at), this.#box.input, ...this.#buttons];
    keepFocus(byId("compared-variants"), () => this.#show(offered, ids), places);
  }

  #show(offered: Offered, ids: readonly string[]): void {
    const labels = ids.map((id) => labelOf(offered, id));
    if (JSON.stringify([ids, labels]) !== this.#chips.dataset.key) {
      this.#chips.dataset.key = JSON.stringify([ids, labels]);
      this.#chips.replaceChildren(...ids.map((id, i) => this.#chip(id, labels[i], i, ids.length > 1)));
    }
    this.#ids = ids;
    this.#adder.hidden = ids.length >= this.#most;
    this.#box.show({ ...offered, variants: this.#others(offered.variants) }, null);
  }

  get #buttons(): HTMLElement[] {
    return [...this.#chips.querySelectorAll("button")];
  }

  #others(variants: readonly Entry[]): readonly Entry[] {
    return variants.filter(({ id }) => !this.#ids.includes(id));
  }

  #chip(id: string, label: string, place: number, canGo: boolean): HTMLElement {
    const words = texts.compare.remove(label);
    const button = make(
      "button",
      {
        type: "button",
        class: "text-button chip",
        "aria-label": words,
        title: words,
        style: `--run:var(${RUN_COLORS[place]})`,
      },
      make("span", {}, label),
      "×",
    );
    button.disabled = !canGo;
    button.addEventListener("click", () => this.#onChange(this.#ids.filter((other) => other !== id)));
    return button;
  }
}

/** The label of a run, and the epoch at which it stays. */
function labelOf({ variants }: Offered, id: string): string {
  const { run, epoch } = sideOf(id);
  const label = variants.find((entry) => entry.id === run)?.label ?? run;
  return epoch === null ? label : texts.compare.atEpoch(label, epoch);
}
