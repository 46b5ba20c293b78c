/** Mantine controls, from the side of the page's own code: what they offer, what they show, and what the user chose. */
import { CHOICE, type Choice, setProps } from "./dash.ts";

export interface Offer {
  readonly value: string;
  readonly label: string;
}

type Value = string | readonly string[] | null;
type Handler = (value: Value) => void;

interface Shown {
  readonly value: Value;
  readonly offered?: string | undefined;
}

const handlers = new Map<string, Handler>();
const shown = new Map<string, Shown>();

document.addEventListener(CHOICE, (event) => {
  const { id, value } = (event as CustomEvent<Choice>).detail;
  const before = shown.get(id);
  if (!isValue(value) || value === null || isSame(value, before?.value)) return;
  shown.set(id, { ...before, value }); // what the page makes of it may be something else, which is then shown again
  handlers.get(id)?.(value);
});

const isValue = (value: unknown): value is Value => value === null || typeof value === "string" || Array.isArray(value);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Call `handler(value)` when the user chooses one. */
export function onChoice(id: string, handler: (value: string) => void): void {
  handlers.set(id, (value) => {
    if (typeof value === "string") handler(value);
  });
}

/** Call `handler(values)` when the user chooses several. */
export function onChoices(id: string, handler: (values: readonly string[]) => void): void {
  handlers.set(id, (value) => {
    if (Array.isArray(value)) handler(value);
  });
}

/** Show `value` among `options`; does nothing where that is already shown. */
export function show(id: string, value: Value, options?: readonly Offer[]): void {
  const before = shown.get(id);
  const data = options?.map(({ value, label }) => ({ value, label }));
  const offered = data ? JSON.stringify(data) : before?.offered;
  const isNew = offered !== before?.offered;
  if (!isNew && isSame(value, before?.value)) return;
  shown.set(id, { value, offered });
  setProps(id, isNew ? { data, value } : { value });
}

/** Put data into a store that callbacks of the server listen to; does nothing where it is there already. */
export function put(id: string, data: unknown): void {
  const text = JSON.stringify(data);
  if (shown.get(id)?.value === text) return;
  shown.set(id, { value: text });
  setProps(id, { data });
}

/** Call the handler of the button pressed; `actions` maps its `data-action` to it. */
export function onAction(actions: Readonly<Record<string, (button: HTMLElement) => void>>): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-action]") : null;
    if (button) actions[button.dataset.action ?? ""]?.(button);
  });
}
