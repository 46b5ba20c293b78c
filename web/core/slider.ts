/** The epoch slider: a native range input, as screen readers and fingers expect. It stops at checkpoints. */
import { make } from "./dom.ts";
import { nearest } from "./epochs.ts";
import { epochWords } from "./format.ts";

export class EpochSlider {
  readonly #input = make("input", { type: "range", class: "epoch", min: 0, max: 0, step: 1, "aria-label": "Epoch" });
  #epochs: readonly number[] = [];

  constructor(mount: HTMLElement, onEpoch: (epoch: number) => void) {
    mount.replaceChildren(this.#input);
    this.#input.addEventListener("input", () => onEpoch(Number(this.#input.value)));
  }

  setEpochs(epochs: readonly number[], last: number): void {
    this.#epochs = epochs;
    this.#input.max = String(last);
  }

  mark(epoch: number): void {
    this.#input.value = String(epoch);
    const last = Number(this.#input.max);
    this.#input.style.setProperty("--done", String(last ? epoch / last : 0));
    const index = nearest(this.#epochs, epoch);
    const place = index < 0 ? "" : `, checkpoint ${index + 1} of ${this.#epochs.length}`;
    this.#input.setAttribute("aria-valuetext", `epoch ${epochWords(epoch)}${place}`);
  }
}
