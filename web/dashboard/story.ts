/** What a run shows at an epoch, in words, made of what visualization/story.py found. Nothing here draws. */
import * as texts from "../core/texts.ts";

/** What is known of a run; null where it is not recorded, or does not happen. */
export interface Facts {
  /** What the model is trained on, in a word. */
  readonly inputs: string;
  readonly memorised_at: number | null;
  readonly grokked_at: number | null;
  readonly has_train_accuracy: boolean;
  /** At the newest checkpoint. */
  readonly test_accuracy: number | null;
  /** How many heads spread their attention evenly at the first epoch with an artifact. */
  readonly even: { readonly epoch: number; readonly heads: number; readonly of: number } | null;
  /** Where each head locks in, relative to the epoch `last`. */
  readonly lock_in: readonly (number | null)[] | null;
  readonly last: number | null;
}

/** One line on the shown epoch; `newest` is the newest checkpoint. */
export function storyAt(facts: Facts, epoch: number, newest: number): string {
  return [texts.story.now(epoch, now(facts, epoch)), next(facts, epoch, newest), lockedIn(facts, epoch)]
    .filter(Boolean)
    .join(" ");
}

function now(facts: Facts, epoch: number): string {
  const { inputs, memorised_at: memorised, grokked_at: grokked } = facts;
  if (facts.even?.epoch === epoch && facts.even.heads) return evenly(facts.even);
  if (grokked !== null && epoch >= grokked) return texts.story.grokked(grokked);
  if (memorised !== null && epoch >= memorised) return texts.story.memorised(inputs, memorised);
  if (memorised !== null) return texts.story.notYetMemorised(inputs);
  if (facts.test_accuracy === null) return texts.story.notRecorded;
  return facts.has_train_accuracy ? texts.story.notMemorised(inputs) : texts.story.testIsLow;
}

function evenly({ heads, of }: NonNullable<Facts["even"]>): string {
  if (heads < of) return texts.story.someEven(heads, of);
  return of === 1 ? texts.story.onlyEven : texts.story.allEven;
}

/** What is to come. */
function next({ inputs, memorised_at, grokked_at, test_accuracy }: Facts, epoch: number, newest: number): string {
  const isAhead = (at: number | null): at is number => at !== null && at > epoch;
  const ahead = [
    ...(isAhead(memorised_at) ? [texts.story.memorises(inputs, memorised_at)] : []),
    ...(isAhead(grokked_at) ? [texts.story.groks(grokked_at)] : []),
  ];
  const end = grokked_at === null && test_accuracy !== null ? [texts.story.notGrokked(newest, test_accuracy)] : [];
  return [...(ahead.length ? [texts.story.ahead(ahead)] : []), ...end].join(" ");
}

function lockedIn({ lock_in: heads, last }: Facts, epoch: number): string {
  const done = heads?.filter((at) => at !== null && at <= epoch).length ?? 0;
  return heads && done && last !== null ? texts.story.lockedIn(done, heads.length, last) : "";
}
