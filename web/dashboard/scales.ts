/** The colour scales of the server, fetched once before the first picture. */
import type { Scales } from "../core/look.ts";
import * as api from "./api.ts";

let fetched: Scales | null = null;

export async function load(): Promise<void> {
  fetched ??= await api.colors();
}

export function scales(): Scales {
  if (fetched === null) throw new Error("the colour scales are not loaded");
  return fetched;
}
