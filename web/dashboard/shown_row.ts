/**
 * The row of a run in the document. It stays the same element while its run is on the screen, and so do its cells while their
 * words are the same: a press that began on one is not lost when the table changes.
 */

import { arrange, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";

/** What stands in a column. */
export interface Words {
  readonly column: string;
  readonly text: string;
  readonly isNumber: boolean;
}

export class ShownRow {
  readonly element: HTMLTableRowElement;
  readonly #box: HTMLInputElement;
  readonly #first: HTMLElement;
  #cells: ReadonlyMap<string, HTMLElement> = new Map(); // by column and words

  constructor(id: string, run: string) {
    this.#box = make("input", { type: "checkbox", "aria-label": texts.runs.select(run) });
    this.#first = make("td", {}, this.#box);
    this.element = make("tr", { "data-id": id }, this.#first);
  }

  /** Show these words, with `glance` beside the name of the run. */
  show(place: number, isSelected: boolean, words: readonly Words[], glance: HTMLElement): void {
    this.#box.checked = isSelected;
    this.element.setAttribute("aria-rowindex", String(place + 2));
    const keyed = words.map((each) => [JSON.stringify(each), each] as const);
    this.#cells = new Map(keyed.map(([key, each]) => [key, this.#cells.get(key) ?? cell(each)]));
    const cells = [...this.#cells.values()];
    cells.splice(words.findIndex(({ column }) => column === "run") + 1, 0, glance);
    arrange(this.element, [this.#first, ...cells]);
  }
}

function cell({ column, text, isNumber }: Words): HTMLElement {
  if (column === "run")
    return make("td", { class: "run" }, make("button", { type: "button", class: "run-name", title: text }, ...breakable(text)));
  if (column === "state") return make("td", {}, make("span", { class: "state", "data-state": text }, text));
  return make("td", { class: isNumber ? "number" : "" }, text);
}

/** A name that may break after its underscores. */
const breakable = (name: string): (string | Node)[] => name.split(/(?<=_)/).flatMap((part) => [part, make("wbr")]);
