/* The epoch slider: a native range input, so that it is what screen readers and fingers expect. It stops at checkpoints. */
import { make } from "./dom.js";
import { nearest } from "./epochs.js";
import { epochWords } from "./words.js";

export class EpochSlider {
  constructor(mount, onEpoch) {
    this.input = make("input", { type: "range", class: "epoch", min: 0, max: 0, step: 1, "aria-label": "Epoch" });
    this.epochs = [];
    mount.replaceChildren(this.input);
    this.input.addEventListener("input", () => onEpoch(Number(this.input.value)));
  }

  setEpochs(epochs, last) {
    this.epochs = epochs;
    this.input.max = last;
  }

  mark(epoch) {
    this.input.value = epoch;
    this.input.style.setProperty("--done", Number(this.input.max) ? epoch / this.input.max : 0);
    const index = nearest(this.epochs, epoch);
    const place = index < 0 ? "" : `, checkpoint ${index + 1} of ${this.epochs.length}`;
    this.input.setAttribute("aria-valuetext", `epoch ${epochWords(epoch)}${place}`);
  }
}
