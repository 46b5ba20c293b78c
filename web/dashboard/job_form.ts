/** The form of a training. What stands in its fields is read when it is sent, since Dash is told of it a little later. */
import { setProps } from "./dash.ts";

const FORM = "job-form";
const CHOICE = "[role=option]"; // of a list, which is drawn outside the form
const MARKED = "[aria-invalid=true]";

export function install(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== FORM) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    void setProps("job-training", { data: { fields, asked: Date.now() } });
    form.querySelector<HTMLElement>(MARKED)?.focus();
  });
  document.addEventListener("input", ({ target }) => target instanceof Element && target.closest(`#${FORM}`) && forget());
  document.addEventListener("click", ({ target }) => target instanceof Element && target.closest(CHOICE) && forget());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isChoice(event.target)) event.preventDefault();
  });
}

/** Whether it is a field with a list to choose from, in which Enter chooses and sends nothing. */
const isChoice = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.readOnly && target.form?.id === FORM;

/** What was said of the values before. */
function forget(): void {
  if (document.getElementById("job-message")?.textContent) void setProps("job-message", { children: "" });
}
