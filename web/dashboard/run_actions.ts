/** What is done with the chosen runs: a label, tags, hiding, and the trash. */

import { byId, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import { ask, type Change, canChange } from "./changes.ts";
import * as controls from "./controls.ts";
import * as messages from "./messages.ts";

/** A chosen run, as the table has it. */
export interface Chosen {
  readonly id: string;
  readonly label: string;
  readonly tags: string;
  readonly isHidden: boolean;
}

/** The list behind words that are separated by commas. */
export const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

export class RunActions {
  readonly #chosen: () => readonly Chosen[];
  readonly #onDone: () => void;
  readonly #field = make("input", { type: "text", class: "note-field", hidden: true });
  #keep: ((text: string) => void) | null = null;

  /** `chosen()` are the chosen runs; `onDone()` is called when they were deleted or put back. */
  constructor(chosen: () => readonly Chosen[], onDone: () => void) {
    this.#chosen = chosen;
    this.#onDone = onDone;
    byId("run-actions").append(this.#field);
    this.#field.addEventListener("blur", () => this.#close());
    this.#field.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") this.#keep?.(this.#field.value.trim());
      if (key === "Enter" || key === "Escape") this.#close();
    });
    controls.onAction({
      "label-run": () => this.#label(),
      "tag-runs": () => this.#tag(),
      "hide-runs": () => this.#hide(),
      "delete-runs": () => void this.#delete(),
    });
  }

  /** Offer what can be done with the chosen runs. */
  show(): void {
    const chosen = this.#chosen();
    byId("run-actions").hidden = !canChange() || !chosen.length;
    (byId("label-run") as HTMLButtonElement).disabled = chosen.length !== 1;
    byId("hide-runs").textContent = this.#areHidden ? texts.runs.unhide : texts.runs.hide;
  }

  get #areHidden(): boolean {
    return this.#chosen().every(({ isHidden }) => isHidden);
  }

  #label(): void {
    const [run] = this.#chosen();
    this.#open(texts.runs.label, run.label, (label) => this.#note([run.id], { label }));
  }

  #tag(): void {
    const chosen = this.#chosen();
    const same = chosen.every(({ tags }) => tags === chosen[0].tags) ? chosen[0].tags : "";
    const ids = chosen.map(({ id }) => id);
    this.#open(texts.runs.tags, same, (text) => this.#note(ids, { tags: tagsOf(text) }));
  }

  #hide(): void {
    const ids = this.#chosen().map(({ id }) => id);
    this.#note(ids, { is_hidden: !this.#areHidden });
  }

  async #delete(): Promise<void> {
    const { problem, done } = await ask({ kind: "trash", runs: this.#chosen().map(({ id }) => id) });
    const sentences = [...(done.length ? [texts.runs.inTrash(done.length)] : []), ...(problem ? [problem] : [])];
    const undo = done.length ? { label: texts.runs.undo, act: () => void this.#restore(done) } : null;
    messages.say(sentences, undo);
    this.#onDone();
  }

  async #restore(runs: readonly string[]): Promise<void> {
    const { problem, done } = await ask({ kind: "restore", runs });
    messages.say([texts.runs.putBack(done.length), ...(problem ? [problem] : [])]);
    this.#onDone();
  }

  #note(runs: readonly string[], notes: NonNullable<Change["notes"]>): void {
    void ask({ kind: "note", runs, notes }).then(({ problem }) => {
      if (problem) messages.say([problem]);
    });
  }

  #open(label: string, text: string, keep: (text: string) => void): void {
    this.#keep = keep;
    this.#field.value = text;
    this.#field.placeholder = label;
    this.#field.setAttribute("aria-label", label);
    this.#field.hidden = false;
    this.#field.focus();
  }

  #close(): void {
    this.#keep = null;
    this.#field.hidden = true;
  }
}
