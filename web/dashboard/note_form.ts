/** A line of text on the shown epoch: a button opens a field, Enter keeps what is in it, and an empty one deletes the note. */

import { byId, find } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import { ask, canChange } from "./changes.ts";
import { FormField } from "./form_field.ts";
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
  readonly #field = new FormField({ maxlength: LONGEST });

  constructor(host: NotedOn) {
    this.#host = host;
    this.#button = find(byId("page-explore"), '[data-action="note"]');
    this.#button.hidden = !canChange();
    this.#button.after(this.#field.element);
    this.#button.addEventListener("click", () => this.#open());
  }

  #open(): void {
    const { session, epoch } = this.#host;
    if (!session?.detail || epoch === null) return;
    const noted = session.detail.notes?.epochs[epoch] ?? "";
    this.#field.open(this.#button, texts.notes.on(epoch), noted, (text) => void keep(session, epoch, text));
  }
}

async function keep(session: Session, epoch: number, text: string): Promise<void> {
  const { problem } = await ask({ kind: "note", runs: [session.id], notes: { epochs: { [epoch]: text } } });
  if (problem) messages.tell([texts.notes.notKept(problem)]);
  else await session.look();
}
