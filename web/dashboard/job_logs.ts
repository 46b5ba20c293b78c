/** The logs on the cards of jobs: read while they are open, and open again where a card is drawn anew. */

import { byId } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import * as api from "./api.ts";
import { answered } from "./session.ts";

const AT_END = 4; // pixels

interface Log {
  text: string;
  /** How far it is scrolled; null: at its end, and stays there. */
  top: number | null;
}

const open = new Map<string, Log>();

export function install(): void {
  const page = byId("page-jobs"); // its list may be another element each time
  page.addEventListener("toggle", ({ target }) => toggled(target), true);
  page.addEventListener("scroll", ({ target }) => scrolled(target), true);
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => !(target instanceof HTMLPreElement))) renew(page);
  }).observe(page, { childList: true, subtree: true });
}

const nameOf = (details: HTMLElement): string => details.dataset.logOf ?? "";

function toggled(target: EventTarget | null): void {
  if (!(target instanceof HTMLDetailsElement) || !target.isConnected) return;
  if (!target.open) open.delete(nameOf(target));
  else if (!open.has(nameOf(target))) {
    open.set(nameOf(target), { text: "", top: null });
    void read(target);
  }
}

function scrolled(target: EventTarget | null): void {
  if (!(target instanceof HTMLPreElement)) return;
  const log = open.get(nameOf(target.parentElement as HTMLElement));
  const { scrollTop, scrollHeight, clientHeight } = target;
  if (log) log.top = scrollTop + clientHeight >= scrollHeight - AT_END ? null : scrollTop;
}

function renew(page: HTMLElement): void {
  for (const details of page.querySelectorAll<HTMLDetailsElement>("[data-log-of]")) {
    const log = open.get(nameOf(details));
    if (!log) continue;
    details.open = true;
    show(details, log);
    void read(details);
  }
}

async function read(details: HTMLDetailsElement): Promise<void> {
  const [text, log] = [await answered(api.jobLog(nameOf(details))), open.get(nameOf(details))];
  if (text === null || !log) return;
  log.text = text || texts.jobs.noOutput;
  show(details, log);
}

function show(details: HTMLDetailsElement, { text, top }: Log): void {
  const pre = details.querySelector("pre");
  if (!pre) return;
  if (pre.textContent !== text) pre.textContent = text;
  pre.scrollTop = top ?? pre.scrollHeight;
}
