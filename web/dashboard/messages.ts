/** What the page says above all else: that the server is gone, and where a link asked for what is not there. */

import { byId, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import { commandLine } from "./command_line.ts";
import type { EmptyState } from "./empty_state.ts";
import { focusFirst, keepFocus } from "./focus.ts";

const FOCUSABLE = ":is(a[href], button, input, select, [tabindex])";

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

/** A button beside what is said. */
export interface Offer {
  readonly label: string;
  act(): void;
}

/** Say sentences, besides those that are said already, until they are dismissed. */
export function tell(sentences: readonly string[]): void {
  say([...new Set([...told, ...sentences])]);
}

/** Say sentences in the place of others, with a button where there is something to offer. */
export function say(sentences: readonly string[], offer: Offer | null = null): void {
  told = sentences;
  const mount = byId("remark");
  mount.hidden = !sentences.length;
  const dismiss = buttonOf({ label: texts.empty.dismiss, act: () => say([]) });
  const words = make("span", {}, sentences.join(" "));
  const replace = () => mount.replaceChildren(words, ...(offer ? [buttonOf(offer)] : []), dismiss);
  keepFocus(mount, replace, () => [dismiss, ...focusable(".page:not([hidden])")]);
}

/** Focus the button of the offer, so that a key takes it. */
export const focusOffer = (): void => focusFirst(focusable("#remark"));

const focusable = (place: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`${place} ${FOCUSABLE}`)];

function buttonOf({ label, act }: Offer): HTMLElement {
  const button = make("button", { class: "text-button", type: "button" }, label);
  button.addEventListener("click", act);
  return button;
}
