/** A field in which a variant is searched and chosen: what is typed narrows the list, Enter takes its first match. */

import { make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import type { Entry } from "./api.ts";
import { matching, type ShortNames } from "./variant_search.ts";

const MOST = 60; // options at a time

/** What there is to choose from. */
export interface Offered {
  /** In the order in which they are listed. */
  readonly variants: readonly Entry[];
  readonly shortNames: ShortNames;
}

interface Texts {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
}

export class VariantBox {
  readonly input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #note = make("p", { class: "variant-note", role: "status" });
  readonly #popup: HTMLElement;
  readonly #onChoose: (id: string) => void;
  #offered: Offered = { variants: [], shortNames: {} };
  #shown: readonly Entry[] = [];
  #chosen: Entry | null = null;
  #active = 0;

  /** The field stands in `mount`; `onChoose(id)` is called when the user took a variant. */
  constructor(mount: HTMLElement, { id, label, placeholder }: Texts, onChoose: (id: string) => void) {
    this.#onChoose = onChoose;
    const list = `${id}-list`;
    const role = { role: "combobox", "aria-controls": list, "aria-expanded": "false", "aria-autocomplete": "list" };
    this.input = make("input", { id, placeholder, "aria-label": label, ...role, autocomplete: "off", spellcheck: "false" });
    this.#list = make("div", { id: list, class: "variant-list", role: "listbox", "aria-label": label });
    this.#popup = make("div", { class: "variant-popup", hidden: true }, this.#list, this.#note);
    mount.classList.add("variant-box");
    mount.append(this.input, this.#popup);
    this.#listen();
  }

  /** Offer variants, and show the name of the chosen one; an open list is renewed without losing what is typed. */
  show(offered: Offered, chosen: Entry | null): void {
    const isNew = offered.variants !== this.#offered.variants;
    this.#offered = offered;
    this.#chosen = chosen;
    if (!this.#isOpen) this.#rest();
    else if (isNew) this.#fill(this.#active);
  }

  get #isOpen(): boolean {
    return !this.#popup.hidden;
  }

  /** The name of the chosen variant stands in the field. */
  #rest(): void {
    this.input.value = this.#chosen?.label ?? "";
    this.input.title = this.#chosen ? nameOf(this.#chosen) : "";
  }

  #listen(): void {
    const { input } = this;
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.#open());
    input.addEventListener("input", () => this.#open());
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.#popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", ({ target }) => this.#take(this.#indexOf(target)));
    this.#list.addEventListener("pointermove", ({ target }) => this.#activate(this.#indexOf(target)));
  }

  #indexOf(target: EventTarget | null): number {
    const option = target instanceof Element ? target.closest("[role=option]") : null;
    return option ? [...this.#list.children].indexOf(option) : -1;
  }

  #onKey(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (event.key in steps) {
      if (this.#isOpen) this.#activate(Math.min(Math.max(this.#active + steps[event.key], 0), this.#shown.length - 1));
      else this.#open();
    } else if (event.key === "Enter" && this.#isOpen) this.#take(this.#active);
    else if (event.key === "Escape" && this.#isOpen) this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #open(): void {
    const wasOpen = this.#isOpen;
    this.#popup.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    const at = wasOpen || this.#query ? 0 : this.#offered.variants.findIndex(({ id }) => id === this.#chosen?.id);
    this.#fill(Math.max(at, 0));
  }

  #close(): void {
    this.#popup.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.#rest();
  }

  /** What somebody has typed; nothing while the name of the chosen variant stands there. */
  get #query(): string {
    return this.input.value === this.#chosen?.label ? "" : this.input.value;
  }

  /** List what matches, of which option `active` is the one that Enter takes. */
  #fill(active: number): void {
    const { variants, shortNames } = this.#offered;
    const found = matching(variants, this.#query, shortNames);
    const first = this.#query ? 0 : Math.max(0, Math.min(active - MOST / 2, found.length - MOST));
    this.#shown = found.slice(first, first + MOST);
    const hasSeveral = new Set(variants.map(({ family }) => family)).size > 1;
    this.#list.replaceChildren(
      ...this.#shown.map((entry, i) => optionOf(entry, { id: `${this.#list.id}-${i}`, hasSeveral, chosen: this.#chosen?.id })),
    );
    this.#note.textContent = noteOf(this.#shown.length, found.length);
    this.#activate(Math.min(active - first, this.#shown.length - 1));
  }

  #activate(index: number): void {
    const option = this.#list.children[index];
    if (!(option instanceof HTMLElement)) return;
    this.#list.children[this.#active]?.removeAttribute("data-active");
    this.#active = index;
    option.dataset.active = "";
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
    this.input.title = nameOf(this.#shown[index]);
  }

  #take(index: number): void {
    const taken = this.#shown[index];
    if (!taken) return;
    this.#chosen = taken;
    this.input.blur(); // the keys of the page go on
    this.#onChoose(taken.id);
  }
}

function noteOf(shown: number, found: number): string {
  if (!found) return texts.picker.noMatch;
  return shown < found ? texts.picker.narrow(shown, found) : "";
}

const nameOf = ({ id }: Entry): string => id.split("/").at(-1) ?? id;

function optionOf(entry: Entry, { id, hasSeveral, chosen }: { id: string; hasSeveral: boolean; chosen?: string | undefined }) {
  const { family, label, state, train_loss: train = null, test_loss: test = null } = entry;
  const losses = test === null && train === null ? "" : texts.losses.bothShort(test, train);
  const of = hasSeveral ? [make("span", { class: "soft" }, texts.picker.family(family))] : [];
  const words = make("span", { class: "variant-name" }, ...of, label);
  const attributes = { id, role: "option", "aria-selected": String(entry.id === chosen), title: nameOf(entry) };
  const about = make("span", { class: "variant-losses" }, losses);
  return make("div", attributes, words, make("span", { class: "state", "data-state": state }, state), about);
}
