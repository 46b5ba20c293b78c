/** The parts of the page that Dash and Mantine draw where there is a server, made of the browser's own elements. */
import { byId, make } from "../core/dom.ts";
import type { Offer } from "../dashboard/controls.ts";
import { CHOICE, type Choice } from "../dashboard/dash.ts";

interface Props {
  readonly data?: readonly Offer[];
  readonly value?: string | readonly string[] | null;
}

type Setter = (props: Props) => void;

export function installComponents(): void {
  const setters: Readonly<Record<string, Setter>> = { variant: variantSetter(), compared: comparedSetter() };
  window.dash_clientside = {
    callback_context: { triggered_id: "" },
    no_update: null,
    set_props: (id, props) => setters[id]?.(props),
    headlapse: { choose: () => null },
  };
  listenToTheme();
}

function choose(id: string, value: Choice["value"]): void {
  document.dispatchEvent(new CustomEvent<Choice>(CHOICE, { detail: { id, value } }));
}

function variantSetter(): Setter {
  const select = byId("variant") as HTMLSelectElement;
  select.addEventListener("change", () => {
    choose("variant", select.value);
    select.blur(); // the keys of the page go on
  });
  return ({ data, value }) => {
    if (data) select.replaceChildren(...data.map(optionOf));
    if (typeof value === "string") select.value = value;
  };
}

/** Compared variants: a button each that takes it away, and a selection that adds one. */
function comparedSetter(): Setter {
  const mount = byId("compared");
  let offered: readonly Offer[] = [];
  let values: readonly string[] = [];
  return ({ data, value }) => {
    offered = data ?? offered;
    values = Array.isArray(value) ? value : values;
    mount.replaceChildren(...values.map((id) => chip(offered, values, id)), adder(offered, values));
  };
}

function chip(offered: readonly Offer[], values: readonly string[], id: string): HTMLElement {
  const label = offered.find(({ value }) => value === id)?.label ?? id;
  const button = make("button", { type: "button", class: "text-button", title: "Take away" }, `${label} ×`);
  const others = values.filter((value) => value !== id);
  button.disabled = !others.length;
  button.addEventListener("click", () => choose("compared", others));
  return button;
}

function adder(offered: readonly Offer[], values: readonly string[]): HTMLElement {
  const others = offered.filter(({ value }) => !values.includes(value));
  const first = make("option", { value: "" }, "Add a variant");
  const select = make("select", { "aria-label": "Add a variant" }, first, ...others.map(optionOf));
  select.addEventListener("change", () => choose("compared", [...values, select.value]));
  return select;
}

const optionOf = ({ value, label }: Offer): HTMLElement => make("option", { value }, label);

/** The theme of the reader's system, until the button is pressed. */
function listenToTheme(): void {
  const [root, button, dark] = [document.documentElement, byId("theme"), matchMedia("(prefers-color-scheme: dark)")];
  const apply = (isDark: boolean) => {
    root.dataset.mantineColorScheme = isDark ? "dark" : "light";
    button.textContent = isDark ? "☾" : "☀";
  };
  button.addEventListener("click", () => apply(root.dataset.mantineColorScheme !== "dark"));
  dark.addEventListener("change", () => apply(dark.matches));
  apply(dark.matches);
}
