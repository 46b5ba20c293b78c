/** One of the runs of an offline page: its frames, and how it stands beside the others. */
import type { Choices } from "../core/control_bar.ts";
import type { Content as Frame } from "../core/frame_cache.ts";
import { around, extent, type Range } from "../core/grids.ts";
import type { Mark, Series } from "../core/lines.ts";
import { laidOut } from "../core/look.ts";
import { lossSeries } from "../core/losses.ts";
import type { PictureCalls } from "../core/panels.ts";
import { type Region, within } from "../core/region.ts";
import { SideBox } from "../core/side_box.ts";
import type { ShownSide, SidesLook } from "../core/sides_view.ts";
import * as texts from "../core/texts.ts";
import { lastOf } from "../core/timeline.ts";
import { framesOf, type Part, partOf, type Side } from "./content.ts";

export class PageSide {
  readonly box: SideBox;
  readonly #side: Side;
  #part: Part;
  #frames: readonly Frame[] = [];
  #series: readonly Series[] | null = null;

  constructor(side: Side, calls: PictureCalls, onReady: () => void) {
    this.#side = side;
    [this.#part] = side.parts;
    this.box = new SideBox(side.variant, calls, onReady);
  }

  /** Whether the slider moves it. */
  get isScrubbed(): boolean {
    return this.#side.pin === null;
  }

  get panels(): number {
    return this.#part.grids?.titles.length ?? 0;
  }

  get subject(): string {
    return this.#part.subject;
  }

  /** Its curves on the common axis. */
  get series(): readonly Series[] {
    const { curves, shift, variant: name } = this.#side;
    this.#series ??= lossSeries(curves.train, curves.test, { shift, color: this.box.color, name });
    return this.#series;
  }

  /** The end of what is known of it, on the common axis. */
  get last(): number {
    const { curves, moments, shift } = this.#side;
    return (
      shift +
      lastOf(
        moments.map(({ epoch }) => epoch),
        [curves.train, curves.test],
        [],
      )
    );
  }

  get pins(): readonly Mark[] {
    const { pin, shift } = this.#side;
    return pin === null ? [] : [{ epoch: pin + shift, label: texts.marks.pinned, color: this.box.color }];
  }

  /** Whether `other` shows the same run, which the slider moves. */
  isBesideItself(other: PageSide): boolean {
    return other.isScrubbed && other.#side.id === this.#side.id;
  }

  /** Have the frames of these choices. */
  async choose(choices: Choices): Promise<void> {
    const part = partOf(this.#side, choices);
    if (part === this.#part && this.#frames.length) return;
    const frames = await framesOf(part, this.#side);
    if (part !== partOf(this.#side, choices)) return;
    this.#part = part;
    this.#frames = frames;
  }

  shown(epoch: number, { controls, choices }: SidesLook, region: Region | null): ShownSide {
    const index = this.#side.moments.findIndex((moment) => moment.epoch === epoch);
    const { pin, note, variant, moments } = this.#side;
    const { train, test } = moments[index];
    this.box.describe(
      variant,
      texts.common.join([texts.compare.where(epoch, pin !== null), texts.losses.both(test, train), note]),
    );
    const described = this.#part.grids;
    const frame = this.#frames[index];
    const grids = described && { ...laidOut(described, controls, choices), region: within(region, described.axes) };
    return { box: this.box, grids, frame: frame && "values" in frame ? frame : undefined, range: this.#range };
  }

  /** Least and largest value of all frames. */
  get #range(): Range | null {
    const ranges = this.#frames.flatMap((frame) => ("values" in frame ? [extent(frame)] : []));
    return ranges.length ? around(ranges) : null;
  }
}
