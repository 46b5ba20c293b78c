/** Buttons of the layout, and stores that callbacks of the server listen to. */
import { setProps } from "./dash.ts";

const stored = new Map<string, string>();

/** Put data into a store that callbacks of the server listen to; does nothing where it is there already. */
export function put(id: string, data: unknown): void {
  const text = JSON.stringify(data);
  if (stored.get(id) === text) return;
  stored.set(id, text);
  void setProps(id, { data });
}

/** Call the handler of the button pressed; `actions` maps its `data-action` to it. */
export function onAction(actions: Readonly<Record<string, (button: HTMLElement) => void>>): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-action]") : null;
    if (button) actions[button.dataset.action ?? ""]?.(button);
  });
}
