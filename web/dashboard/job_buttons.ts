/**
 * The buttons that stop jobs. Their cards are drawn anew every second, so a button that is pressed may be another one, of the
 * same job, when it is released; and what was clicked is told to a store that stays.
 */
import { setProps } from "./dash.ts";

const STORE = "job-cancel";

export function install(): void {
  let pressed: HTMLElement | null = null;
  document.addEventListener("click", ({ target }) => ask(buttonAt(target)));
  document.addEventListener("pointerdown", ({ target }) => {
    pressed = buttonAt(target);
  });
  document.addEventListener("pointerup", ({ target }) => {
    const released = buttonAt(target);
    const isRedrawn = pressed !== null && !pressed.isConnected; // then no click follows
    if (isRedrawn && released?.dataset.cancelJob === pressed?.dataset.cancelJob) ask(released);
  });
}

function buttonAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-cancel-job]:not(:disabled)") : null;
}

/** Ask the server to stop the job of a button. */
function ask(button: HTMLElement | null): void {
  if (button) setProps(STORE, { data: { job: button.dataset.cancelJob, asked: Date.now() } });
}
