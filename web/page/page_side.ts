/** One of the runs of an offline page: its frames, and how it stands beside the others. */
import type { Choices } from "../core/control_bar.ts";
import { type Mark, pinMark, type Series } from "../core/lines.ts";
import { laidOut } from "../core/look.ts";
import { lossSeries } from "../core/losses.ts";
import type { PictureCalls } from "../core/panels.ts";
import { type Region, within } from "../core/region.ts";
import { SideBox } from "../core/side_box.ts";
import type { ShownSide, SidesLook } from "../core/sides_view.ts";
import * as texts from "../core/texts.ts";
import { lastOf } from "../core/timeline.ts";
import type { Side } from "./content.ts";
import { PageFrames } from "./page_frames.ts";

export class PageSide {
  readonly box: SideBox;
  readonly #side: Side;
  readonly #frames: PageFrames;
  #series: readonly Series[] | null = null;

  constructor(side: Side, calls: PictureCalls, onReady: () => void) {
    this.#side = side;
    this.#frames = new PageFrames(side);
    this.box = new SideBox(side.variant, calls, onReady);
  }

  /** Whether the slider moves it. */
  get isScrubbed(): boolean {
    return this.#side.pin === null;
  }

  get panels(): number {
    return this.#frames.panels;
  }

  get subject(): string {
    return this.#frames.subject(0);
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
    return pin === null ? [] : [pinMark(pin, shift, this.box.color)];
  }

  /** Whether `other` shows the same run, which the slider moves. */
  isBesideItself(other: PageSide): boolean {
    return other.isScrubbed && other.#side.id === this.#side.id;
  }

  /** Have the frames of these choices. */
  choose(choices: Choices): Promise<void> {
    return this.#frames.choose(choices);
  }

  shown(epoch: number, { controls, choices }: SidesLook, region: Region | null): ShownSide {
    const index = this.#side.moments.findIndex((moment) => moment.epoch === epoch);
    const { pin, note, variant, moments } = this.#side;
    const { train, test } = moments[index];
    this.box.describe(
      variant,
      texts.common.join([texts.compare.where(epoch, pin !== null), texts.losses.both(test, train), note]),
    );
    const described = this.#frames.grids;
    const frame = this.#frames.at(index);
    const grids = described && { ...laidOut(described, controls, choices), region: within(region, described.axes) };
    return { box: this.box, grids, frame: frame && "values" in frame ? frame : undefined, range: this.#frames.range };
  }
}
