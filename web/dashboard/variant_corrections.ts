/** Variants that an address names and that are not there, and pinned epochs that have no checkpoint. */
import { nearest } from "../core/epochs.ts";
import * as texts from "../core/texts.ts";
import { type Corrections, NONE } from "./corrections.ts";
import { MOST, sideOf } from "./pins.ts";
import type { State } from "./url_state.ts";

/** What finds a variant: by its identifier or its name alone; null where there is none. */
export interface Known {
  named(id: string): string | null;
  readonly preferred: string | null;
}

/** A side of Compare, and the epochs that it can stay at. */
export interface SideFacts {
  readonly id: string;
  readonly epochs: readonly number[];
}

/** The variant by its identifier, or the preferred one. */
export function ofVariant({ variant }: State, known: Known): Corrections {
  const { preferred } = known;
  if (variant === null || preferred === null) return NONE;
  const found = known.named(variant);
  return { patch: { variant: found ?? preferred }, sentences: found ? [] : [texts.links.noVariant(variant, preferred)] };
}

/** What a side of Compare is called, whether its epoch is pinned or not; null where there is no such variant. */
function sideNamed(known: Known, id: string): string | null {
  const { run, epoch } = sideOf(id);
  const found = known.named(run);
  return found === null || epoch === null ? found : `${found}@${epoch}`;
}

/** The variants to compare with by their identifiers, as far as they exist. One more may be there where its epoch is pinned. */
export function ofWith({ variant, with: others }: State, known: Known): Corrections {
  if (others === null || known.preferred === null) return NONE;
  const first = (variant !== null && known.named(variant)) || known.preferred;
  const sentences: string[] = [];
  const asked = [...new Set(others.split(",").filter(Boolean))];
  const gone = asked.filter((id) => sideNamed(known, id) === null);
  const there = asked.map((id) => sideNamed(known, id)).filter((id): id is string => id !== null && id !== first);
  const kept = there.filter((id, index) => index < MOST - 1 || sideOf(id).epoch !== null).slice(0, MOST);
  if (gone.length) sentences.push(texts.links.noneToCompare(gone, kept.length > 0));
  if (kept.length < there.length) sentences.push(texts.links.tooMany(MOST));
  return { patch: { with: kept.join(",") || null }, sentences };
}

/** Sides that stay at an epoch without a checkpoint stay at the nearest one. */
export function ofSides(_: State, sides: readonly SideFacts[]): Corrections {
  const sentences: string[] = [];
  const ids = sides.map(({ id, epochs }) => {
    const { run, epoch } = sideOf(id);
    if (epoch === null || !epochs.length || epochs.includes(epoch)) return id;
    const shown = epochs[nearest(epochs, epoch)];
    sentences.push(texts.links.noCheckpoint(epoch, shown));
    return `${run}@${shown}`;
  });
  return sentences.length ? { patch: { with: [...new Set(ids.slice(1))].join(",") || null }, sentences } : NONE;
}
