/** Names and values of the scalars in a chart; each name is a button that hides its curve or shows it. */

import { arrange, make } from "./dom.ts";
import { valueWords } from "./format.ts";
import { nameWords, type Scalar, valueAt } from "./scalars.ts";
import * as texts from "./texts.ts";

const DIGITS = 3;

interface Entry {
  readonly button: HTMLElement;
  readonly scalar: Scalar;
  readonly value: HTMLElement;
}

export class ScalarLegend {
  readonly #mount = make("div", { class: "scalar-legend", role: "group", "aria-label": texts.losses.besides });
  readonly #hidden = new Set<string>();
  readonly #onChange: () => void;
  #entries: readonly Entry[] = [];
  #epoch = NaN;

  /** `onChange()` is called when the user hid or showed a curve. The legend stands in `mount`. */
  constructor(mount: HTMLElement, onChange: () => void) {
    this.#onChange = onChange;
    mount.append(this.#mount);
  }

  show(scalars: readonly Scalar[]): void {
    this.#entries = scalars.map((scalar) => this.#entry(scalar));
    arrange(
      this.#mount,
      this.#entries.map(({ button }) => button),
    );
    this.mark(this.#epoch);
  }

  /** With the button that its curve has already, so that a press on it is not lost when the curve grows. */
  #entry(scalar: Scalar): Entry {
    const known = this.#entries.find((entry) => entry.scalar.name === scalar.name && entry.scalar.color === scalar.color);
    const value = known?.value ?? make("span", { class: "value" });
    return { scalar, value, button: known?.button ?? this.#button(scalar, value) };
  }

  isShown(name: string): boolean {
    return !this.#hidden.has(name);
  }

  /** The values at the epoch that is shown. */
  mark(epoch: number): void {
    this.#epoch = epoch;
    for (const { scalar, value } of this.#entries) {
      const found = valueAt(scalar, epoch);
      value.textContent = Number.isFinite(found) ? valueWords(found, DIGITS) : "–";
    }
  }

  #button({ name, color }: Scalar, value: HTMLElement): HTMLElement {
    const swatch = make("span", { class: "swatch" });
    swatch.style.borderColor = color;
    const button = make(
      "button",
      { type: "button", "aria-pressed": String(this.isShown(name)) },
      swatch,
      nameWords(name),
      value,
    );
    button.addEventListener("click", () => {
      if (!this.#hidden.delete(name)) this.#hidden.add(name);
      button.setAttribute("aria-pressed", String(this.isShown(name)));
      this.#onChange();
    });
    return button;
  }
}
