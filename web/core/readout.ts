/** The line of words above a picture; the losses in it are the legend of the curves, too. */

import { make } from "./dom.ts";
import * as texts from "./texts.ts";

/** What a readout says. `subject` is left out where it is empty, and so is `note`, a word on the state of the picture. */
export interface Reading {
  readonly epoch: number;
  readonly subject: string;
  readonly train: number | null;
  readonly test: number | null;
  readonly note: string;
}

export class Readout {
  readonly #mount: HTMLElement;
  readonly #title: HTMLElement;
  readonly #note = make("em");
  readonly #test = make("span", { class: "of-test" });
  readonly #train = make("span", { class: "of-train" });

  /** `id` is that of the title. */
  constructor(mount: HTMLElement, id: string | null = null) {
    this.#title = make("strong", { class: "picture-title", id });
    this.#mount = mount;
  }

  show({ epoch, subject, train, test, note }: Reading): void {
    if (!this.#mount.childElementCount) this.#mount.replaceChildren(this.#note, this.#title, this.#test, this.#train);
    this.#note.textContent = note;
    const title = texts.common.join([texts.common.epochTitle(epoch), subject]);
    if (this.#title.textContent !== title) this.#title.textContent = this.#title.title = title; // it may be cut
    this.#test.textContent = texts.losses.testValue(test);
    this.#train.textContent = texts.losses.trainValue(train);
  }
}
