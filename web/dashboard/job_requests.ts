/** Jobs that buttons of the page start and cancel; where the server does not, the page says why. */
import * as texts from "../core/texts.ts";
import { type AskedJob, ask } from "./changes.ts";
import * as messages from "./messages.ts";

/** Start a job; returns whether it is started. */
export async function start(job: AskedJob): Promise<boolean> {
  const { problem } = await ask({ kind: "start", runs: [], job });
  if (problem) messages.tell([texts.jobs.notStarted(problem)]);
  return !problem;
}

export async function cancel(job: string): Promise<void> {
  const { problem } = await ask({ kind: "cancel", runs: [job] });
  if (problem) messages.tell([texts.jobs.notCancelled(problem)]);
}
