/** Marks on the axis of epochs: elements that can be reached by keys, each with its words; and the legend of their colours. */

import { make } from "./dom.ts";
import type { Mark } from "./lines.ts";
import { type Group, grouped, groupWords } from "./mark_groups.ts";
import { commonWords } from "./mark_layout.ts";
import * as texts from "./texts.ts";

const SIZES = { gap: 9, room: 26 }; // CSS pixels of a mark and of a group with its number, as in chart_marks.css
const MIXED = "--soft"; // the colour of a group whose marks have several

export class ChartMarks {
  readonly element = make("div", { class: "chart-marks", role: "group", "aria-label": texts.marks.group });
  readonly legend = make("div", { class: "mark-legend" });
  readonly #onEpoch: (epoch: number) => void;
  #shown: readonly Mark[] = [];
  #marks: readonly Mark[] = [];
  #groups = "";
  readonly #several = make("span", { class: "several", style: colorStyle(MIXED) }, texts.marks.several);

  /** `onEpoch(epoch)` is called when the user chooses a mark. */
  constructor(onEpoch: (epoch: number) => void) {
    this.#onEpoch = onEpoch;
    this.element.addEventListener("pointerdown", (event) => {
      if (event.target !== this.element) event.stopPropagation(); // which would go to the epoch under the pointer
    });
  }

  show(marks: readonly Mark[]): void {
    if (JSON.stringify(marks) === JSON.stringify(this.#shown)) return;
    this.#shown = marks;
    this.#marks = marks.toSorted((one, other) => one.epoch - other.epoch);
    this.#groups = "";
    const events = marks.filter(({ isNote }) => !isNote);
    const named = commonWords(events.map(({ legend, label, color }) => ({ label: legend ?? label, color }))).map(
      ({ color, words }) => make("span", { style: colorStyle(color) }, words),
    );
    const noted = marks.some(({ isNote }) => isNote) ? [make("span", { class: "note" }, texts.marks.note)] : [];
    this.legend.replaceChildren(...named, ...noted);
  }

  /** Put every mark at its epoch; those that coincide stand beside each other, and where there are too many they are one. */
  place(x: (epoch: number) => number, [low, high]: readonly [number, number]): void {
    const groups = grouped(this.#marks, x, high, SIZES);
    this.#build(groups);
    for (const [i, element] of [...this.element.children].entries()) {
      if (!(element instanceof HTMLElement)) continue;
      element.style.left = `${groups[i].place}px`;
      element.dataset.side = groups[i].place > (low + high) / 2 ? "left" : "right";
    }
  }

  /** Have a button for each group: the same ones as long as the groups are. */
  #build(groups: readonly Group[]): void {
    const key = JSON.stringify(groups.map(({ marks }) => marks.length));
    if (key === this.#groups) return;
    this.#groups = key;
    this.element.replaceChildren(...groups.map(({ marks }) => this.#button(marks)));
    if (groups.some(({ marks }) => marks.length > 1)) this.legend.append(this.#several);
    else this.#several.remove();
  }

  /** Whether `target` is a mark, which says its own words. */
  isAt(target: EventTarget | null): boolean {
    return target instanceof Node && target !== this.element && this.element.contains(target);
  }

  #button(marks: readonly Mark[]): HTMLElement {
    const [{ epoch, color, isNote = false }] = marks;
    const words = groupWords(marks);
    const isOfOne = marks.every((mark) => mark.color === color);
    const button = make("button", {
      type: "button",
      class: "mark",
      "aria-label": words.replaceAll("\n", "; "),
      "data-words": words,
      "data-count": marks.length,
      style: colorStyle(isOfOne ? color : MIXED),
    });
    button.classList.toggle("several", marks.length > 1);
    button.classList.toggle("note", marks.length === 1 && isNote);
    button.addEventListener("click", () => this.#onEpoch(epoch));
    return button;
  }
}

/** A colour may be the name of a CSS variable. */
const colorStyle = (color: string): string => `--mark:${color.startsWith("--") ? `var(${color})` : color}`;
