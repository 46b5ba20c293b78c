/** A field that a button opens beside it: Enter keeps what is in it, Escape does not, and both give the focus back to the button. */
import { make } from "../core/dom.ts";

export class FormField {
  readonly element: HTMLInputElement;
  #keep: ((text: string) => void) | null = null;
  #opener: HTMLElement | null = null;

  constructor(attributes: Readonly<Record<string, number>> = {}) {
    this.element = make("input", { type: "text", class: "note-field", hidden: true, ...attributes });
    this.element.addEventListener("blur", () => this.#close());
    this.element.addEventListener("keydown", (event) => {
      const { key } = event;
      const isKept = key === "Enter";
      if (!isKept && !(key === "Escape")) return;
      event.preventDefault(); // the button, which gets the focus, is not pressed
      const [keep, opener] = [this.#keep, this.#opener];
      this.#close();
      opener?.focus();
      if (isKept) keep?.(this.element.value.trim());
    });
  }

  /** Ask for a text, which is `text` so far; `keep(text)` is called with what is kept. */
  open(opener: HTMLElement, label: string, text: string, keep: (text: string) => void): void {
    this.#opener = opener;
    this.#keep = keep;
    this.element.value = text;
    this.element.placeholder = label;
    this.element.setAttribute("aria-label", label);
    this.element.hidden = false;
    this.element.focus();
  }

  #close(): void {
    this.#keep = null;
    this.element.hidden = true;
  }
}
