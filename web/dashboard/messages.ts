/** What the page says above all else: that the server is gone, and where a link asked for what is not there. */
import { byId, make } from "../core/dom.ts";
import { commandLine, type EmptyState } from "./empty_state.ts";

/** Say something as long as it holds; null ends it. */
export function banner(state: EmptyState | null): void {
  const mount = byId("banner");
  const key = JSON.stringify(state);
  if (mount.dataset.key === key) return;
  mount.dataset.key = key;
  mount.hidden = state === null;
  mount.replaceChildren(...(state ? parts(state) : []));
}

function parts({ title, text, command }: EmptyState): HTMLElement[] {
  const words = make("span", {}, make("b", {}, `${title}. `), text);
  return [words, ...(command ? [commandLine(command)] : [])];
}

let told: readonly string[] = [];

/** Say sentences, besides those that are said already, until they are dismissed. */
export function tell(sentences: readonly string[]): void {
  show([...new Set([...told, ...sentences])]);
}

function show(sentences: readonly string[]): void {
  told = sentences;
  const mount = byId("remark");
  mount.hidden = !sentences.length;
  const dismiss = make("button", { class: "text-button", type: "button" }, "dismiss");
  dismiss.addEventListener("click", () => show([]));
  mount.replaceChildren(make("span", {}, sentences.join(" ")), dismiss);
}
