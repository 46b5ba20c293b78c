/** The export menu of a page: files of what is on screen, drawn by the server and saved by the browser. */

import { find, make } from "../core/dom.ts";
import type { Region } from "../core/region.ts";
import { regionWords } from "../core/region.ts";
import * as texts from "../core/texts.ts";
import * as api from "./api.ts";
import { saveAs } from "./downloads.ts";
import { theme } from "./theme.ts";
import * as url from "./url_state.ts";

/** What the server is asked to draw: `of` a run, "family/name", or "compared". */
export interface Asked {
  readonly of: string;
  readonly query: Readonly<Record<string, string>>;
}

/** A page with a menu. */
export interface Exportable {
  /** What is on screen, at the shown epoch or over the whole run; null while there is nothing. */
  asked(span: string): Asked | null;
}

/** Make a file of what is on screen, as the button asks: of a format (`ending`), of the epoch or the run (`span`). */
export async function save(page: Exportable, button: HTMLElement): Promise<void> {
  const { ending = "", span = "" } = button.dataset;
  const asked = page.asked(span);
  if (!asked) return;
  await telling(button, texts.exporting.drawing, async () => {
    const { name, blob } = await api.file(asked.of, { ...asked.query, ending, theme: theme() });
    saveAs(blob, name);
    return texts.exporting.saved(name);
  });
}

/** Copy the Python that draws what is on screen, or show it where the browser allows no copying. */
export async function copyPython(page: Exportable, button: HTMLElement): Promise<void> {
  const asked = page.asked("epoch");
  if (!asked) return;
  await telling(button, texts.exporting.writing, async () => {
    const text = await api.python(asked.of, { ...asked.query, theme: theme() });
    return (await isCopied(text)) ? texts.exporting.copied : make("textarea", { class: "code", readonly: true, rows: 9 }, text);
  });
}

/** The panel that is shown alone, and the part of the grids that is seen, as the server is asked for them. */
export function partOf(region: Region | null): Record<string, string> {
  const { head } = url.get();
  return {
    ...(head === null ? {} : { panel: String(head) }),
    ...(region ? { zoom: regionWords(region) } : {}),
  };
}

async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not on a page without TLS, unless it is this machine's
  }
}

/** Do something while the menu of a button says so; then it says what came of it. */
async function telling(button: HTMLElement, now: string, act: () => Promise<string | Node>): Promise<void> {
  const menu = button.parentElement as HTMLElement;
  const say = (words: string | Node) => find(menu, ".export-message").replaceChildren(words);
  say(now);
  try {
    say(await act());
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    say(error.message);
  }
}
