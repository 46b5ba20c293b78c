/* What the page says when there is no picture: what happened, and what to do, as a line to copy. */
import { byId, make } from "./dom.js";

/** `notice`: null, or {title, text, command}. */
export function show(notice, mount = byId("notice")) {
  const key = JSON.stringify(notice);
  if (mount.dataset.key === key) return;
  mount.dataset.key = key;
  mount.hidden = notice === null;
  mount.replaceChildren(...(notice ? parts(notice) : []));
}

function parts({ title, text, command }) {
  const made = [make("h2", {}, title), make("p", {}, text)];
  if (command) made.push(commandLine(command));
  return made;
}

function commandLine(command) {
  const copy = make("button", { class: "text-button", type: "button" }, "copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command);
    copy.textContent = "copied";
  });
  return make("div", { class: "command" }, make("code", {}, command), copy);
}

/** The notice for a library and session as they stand; null where there is a picture. */
export function find(library, session, problem) {
  if (library.problem) return unreachable(library.problem);
  if (problem) return { title: "This variant cannot be shown", text: problem.message };
  if (library.variants === null) return null;
  if (!library.variants.length) return nothingYet(library.broken);
  return session?.detail ? ofVariant(session) : null;
}

function unreachable(problem) {
  if (!problem.offline) return { title: "The results cannot be read", text: problem.message };
  return {
    title: "The server is gone",
    text: "It was stopped, or its machine sleeps. Start it again; this page goes on where it stands.",
    command: "headlapse dashboard",
  };
}

function nothingYet(broken) {
  const families = broken.map(({ name, reason }) => ` Family ${name} cannot be used: ${reason}.`).join("");
  return {
    title: "Nothing trained yet",
    text: `Train a model and its heads appear here while they form. This small one takes about a minute.${families}`,
    command: "headlapse train modulo_addition_1layer --prime 31 --train-fraction 0.6 --epochs 3000",
  };
}

function ofVariant({ detail, panel }) {
  if (panel) return null;
  const broken = detail.panels.find(({ problem }) => problem);
  const analyze = `headlapse analyze ${detail.name}`;
  if (broken) return { title: `${broken.title} cannot be shown`, text: broken.problem, command: analyze };
  if (!detail.epochs.length) {
    return detail.state === "training"
      ? { title: "Training has begun", text: "The first checkpoint appears here in a moment." }
      : { title: "Not trained yet", text: "This variant has no checkpoint. Train it:", command: `headlapse train ${detail.family.name}` };
  }
  if (!detail.unanalysed.length) return null;
  return {
    title: "Not analysed yet",
    text: `${detail.epochs.length} checkpoints are there, but no attention patterns. Extract them:`,
    command: analyze,
  };
}
