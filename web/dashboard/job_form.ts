/** The form of a training. What stands in its fields is read when it is sent, since Dash is told of it a little later. */
import { setProps } from "./dash.ts";

const FORM = "job-form";

export function install(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== FORM) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    void setProps("job-training", { data: { fields, asked: Date.now() } });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isChoice(event.target)) event.preventDefault();
  });
}

/** Whether it is a field with a list to choose from, in which Enter chooses and sends nothing. */
const isChoice = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.readOnly && target.form?.id === FORM;
