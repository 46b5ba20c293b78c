/** Changes of runs that the server makes: notes, and the trash. What is asked goes into a store, and the answer is a hidden line. */
import { byId } from "../core/dom.ts";
import { isOffered, load, setProps } from "./dash.ts";

export interface Change {
  readonly kind: "note" | "trash" | "restore" | "empty";
  /** Runs, or with "restore" and "empty" what names them in the trash. */
  readonly runs: readonly string[];
  readonly notes?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  /** Why it was not done, or not for all; empty where all is done. */
  readonly problem: string;
  /** What was done: runs, or what names them in the trash. */
  readonly done: readonly string[];
}

let last = 0;

/** Whether there is a server that makes changes: a site is only read. */
export const canChange = isOffered;

/** Ask the server for a change, and wait for its answer. */
export async function ask(change: Change): Promise<Answer> {
  await load();
  last = Math.max(Date.now(), last + 1);
  const asked = last;
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const answer: Answer & { asked: number } = JSON.parse(byId("run-answer").textContent || "{}");
      if (answer.asked !== asked) return;
      observer.disconnect();
      resolve(answer);
    });
    observer.observe(byId("run-answer"), { childList: true, characterData: true, subtree: true });
    void setProps("run-change", { data: { ...change, asked } });
  });
}
