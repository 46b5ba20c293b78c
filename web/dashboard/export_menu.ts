/** The export menu: files of what is on screen, drawn by the server and saved by the browser. */
import { valuesOf } from "../core/control_bar.ts";
import { byId, make } from "../core/dom.ts";
import type { Range } from "../core/grids.ts";
import * as api from "./api.ts";
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
}

/** Make a file of what is on screen, as the button asks: of a format (`ending`), of the epoch or the run (`span`). */
export async function save(shown: OnScreen, { dataset: { ending = "", span = "" } }: HTMLElement): Promise<void> {
  if (!shown.session || !shown.panel) return;
  const say = (text: string) => byId("export-message").replaceChildren(text);
  say("drawing …");
  try {
    const { name, blob } = await api.file(shown.session.id, request(shown, shown.session, shown.panel, ending, span));
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
    say(`saved: ${name}`);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    say(error.message);
  }
}

function request(shown: OnScreen, session: Session, panel: api.Panel, ending: string, span: string): Record<string, string> {
  const { head, options } = url.get();
  const values = valuesOf(session.controls(panel), options);
  if (values.color === "run" && shown.runRange) values.color = shown.runRange.join("..");
  const asked: Record<string, string> = { ...values, ending, view: panel.view, theme: theme() };
  if (head !== null && panel.shows === "grids") asked.panel = String(head);
  if (span === "epoch") asked.epoch = String(shown.epoch);
  return asked;
}
