/** The buttons that stop jobs. Cards are drawn anew while they are clicked, so a click is told to a store that stays. */
import { setProps } from "./dash.ts";

const STORE = "job-cancel";

/** Ask the server to stop the job whose button is clicked, whenever that button was drawn. */
export function install(): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-cancel-job]") : null;
    if (button) setProps(STORE, { data: { job: button.dataset.cancelJob, asked: Date.now() } });
  });
}
