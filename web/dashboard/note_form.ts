/** A line of text on the shown epoch: a button opens a field, Enter keeps what is in it, and an empty one deletes the note. */

import { byId, find, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import { ask, canChange } from "./changes.ts";
import * as messages from "./messages.ts";
import type { Session } from "./session.ts";

const LONGEST = 500;

/** What is noted on. */
export interface NotedOn {
  readonly session: Session | null;
  readonly epoch: number | null;
}

export class NoteForm {
  readonly #host: NotedOn;
  readonly #button: HTMLElement;
  readonly #field = make("input", { type: "text", class: "note-field", maxlength: LONGEST, hidden: true });
  #at: { session: Session; epoch: number } | null = null;

  constructor(host: NotedOn) {
    this.#host = host;
    this.#button = find(byId("page-explore"), '[data-action="note"]');
    this.#button.hidden = !canChange();
    this.#button.after(this.#field);
    this.#button.addEventListener("click", () => this.#open());
    this.#field.addEventListener("blur", () => this.#close());
    this.#field.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") void this.#keep();
      if (key === "Escape") this.#close();
    });
  }

  #open(): void {
    const { session, epoch } = this.#host;
    if (!session?.detail || epoch === null) return;
    this.#at = { session, epoch };
    this.#field.value = session.detail.notes?.epochs[epoch] ?? "";
    this.#field.placeholder = texts.notes.on(epoch);
    this.#field.setAttribute("aria-label", this.#field.placeholder);
    this.#field.hidden = false;
    this.#field.focus();
  }

  #close(): void {
    this.#field.hidden = true;
    this.#at = null;
  }

  async #keep(): Promise<void> {
    const at = this.#at;
    if (!at) return;
    const text = this.#field.value.trim();
    this.#close();
    const { problem } = await ask({ kind: "note", runs: [at.session.id], notes: { epochs: { [at.epoch]: text } } });
    if (problem) messages.tell([texts.notes.notKept(problem)]);
    else await at.session.look();
  }
}
