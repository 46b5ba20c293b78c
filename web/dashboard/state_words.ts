/** Words on how far a variant is, and on why a picture is not there. */

import type { FrameCache } from "../core/frame_cache.ts";
import * as texts from "../core/texts.ts";
import type { Detail } from "./api.ts";

/** The state beside the name of a variant: "analysed", "trained · 2 of 3 analysed". */
export function stateWords(state: string, detail: Detail | null): string {
  const { epochs = [], analysed = 0 } = detail ?? {};
  const isPart = analysed < epochs.length && analysed > 0 && state !== "training";
  return isPart ? texts.states.partlyAnalysed(state, analysed, epochs.length) : state;
}

/** Why there is no picture of `epoch`, or how far the loading of all is; empty where there is nothing to say. */
export function remark(detail: Detail, cache: FrameCache | null, epoch: number): string {
  const isHere = cache?.get(epoch) !== undefined;
  if (detail.losses_problem && (!cache || isHere)) return detail.losses_problem;
  if (detail.notes_problem && (!cache || isHere)) return detail.notes_problem;
  if (!cache) return "";
  if (isHere) return cache.progress < 1 ? texts.states.loadingPart(cache.progress) : "";
  return cache.failed.get(epoch) ?? (cache.exists(epoch) ? texts.common.loading : texts.states.checkpointNotAnalysed);
}
