/** Marks on the axis of epochs: elements that can be reached by keys, each with its words; and the legend of their colours. */

import { make } from "./dom.ts";
import type { Mark } from "./lines.ts";
import { commonWords, spread } from "./mark_layout.ts";
import * as texts from "./texts.ts";

const WIDTH = 9; // CSS pixels from one mark to the next, as in chart_marks.css

export class ChartMarks {
  readonly element = make("div", { class: "chart-marks", role: "group", "aria-label": texts.marks.group });
  readonly legend = make("div", { class: "mark-legend" });
  readonly #onEpoch: (epoch: number) => void;
  #shown: readonly Mark[] = [];
  #marks: readonly Mark[] = [];

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
    this.element.replaceChildren(...this.#marks.map((mark) => this.#button(mark)));
    const events = marks.filter(({ isNote }) => !isNote);
    const named = commonWords(events.map(({ legend, label, color }) => ({ label: legend ?? label, color }))).map(
      ({ color, words }) => make("span", { style: colorStyle(color) }, words),
    );
    const noted = marks.some(({ isNote }) => isNote) ? [make("span", { class: "note" }, texts.marks.note)] : [];
    this.legend.replaceChildren(...named, ...noted);
  }

  /** Put every mark at its epoch; those that coincide stand beside each other. */
  place(x: (epoch: number) => number, [low, high]: readonly [number, number]): void {
    const places = spread(
      this.#marks.map(({ epoch }) => x(epoch)),
      WIDTH,
      high,
    );
    for (const [i, element] of [...this.element.children].entries()) {
      if (!(element instanceof HTMLElement)) continue;
      element.style.left = `${places[i]}px`;
      element.dataset.side = places[i] > (low + high) / 2 ? "left" : "right";
    }
  }

  /** Whether `target` is a mark, which says its own words. */
  isAt(target: EventTarget | null): boolean {
    return target instanceof Node && target !== this.element && this.element.contains(target);
  }

  #button({ epoch, label, color, isNote = false }: Mark): HTMLElement {
    const words = (isNote ? texts.marks.ofNote : texts.marks.ofEvent)(epoch, label);
    const button = make("button", {
      type: "button",
      class: isNote ? "mark note" : "mark",
      "aria-label": words,
      "data-words": words,
      style: colorStyle(color),
    });
    button.addEventListener("click", () => this.#onEpoch(epoch));
    return button;
  }
}

/** A colour may be the name of a CSS variable. */
const colorStyle = (color: string): string => `--mark:${color.startsWith("--") ? `var(${color})` : color}`;
