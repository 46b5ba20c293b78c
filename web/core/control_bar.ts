/** The controls of a view, as the server declares them: one labelled selection each. */
import { make } from "./dom.ts";

export interface Option {
  readonly value: string;
  readonly label: string;
  /** What the option means to whoever draws. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Control {
  readonly name: string;
  readonly label: string;
  /** Whether it changes how values are drawn, and not which. */
  readonly isLook: boolean;
  readonly options: readonly Option[];
}

/** Values of controls by name. */
export type Choices = Readonly<Record<string, string>>;

/** The option of a control that is chosen, or its default; null where it has none. */
export function optionOf({ name, options }: Control, choices: Choices): Option | null {
  return options.find(({ value }) => value === choices[name]) ?? options[0] ?? null;
}

/** The values of all controls, defaults included. */
export function valuesOf(controls: readonly Control[], choices: Choices): Record<string, string> {
  const pairs = controls.map((control) => [control.name, optionOf(control, choices)?.value] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

/** The option with this number, from 0, of the control that keys choose from: the position attended to, else the first. */
export function numbered(controls: readonly Control[], index: number): { name: string; value: string } | null {
  const control = controls.find(({ name }) => name === "from") ?? controls.find(({ isLook }) => !isLook);
  const value = control?.options[index]?.value;
  return control && value !== undefined ? { name: control.name, value } : null;
}

export class ControlBar {
  readonly #mount: HTMLElement;
  readonly #prefix: string;
  readonly #onChoice: (name: string, value: string) => void;
  readonly #selects = new Map<string, HTMLSelectElement>();
  #offered = "";

  /** `onChoice(name, value)` is told what the user chose. The selection of a control gets the id `prefix` + name. */
  constructor(mount: HTMLElement, onChoice: (name: string, value: string) => void, prefix = "") {
    this.#mount = mount;
    this.#onChoice = onChoice;
    this.#prefix = prefix;
  }

  /** Offer the controls that leave a choice, and show what is chosen. */
  show(controls: readonly Control[], choices: Choices): void {
    const choosable = controls.filter(({ options }) => options.length > 1);
    const offered = JSON.stringify(
      choosable.map(({ name, label, options }) => [name, label, options.map((one) => [one.value, one.label])]),
    );
    if (offered !== this.#offered) {
      this.#offered = offered;
      this.#selects.clear();
      this.#mount.replaceChildren(...choosable.map((control) => this.#made(control)));
    }
    for (const control of choosable) {
      const select = this.#selects.get(control.name);
      const value = optionOf(control, choices)?.value;
      if (select && value !== undefined && select.value !== value) select.value = value;
    }
  }

  #made({ name, label, options }: Control): HTMLElement {
    const offers = options.map((option) => make("option", { value: option.value }, option.label));
    const select = make("select", { id: this.#prefix + name, "aria-label": label }, ...offers);
    select.addEventListener("change", () => this.#onChoice(name, select.value));
    leaveAfterPointing(select);
    this.#selects.set(name, select);
    return make("label", { class: "control" }, make("span", {}, label), select);
  }
}

/** Who chose with the pointer goes on with the keys of the page; who chose with keys stays in the selection. */
function leaveAfterPointing(select: HTMLSelectElement): void {
  let isPointed = false;
  select.addEventListener("pointerdown", () => {
    isPointed = true;
  });
  select.addEventListener("keydown", () => {
    isPointed = false;
  });
  select.addEventListener("change", () => {
    if (isPointed) select.blur();
  });
}
