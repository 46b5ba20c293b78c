/** Changes that the server makes: notes on runs, the trash, and jobs. */
import * as texts from "../core/texts.ts";
import { folder } from "./folder.ts";

export interface Change {
  readonly kind: "note" | "trash" | "restore" | "empty" | "start" | "cancel";
  /** Runs, with "restore" and "empty" what names them in the trash, with "cancel" names of jobs. */
  readonly runs: readonly string[];
  readonly notes?: Readonly<Record<string, unknown>>;
  /** What to start. */
  readonly job?: AskedJob;
}

/** A training, an analysis, or a job that is done again. */
export type AskedJob = Readonly<Record<string, unknown>> & { readonly kind: "train" | "analyze" | "again" };

export interface Answer {
  /** Why it was not done, or not for all; empty where all is done. */
  readonly problem: string;
  /** What was done: runs, or what names them in the trash. */
  readonly done: readonly string[];
}

const { token } = document.documentElement.dataset;

/** Whether there is a server that makes changes: a site is only read. */
export const canChange = (): boolean => token !== undefined;

/** Ask the server for a change, and wait for its answer. */
export async function ask(change: Change): Promise<Answer> {
  const headers = { "Content-Type": "application/json", "X-Headlapse-Token": token ?? "" };
  try {
    return await read(await fetch(`${folder}data/changes`, { method: "POST", headers, body: JSON.stringify(change) }));
  } catch {
    return { problem: texts.api.noAnswer, done: [] };
  }
}

async function read(answer: Response): Promise<Answer> {
  if (answer.ok) return answer.json();
  const { error }: { error: string } = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
  return { problem: error, done: [] };
}
