/** The picture of attention heads, as the server's answers describe it. */
import type { Axis, Grids, Origin } from "../core/grids.ts";
import type { Panel } from "./api.ts";

/** The view of all heads, or of one, under the name that it has on the server. */
export const viewOf = (head: number | null): string => (head === null ? "attention_heads_grid" : "attention_single_head");

/** The grids of `panel`; null where it has none. */
export function gridsOf(panel: Panel | null, origin: string): Grids | null {
  const titles = panel?.shapes?.patterns ? panel.heads : undefined;
  const [down, across] = panel?.axes ?? [];
  if (!titles || !down || !across || panel?.axes?.length !== 2) return null;
  const axes: [Axis, Axis] = [down, across];
  return { titles, axes, origin: originOf(origin), panelName: "head", valueName: "attention", range: [0, 1] };
}

const originOf = (text: string): Origin => (text === "lower" ? "lower" : "upper");
