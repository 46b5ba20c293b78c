/** What is done with the chosen runs: a label, tags, hiding, and the trash. */

import { byId } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import { ask, type Change, canChange } from "./changes.ts";
import * as controls from "./controls.ts";
import { focusFirst, keepFocus } from "./focus.ts";
import { FormField } from "./form_field.ts";
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
  readonly #onLeave: (ids: readonly string[]) => void;
  readonly #onDone: () => void;
  readonly #field = new FormField();

  /**
   * `chosen()` are the chosen runs; `onLeave()` is called with those that are to leave the table, at once, and `onDone()` when
   * some were changed, deleted or put back.
   */
  constructor(chosen: () => readonly Chosen[], onLeave: (ids: readonly string[]) => void, onDone: () => void) {
    this.#chosen = chosen;
    this.#onLeave = onLeave;
    this.#onDone = onDone;
    byId("run-actions").append(this.#field.element);
    controls.onAction({
      "label-run": (button) => this.#label(button),
      "tag-runs": (button) => this.#tag(button),
      "hide-runs": () => this.#hide(),
      "delete-runs": () => void this.#delete(),
    });
  }

  /** Offer what can be done with the chosen runs. */
  show(): void {
    const actions = byId("run-actions");
    const table = () => [byId("run-list")];
    keepFocus(actions, () => this.#offer(actions), table);
  }

  #offer(actions: HTMLElement): void {
    const chosen = this.#chosen();
    actions.hidden = !canChange() || !chosen.length;
    (byId("label-run") as HTMLButtonElement).disabled = chosen.length !== 1;
    byId("hide-runs").textContent = this.#areHidden ? texts.runs.unhide : texts.runs.hide;
  }

  get #areHidden(): boolean {
    return this.#chosen().every(({ isHidden }) => isHidden);
  }

  #label(button: HTMLElement): void {
    const [run] = this.#chosen();
    this.#field.open(button, texts.runs.label, run.label, (label) => this.#note([run.id], { label }));
  }

  #tag(button: HTMLElement): void {
    const chosen = this.#chosen();
    const same = chosen.every(({ tags }) => tags === chosen[0].tags) ? chosen[0].tags : "";
    const ids = chosen.map(({ id }) => id);
    this.#field.open(button, texts.runs.tags, same, (text) => this.#note(ids, { tags: tagsOf(text) }));
  }

  #hide(): void {
    const ids = this.#chosen().map(({ id }) => id);
    this.#note(ids, { is_hidden: !this.#areHidden });
    this.#onLeave(ids);
  }

  async #delete(): Promise<void> {
    const ids = this.#chosen().map(({ id }) => id);
    const asked = ask({ kind: "trash", runs: ids });
    this.#onLeave(ids);
    const { problem, done } = await asked;
    const sentences = [...(done.length ? [texts.runs.inTrash(done.length)] : []), ...(problem ? [problem] : [])];
    const undo = done.length ? { label: texts.runs.undo, act: () => void this.#restore(done) } : null;
    messages.say(sentences, undo);
    messages.focusOffer();
    this.#onDone();
  }

  async #restore(runs: readonly string[]): Promise<void> {
    const { problem, done } = await ask({ kind: "restore", runs });
    messages.say([texts.runs.putBack(done.length), ...(problem ? [problem] : [])]);
    focusFirst([byId("run-list")]);
    this.#onDone();
  }

  #note(runs: readonly string[], notes: NonNullable<Change["notes"]>): void {
    void ask({ kind: "note", runs, notes }).then(({ problem }) => {
      if (problem) messages.say([problem]);
      this.#onDone();
    });
  }
}
