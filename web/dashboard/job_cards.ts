/**
 * What can be done on the cards of jobs: stop, continue, open the run. The cards are drawn anew every second, so what is pressed
 * may be another element, of the same job, when it is released.
 */
import { cancel, start } from "./job_requests.ts";
import * as url from "./url_state.ts";

const ACTIONS: Readonly<Record<string, (value: string) => void>> = {
  cancelJob: (job) => void cancel(job),
  continueJob: (job) => void start({ kind: "again", job }),
  openRun: (variant) => url.set({ page: "explore", variant, epoch: null, head: null }),
};
const PRESSED = "[data-cancel-job]:not(:disabled), [data-continue-job], [data-open-run]";
const STILL = 10; // pixels that a pointer may move between press and release

/** What is pressed, and where. */
interface Press {
  readonly element: HTMLElement;
  readonly x: number;
  readonly y: number;
}

export function install(): void {
  let press: Press | null = null;
  document.addEventListener("click", (event) => {
    const element = elementAt(event.target);
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act(element);
  });
  document.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
    const element = elementAt(target);
    press = element && { element, x: clientX, y: clientY };
  });
  document.addEventListener("pointerup", ({ clientX, clientY }) => {
    if (!press || press.element.isConnected || Math.hypot(clientX - press.x, clientY - press.y) > STILL) return;
    const successor = successorOf(press.element); // no click follows, and it may stand elsewhere
    if (successor) act(successor);
  });
}

const successorOf = (element: HTMLElement): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>(PRESSED)].find((other) => keyOf(other) === keyOf(element));

const elementAt = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(PRESSED) : null;

const keyOf = ({ dataset }: HTMLElement): string => JSON.stringify(Object.keys(ACTIONS).map((name) => dataset[name]));

function act({ dataset }: HTMLElement): void {
  for (const [name, action] of Object.entries(ACTIONS)) {
    const value = dataset[name];
    if (value !== undefined) action(value);
  }
}
