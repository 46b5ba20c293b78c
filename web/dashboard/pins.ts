/** Sides of Compare: a run that is scrubbed, "family/name", or one that stays at an epoch, "family/name@200". */

/** How many runs can be compared, and how many sides there are with pinned ones. */
export const MOST = 4;
export const MOST_SIDES = 5;

export interface Side {
  readonly run: string;
  /** The epoch at which it stays; null where it is scrubbed. */
  readonly epoch: number | null;
}

export function sideOf(id: string): Side {
  const found = /^(.*)@(\d{1,12})$/.exec(id);
  return found ? { run: found[1], epoch: Number(found[2]) } : { run: id, epoch: null };
}

/** The sides with one more, `run` at `epoch`; the same ones where it is there already, or where there are `most`. */
export function pinned(ids: readonly string[], run: string, epoch: number, most: number): readonly string[] {
  const id = `${run}@${epoch}`;
  return ids.includes(id) || ids.length >= most ? ids : [...ids, id];
}
