/** The epoch slider: a native range input, as screen readers and fingers expect. It stops at checkpoints. */

import { make } from "./dom.ts";
import { type EpochAxis, epochAt, shareOf } from "./epoch_axis.ts";
import { nearest } from "./epochs.ts";
import * as texts from "./texts.ts";

const STEPS = 10_000; // of a log axis

export class EpochSlider {
  readonly #input = make("input", {
    type: "range",
    class: "epoch",
    min: 0,
    max: 0,
    step: 1,
    "aria-label": texts.transport.slider,
  });
  #epochs: readonly number[] = [];
  #axis: EpochAxis = { last: 0, isLog: false };

  constructor(mount: HTMLElement, onEpoch: (epoch: number) => void) {
    mount.replaceChildren(this.#input);
    this.#input.addEventListener("input", () => onEpoch(this.#epoch));
  }

  /** The epochs to stop at. A log axis has steps of its own, since those of the input are equal. */
  setEpochs(epochs: readonly number[], axis: EpochAxis): void {
    this.#epochs = epochs;
    this.#axis = axis;
    this.#input.max = String(axis.isLog ? STEPS : axis.last);
  }

  get #epoch(): number {
    const value = Number(this.#input.value);
    return this.#axis.isLog ? epochAt(this.#axis, value / STEPS) : value;
  }

  mark(epoch: number): void {
    const share = this.#axis.last ? shareOf(this.#axis, epoch) : 0;
    this.#input.value = String(this.#axis.isLog ? Math.round(share * STEPS) : epoch);
    this.#input.style.setProperty("--done", String(share));
    const index = nearest(this.#epochs, epoch);
    this.#input.setAttribute("aria-valuetext", texts.transport.place(epoch, index, this.#epochs.length));
  }
}
