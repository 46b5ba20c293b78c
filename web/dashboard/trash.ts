/** The trash: a list of deleted runs, each to be put back, and all to be deleted for good. */

import { byId, find, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import { type Deleted, trash } from "./api.ts";
import { type Answer, ask, canChange } from "./changes.ts";
import * as controls from "./controls.ts";
import { ensureFocus } from "./focus.ts";

export class Trash {
  readonly #dialog = byId("trash") as HTMLDialogElement;
  readonly #empty = find<HTMLButtonElement>(this.#dialog, "[data-action=empty-trash]");
  readonly #onChange: () => void;
  #runs: readonly Deleted[] = [];
  #isSure = false;

  /** `onChange()` is called when runs were put back. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    const opener = byId("show-trash");
    opener.hidden = !canChange();
    this.#dialog.addEventListener("close", () => opener.focus()); // another button may have had the focus when it opened
    controls.onAction({
      "show-trash": () => void this.#open(),
      "close-trash": () => this.#dialog.close(),
      "empty-trash": () => void this.#delete(),
    });
  }

  async #open(): Promise<void> {
    await this.#look("");
    this.#dialog.showModal();
  }

  /** Show what is in the trash now, and `words` above it. */
  async #look(words: string): Promise<void> {
    this.#runs = await trash();
    this.#isSure = false;
    this.#empty.hidden = !this.#runs.length;
    this.#empty.disabled = false;
    this.#empty.textContent = texts.trash.empty;
    this.#say(words || texts.trash.count(this.#runs.length));
    find(this.#dialog, "tbody").replaceChildren(...this.#runs.map((run) => this.#row(run)));
    if (this.#dialog.open) ensureFocus(this.#dialog, [...this.#dialog.querySelectorAll("button")]);
  }

  #say(words: string): void {
    find(this.#dialog, "p").textContent = words;
  }

  #row({ token, family, run, label }: Deleted): HTMLElement {
    const restore = make(
      "button",
      { class: "text-button", type: "button", "aria-label": texts.trash.restoreRun(run) },
      texts.trash.restore,
    );
    restore.addEventListener("click", () => {
      restore.disabled = true; // until the list is drawn anew
      void this.#restore(token);
    });
    const when = token
      .slice(0, "2026-01-31_12-59".length)
      .replace("_", " ")
      .replace(/-(\d+)$/, ":$1");
    return make("tr", {}, make("td", { title: `${family}/${run}` }, label), make("td", {}, when), make("td", {}, restore));
  }

  async #restore(token: string): Promise<void> {
    await this.#told(await ask({ kind: "restore", runs: [token] }), texts.trash.restored);
    this.#onChange();
  }

  /** The first press asks, the second deletes. */
  async #delete(): Promise<void> {
    if (!this.#isSure) {
      this.#isSure = true;
      this.#empty.textContent = texts.trash.sure(this.#runs.length);
      this.#say(texts.trash.warning);
      return;
    }
    this.#empty.disabled = true; // until the list is drawn anew
    await this.#told(await ask({ kind: "empty", runs: this.#runs.map(({ token }) => token) }), texts.trash.deleted);
  }

  async #told({ problem, done }: Answer, did: (n: number) => string): Promise<void> {
    await this.#look(problem || did(done.length));
  }
}
