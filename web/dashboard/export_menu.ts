/** The export menu: files of what is on screen, drawn by the server and saved by the browser. */

import { valuesOf } from "../core/control_bar.ts";
import { byId, make } from "../core/dom.ts";
import type { Range } from "../core/grids.ts";
import { type Region, regionWords } from "../core/region.ts";
import * as texts from "../core/texts.ts";
import * as api from "./api.ts";
import { saveAs } from "./downloads.ts";
import type { Session } from "./session.ts";
import { theme } from "./theme.ts";
import * as url from "./url_state.ts";

/** What is on screen. */
export interface OnScreen {
  readonly session: Session | null;
  readonly panel: api.Panel | null;
  readonly epoch: number | null;
  /** Least and largest value of the run, as far as it is loaded. */
  readonly runRange: Range | null;
  /** The part of the grids that is seen; null for all. */
  readonly region: Region | null;
}

/** Make a file of what is on screen, as the button asks: of a format (`ending`), of the epoch or the run (`span`). */
export async function save(shown: OnScreen, { dataset: { ending = "", span = "" } }: HTMLElement): Promise<void> {
  const { session, panel } = shown;
  if (!session || !panel) return;
  await telling(texts.exporting.drawing, async () => {
    const { name, blob } = await api.file(session.id, { ...request(shown, session, panel, span), ending });
    saveAs(blob, name);
    return texts.exporting.saved(name);
  });
}

/** Copy the Python that draws what is on screen, or show it where the browser allows no copying. */
export async function copyPython(shown: OnScreen): Promise<void> {
  const { session, panel } = shown;
  if (!session || !panel) return;
  await telling(texts.exporting.writing, async () => {
    const text = await api.python(session.id, request(shown, session, panel, "epoch"));
    return (await isCopied(text)) ? texts.exporting.copied : make("textarea", { class: "code", readonly: true, rows: 9 }, text);
  });
}

async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not on a page without TLS, unless it is this machine's
  }
}

/** Do something while the menu says so; then it says what came of it. */
async function telling(now: string, act: () => Promise<string | Node>): Promise<void> {
  const say = (words: string | Node) => byId("export-message").replaceChildren(words);
  say(now);
  try {
    say(await act());
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    say(error.message);
  }
}

function request(shown: OnScreen, session: Session, panel: api.Panel, span: string): Record<string, string> {
  const { head, options } = url.get();
  const values = valuesOf(session.controls(panel), options);
  if (values.color === "run" && shown.runRange) values.color = shown.runRange.join("..");
  const asked: Record<string, string> = { ...values, view: panel.view, theme: theme() };
  if (panel.shows === "grids") {
    if (head !== null) asked.panel = String(head);
    if (shown.region) asked.zoom = regionWords(shown.region);
  }
  if (span === "epoch") asked.epoch = String(shown.epoch);
  return asked;
}
