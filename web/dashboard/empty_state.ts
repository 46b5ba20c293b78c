/** What the page says when there is no picture: what happened, and what to do, as a line to copy. */
import { byId, make } from "../core/dom.ts";
import type { ApiError, Detail, VariantList } from "./api.ts";
import * as controls from "./controls.ts";
import type { Session } from "./session.ts";
import type { VariantPicker } from "./variant_picker.ts";

export interface EmptyState {
  readonly title: string;
  readonly text: string;
  /** A line to run. */
  readonly command?: string;
  /** A button that does it. */
  readonly job?: Job;
}

interface Job {
  readonly label: string;
  readonly request: Readonly<Record<string, unknown>>;
}

/** Show what there is to say; null hides it. */
export function show(state: EmptyState | null, mount = byId("notice")): void {
  const key = JSON.stringify(state);
  if (mount.dataset.key === key) return;
  mount.dataset.key = key;
  mount.hidden = state === null;
  mount.replaceChildren(...(state ? parts(state) : []));
}

function parts({ title, text, command, job }: EmptyState): HTMLElement[] {
  const made: HTMLElement[] = [make("h2", {}, title), make("p", {}, text)];
  if (command) made.push(commandLine(command));
  if (job) made.push(jobButton(job));
  return made;
}

/** A button that does what the command says; the server starts a process of its own for it. */
function jobButton({ label, request }: Job): HTMLElement {
  const start = make("button", { class: "main-button", type: "button" }, label);
  start.addEventListener("click", () => {
    start.disabled = true;
    start.textContent = "started; see Jobs";
    controls.put("job-request", { ...request, asked: Date.now() });
  });
  return start;
}

export function commandLine(command: string): HTMLElement {
  const copy = make("button", { class: "text-button", type: "button" }, "copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command);
    copy.textContent = "copied";
  });
  return make("div", { class: "command" }, make("code", {}, command), copy);
}

/** What to say with the list and session as they stand; null where there is a picture. */
export function find(picker: VariantPicker, session: Session | null, problem: ApiError | null): EmptyState | null {
  if (picker.problem && picker.variants === null) return unreachable(picker.problem, picker.command);
  if (problem) return { title: "This variant cannot be shown", text: problem.message };
  if (picker.variants === null) return null;
  if (!picker.variants.length) return nothingYet(picker.broken);
  if (!picker.preferred && !session) return noneUsable(picker.variants);
  return session?.detail ? ofVariant(session.detail, session.panel(null) !== null) : null;
}

/** What to say where the list of variants cannot be had. */
export function unreachable(problem: ApiError, command: string): EmptyState {
  if (!problem.isOffline) return { title: "The results cannot be read", text: problem.message };
  return {
    title: "The server is gone",
    text: "It was stopped, or its machine is asleep. What is loaded stays usable. To go on, start it again:",
    command,
  };
}

const SMALL_RUN = { prime: 31, train_fraction: 0.6, epochs: 3000, checkpoint_every: 20 };

function nothingYet(broken: VariantList["broken"]): EmptyState {
  const families = broken.map(({ name, reason }) => ` Family ${name} cannot be used: ${reason}.`).join("");
  return {
    title: "Nothing trained yet",
    text: `Train a model and its heads appear here while they form. This small one takes about a minute.${families}`,
    command: "headlapse train modulo_addition_1layer --prime 31 --train-fraction 0.6 --epochs 3000",
    job: { label: "Train it now", request: { kind: "train", family: "modulo_addition_1layer", texts: SMALL_RUN } },
  };
}

function noneUsable(variants: VariantList["variants"]): EmptyState {
  const others = variants.length > 1 ? ` And ${variants.length - 1} more.` : "";
  return { title: "No variant can be shown", text: `${variants[0].problem}${others}`, command: "headlapse check --all" };
}

function notTrained({ family, settings }: Detail): EmptyState {
  const options = Object.entries(settings).map(([name, value]) => `--set ${name}=${value}`);
  return {
    title: "Not trained yet",
    text: "This variant has no checkpoint. Train it:",
    command: ["headlapse train", family.name, ...options].join(" "),
    job: { label: "Train it now", request: { kind: "train", family: family.name, texts: settings } },
  };
}

function ofVariant(detail: Detail, hasPicture: boolean): EmptyState | null {
  if (hasPicture) return null;
  const broken = detail.panels.find(({ problem }) => problem);
  const analyze = `headlapse analyze ${detail.name}`;
  if (broken) return { title: `${broken.title} cannot be shown`, text: broken.problem ?? "", command: analyze };
  if (!detail.epochs.length) {
    return detail.state === "training"
      ? { title: "Training has begun", text: "The first checkpoint appears here in a moment." }
      : notTrained(detail);
  }
  if (!detail.unanalysed.length) return { title: "Nothing to look at", text: "No view of this run has artifacts to show." };
  return {
    title: "Not analysed yet",
    text: `${detail.epochs.length} checkpoints are there, but no attention patterns. Extract them:`,
    command: analyze,
    job: { label: "Analyse now", request: { kind: "analyze", variant: detail.id } },
  };
}
