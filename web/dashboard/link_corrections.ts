/** What an address names that nowhere exists: numbers that are none, variants, ways of looking. Nothing here draws. */
import * as texts from "../core/texts.ts";
import type { Corrections } from "./corrections.ts";
import { sideOf } from "./pins.ts";
import type { State } from "./url_state.ts";

const NUMBERS = { epoch: texts.links.epoch, head: texts.links.head };

/** Fields of which there are few values, the first being the usual one. */
export type Allowed = Readonly<Partial<Record<keyof State, readonly { readonly value: string; readonly label: string }[]>>>;

/** What finds a variant: by its identifier or its name alone; null where there is none. */
export interface Known {
  named(id: string): string | null;
  readonly preferred: string | null;
}

/** Sentences on numbers that are none in the query of an address; they count as not given. */
export function ofNumbers(search: string): string[] {
  const query = new URLSearchParams(search);
  return Object.entries(NUMBERS).flatMap(([field, { name, instead }]) => {
    const given = query.get(field);
    if (given === null || /^\d{1,12}$/.test(given)) return [];
    return [texts.links.notAllowed(name, given, instead)];
  });
}

/** Fields that have a value that they cannot have. */
export function ofChoices(state: State, allowed: Allowed): Corrections {
  const patch: Record<string, unknown> = {};
  const sentences: string[] = [];
  for (const [field, options = []] of Object.entries(allowed)) {
    const value = state[field as keyof State];
    if (value === null || options.some((option) => option.value === value)) continue;
    patch[field] = options[0].value;
    sentences.push(texts.links.notAllowed(texts.links.field(field), String(value), options[0].label));
  }
  return { patch, sentences };
}

/** What a side of Compare is called, whether its epoch is pinned or not; null where there is no such variant. */
function sideNamed(known: Known, id: string): string | null {
  const { run, epoch } = sideOf(id);
  const found = known.named(run);
  return found === null || epoch === null ? found : `${found}@${epoch}`;
}

/**
 * The variant, and those it is compared with: by their identifiers, as far as they exist, and `most` in all. One more may be
 * there where its epoch is pinned.
 */
export function ofVariants({ variant, with: others }: State, known: Known, most: number): Corrections {
  const { preferred } = known;
  if (preferred === null) return { patch: {}, sentences: [] };
  const sentences: string[] = [];
  const found = variant === null ? null : known.named(variant);
  if (variant !== null && found === null) sentences.push(texts.links.noVariant(variant, preferred));
  const asked = [...new Set((others ?? "").split(",").filter(Boolean))];
  const gone = asked.filter((id) => sideNamed(known, id) === null);
  const there = asked.map((id) => sideNamed(known, id)).filter((id): id is string => id !== null && id !== found);
  if (gone.length) sentences.push(texts.links.noneToCompare(gone));
  const kept = there.filter((id, index) => index < most - 1 || sideOf(id).epoch !== null).slice(0, most);
  if (kept.length < there.length) sentences.push(texts.links.tooMany(most));
  return { patch: { variant: variant === null ? null : (found ?? preferred), with: kept.join(",") || null }, sentences };
}
