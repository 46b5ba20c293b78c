/** A line to run, with a button that copies it. */
import { make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";

/** A line to copy; it breaks between its words only, where they fit. */
export function commandLine(command: string): HTMLElement {
  const copy = make("button", { class: "text-button", type: "button" }, texts.empty.copy);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command);
    copy.textContent = texts.empty.copied;
  });
  return make("div", { class: "command" }, make("code", {}, ...wordsOf(command)), copy);
}

const wordsOf = (command: string): (string | Node)[] =>
  command.split(" ").flatMap((word, i) => [i ? " " : "", make("span", { class: "word" }, word)]);
