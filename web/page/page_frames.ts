/** The frames of one run as the reader chose them: cells of a part, in an order of places, with curves over them. */
import { bytesOf, inflatedText } from "../core/cells.ts";
import type { Choices } from "../core/control_bar.ts";
import type { Content as Frame } from "../core/frame_cache.ts";
import { around, type Curve, extent, type Range } from "../core/grids.ts";
import type { Described } from "../core/look.ts";
import { type Arrangement, arrangedCurve, arrangedValues } from "./arrangement.ts";
import { type CurvesOf, framesOf, type Part, partOf, type Side } from "./content.ts";

type Curves = readonly (readonly Curve[])[];

interface Chosen {
  readonly part: Part;
  readonly frames: readonly Frame[];
  readonly arrangement: Arrangement | null;
  /** Per frame; null where there are only those of the part itself. */
  readonly curves: Curves | null;
}

export class PageFrames {
  readonly #side: Side;
  #wanted: Choices | null = null;
  #chosen: Chosen | null = null;
  #range: { readonly frames: readonly Frame[]; readonly range: Range | null } | null = null;
  #last: { readonly chosen: Chosen; readonly index: number; readonly frame: Frame | undefined } | null = null;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Have the frames of these choices; what is chosen meanwhile replaces them. */
  async choose(choices: Choices): Promise<void> {
    this.#wanted = choices;
    const part = partOf(this.#side, choices);
    const arrangement = this.#side.arrangements.find((one) => isChosen(one.choices, choices)) ?? null;
    const before = this.#chosen;
    const frames = before?.part === part ? before.frames : await framesOf(part, this.#side);
    const curves = await curvesOf(part, choices, arrangement);
    if (this.#wanted === choices) this.#chosen = { part, frames, arrangement, curves };
  }

  /** What all frames share; null of lines. */
  get grids(): Described | null {
    const { part, arrangement } = this.#chosen ?? {};
    const grids = part?.grids ?? null;
    return grids && arrangement ? { ...grids, axes: arrangement.axes } : grids;
  }

  get panels(): number {
    return this.#chosen?.part.grids?.titles.length ?? 0;
  }

  /** What is shown, in words. */
  subject(index: number): string {
    const { subjects = [], subject = "" } = this.#chosen?.part ?? {};
    return subjects[index] ?? subject;
  }

  /** The frame at a place in time. */
  at(index: number): Frame | undefined {
    const chosen = this.#chosen;
    if (!chosen) return undefined;
    if (this.#last?.chosen !== chosen || this.#last.index !== index) this.#last = { chosen, index, frame: made(chosen, index) };
    return this.#last.frame;
  }

  /** Least and largest value of all frames. */
  get range(): Range | null {
    const { frames = [] } = this.#chosen ?? {};
    if (this.#range?.frames !== frames) {
      const ranges = frames.flatMap((frame) => ("values" in frame ? [extent(frame)] : []));
      this.#range = { frames, range: ranges.length ? around(ranges) : null };
    }
    return this.#range.range;
  }
}

function made({ frames, arrangement, curves }: Chosen, index: number): Frame | undefined {
  const frame = frames[index];
  if (!frame || !("values" in frame)) return frame;
  const over = curves?.[index] ?? frame.curves?.map((curve) => (arrangement ? arrangedCurve(curve, arrangement) : curve));
  const values = arrangement ? arrangedValues(frame.values, arrangement) : frame.values;
  return { values, range: frame.range, ...(over ? { curves: over } : {}) };
}

/** The curves of these choices: those made for their order, or those of the cells, rearranged. */
async function curvesOf(
  part: Part,
  choices: Choices,
  arrangement: (Arrangement & { choices: Choices }) | null,
): Promise<Curves | null> {
  const names = ({ choices: mine }: CurvesOf) => Object.keys(mine).length;
  const [found] = part.curves.filter((one) => isChosen(one.choices, choices)).sort((one, other) => names(other) - names(one));
  if (!found) return null;
  const curves: Curves = JSON.parse(await inflatedText(bytesOf(found.frames)));
  const isOfOrder = Object.keys(arrangement?.choices ?? {}).every((name) => name in found.choices);
  if (!arrangement || isOfOrder) return curves;
  return curves.map((each) => each.map((curve) => arrangedCurve(curve, arrangement)));
}

const isChosen = (some: Choices, choices: Choices): boolean =>
  Object.entries(some).every(([name, value]) => choices[name] === value);
