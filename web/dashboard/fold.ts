/** In small windows the controls of a page fold into one button; fold.css says in which. */

import { make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";

/** Opens and closes the controls beside it. */
export function foldButton(): HTMLElement {
  const attributes = { type: "button", class: "text-button fold", "data-action": "fold", "aria-expanded": "false" };
  return make("button", attributes, texts.controls.fold);
}

/** Open or close the controls around `button`. */
export function toggle(button: HTMLElement): void {
  show(button, button.getAttribute("aria-expanded") !== "true");
}

/** Escape, and a press anywhere else, close them. */
export function install(): void {
  document.addEventListener("pointerdown", ({ target }) => closeOthers(target));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") closeOthers(null);
  });
}

const show = (button: HTMLElement, isOpen: boolean): void => button.setAttribute("aria-expanded", String(isOpen));

function closeOthers(target: EventTarget | null): void {
  if (target instanceof Element && target.closest(".fold, .choices, .export")) return;
  for (const button of document.querySelectorAll<HTMLElement>(".fold[aria-expanded=true]")) show(button, false);
}
