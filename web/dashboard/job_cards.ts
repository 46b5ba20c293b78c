/**
 * What can be done on the cards of jobs: stop, continue, open the run. The cards are drawn anew every second, so what is pressed
 * may be another element, of the same job, when it is released.
 */
import { setProps } from "./dash.ts";
import * as url from "./url_state.ts";

const ACTIONS: Readonly<Record<string, (value: string) => void>> = {
  cancelJob: (job) => void setProps("job-cancel", { data: { job, asked: Date.now() } }),
  continueJob: (job) => void setProps("job-request", { data: { kind: "again", job, asked: Date.now() } }),
  openRun: (variant) => url.set({ page: "explore", variant, epoch: null, head: null }),
};
const PRESSED = "[data-cancel-job]:not(:disabled), [data-continue-job], [data-open-run]";

export function install(): void {
  let pressed: HTMLElement | null = null;
  document.addEventListener("click", (event) => {
    const element = elementAt(event.target);
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act(element);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    pressed = elementAt(target);
  });
  document.addEventListener("pointerup", ({ target }) => {
    const released = elementAt(target);
    const isRedrawn = pressed !== null && !pressed.isConnected; // then no click follows
    if (isRedrawn && released && keyOf(released) === keyOf(pressed as HTMLElement)) act(released);
  });
}

const elementAt = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(PRESSED) : null;

const keyOf = ({ dataset }: HTMLElement): string => JSON.stringify(Object.keys(ACTIONS).map((name) => dataset[name]));

function act({ dataset }: HTMLElement): void {
  for (const [name, action] of Object.entries(ACTIONS)) {
    const value = dataset[name];
    if (value !== undefined) action(value);
  }
}
