/** What the page says when there is no picture: what happened, and what to do, as a line to copy. */

import { byId, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import type { ApiError, Detail, Panel, VariantList } from "./api.ts";
import { type AskedJob, canChange } from "./changes.ts";
import { commandLine } from "./command_line.ts";
import { start } from "./job_requests.ts";
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
  readonly request: AskedJob;
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
  if (job && canChange()) made.push(jobButton(job));
  return made;
}

/** A button that does what the command says; the server starts a process of its own for it. */
function jobButton({ label, request }: Job): HTMLElement {
  const button = make("button", { class: "main-button", type: "button" }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const isStarted = await start(request);
    if (isStarted) button.textContent = texts.empty.started;
    button.disabled = isStarted;
  });
  return button;
}

/** What to say with the list and session as they stand, `asked` being a view without analysis; null where there is a picture. */
export function find(
  picker: VariantPicker,
  session: Session | null,
  problem: ApiError | null,
  asked: Panel | null = null,
): EmptyState | null {
  if (picker.problem && picker.variants === null) return unreachable(picker.problem, picker.command);
  if (problem) return { title: texts.empty.variantProblem, text: problem.message };
  if (picker.variants === null) return null;
  if (!picker.variants.length) return nothingYet(picker.broken);
  if (!picker.preferred && !session) return noneUsable(picker.variants);
  if (!session?.detail) return null;
  return asked ? unanalysed(asked, session.id) : ofVariant(session.detail, session.panel(null) !== null);
}

function unanalysed({ view, title, command = "" }: Panel, variant: string): EmptyState {
  return {
    title: texts.empty.viewNotAnalysed(title),
    text: texts.empty.viewNotAnalysedText,
    command,
    job: { label: texts.empty.analyseNow, request: { kind: "analyze", variant, view } },
  };
}

/** What to say where the list of variants cannot be had. */
export function unreachable(problem: ApiError, command: string): EmptyState {
  if (!problem.isOffline) return { title: texts.empty.resultsProblem, text: problem.message };
  return {
    title: texts.empty.serverGone,
    text: texts.empty.serverGoneText,
    command,
  };
}

const SMALL_RUN = { prime: 31, train_fraction: 0.6, epochs: 3000, checkpoint_every: 20 };

function nothingYet(broken: VariantList["broken"]): EmptyState {
  const families = broken.map(({ name, reason }) => texts.empty.familyProblem(name, reason)).join("");
  return {
    title: texts.empty.nothingTrained,
    text: texts.empty.nothingTrainedText + families,
    command: texts.empty.smallRun,
    job: { label: texts.empty.trainNow, request: { kind: "train", family: "modulo_addition_1layer", texts: SMALL_RUN } },
  };
}

function noneUsable(variants: VariantList["variants"]): EmptyState {
  const others = variants.length > 1 ? texts.empty.andMore(variants.length - 1) : "";
  return { title: texts.empty.noneUsable, text: `${variants[0].problem}${others}`, command: texts.empty.check };
}

function notTrained({ family, settings }: Detail): EmptyState {
  const options = Object.entries(settings).map(([name, value]) => `--set ${name}=${value}`);
  return {
    title: texts.empty.notTrained,
    text: texts.empty.notTrainedText,
    command: texts.empty.train(family.name, options),
    job: { label: texts.empty.trainNow, request: { kind: "train", family: family.name, texts: settings } },
  };
}

function ofVariant(detail: Detail, hasPicture: boolean): EmptyState | null {
  if (hasPicture) return null;
  const broken = detail.panels.find(({ problem }) => problem);
  const analyze = texts.empty.analyse(detail.name);
  if (broken) return { title: texts.empty.viewProblem(broken.title), text: broken.problem ?? "", command: analyze };
  if (!detail.epochs.length) {
    return detail.state === "training" ? { title: texts.empty.begun, text: texts.empty.begunText } : notTrained(detail);
  }
  if (!detail.unanalysed.length) return { title: texts.empty.nothing, text: texts.empty.nothingText };
  return {
    title: texts.empty.notAnalysed,
    text: texts.empty.notAnalysedText(detail.epochs.length),
    command: analyze,
    job: { label: texts.empty.analyseNow, request: { kind: "analyze", variant: detail.id } },
  };
}
