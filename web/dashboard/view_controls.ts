/** The controls above a picture: which view, and the controls that it declares. */
import { type Control, ControlBar, numbered, optionOf } from "../core/control_bar.ts";
import { byId } from "../core/dom.ts";
import { STRIPS } from "../core/strips_control.ts";
import * as texts from "../core/texts.ts";
import type { Panel } from "./api.ts";
import type { Session } from "./session.ts";
import * as url from "./url_state.ts";

const VIEW = "view";

export class ViewControls {
  readonly #bar: ControlBar;
  readonly #extra: readonly Control[];

  /** `extra` are controls of the page itself; what is chosen becomes a field of the address. */
  constructor(mount: string, prefix = "", extra: readonly Control[] = []) {
    this.#extra = extra;
    const fields = new Set([VIEW, ...extra.map(({ name }) => name)]);
    const onChoice = (name: string, value: string) => (fields.has(name) ? url.set({ [name]: value }) : url.choose(name, value));
    this.#bar = new ControlBar(byId(mount), onChoice, prefix);
  }

  /** Offer `panels`, of which `asked` is chosen, and the controls of the one shown. */
  show(session: Session | null, panel: Panel | null, panels: readonly Panel[], asked = panel): void {
    const views = panels.map((one) => ({ value: one.view, label: titleOf(one), arguments: {} }));
    const all: Control[] = [
      { name: VIEW, label: texts.controls.view, isLook: false, options: views },
      ...(panel?.shows === "figure" ? [] : (session?.controls(panel) ?? [])),
      ...this.#extra.filter((control) => control !== STRIPS || panel?.shows === "grids"),
    ];
    const { options, align, beside } = url.get();
    this.#bar.show(all, { ...options, align, beside, ...(asked ? { [VIEW]: asked.view } : {}) });
  }
}

const titleOf = ({ title, command }: Panel): string => (command ? texts.controls.unanalysed(title) : title);

/** Choose the option with this number of the control that keys choose from. */
export function chooseNumber(controls: readonly Control[], index: number): void {
  const found = numbered(controls, index);
  if (found) url.choose(found.name, found.value);
}

/** The words of the chosen option of a control; empty where there is none. */
export const chosenWords = (control: Control | undefined): string =>
  control ? (optionOf(control, url.get().options)?.label ?? "") : "";
