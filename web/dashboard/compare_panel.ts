/** One of the variants that are compared: its session, its picture and the words above it. */

import { nearest } from "../core/epochs.ts";
import type { FrameCache } from "../core/frame_cache.ts";
import type { Frame, Grids } from "../core/grids.ts";
import { laidOut } from "../core/look.ts";
import type { PictureCalls } from "../core/panels.ts";
import { magnification, readRegion, within } from "../core/region.ts";
import { SideBox } from "../core/side_box.ts";
import * as texts from "../core/texts.ts";
import { alignmentWords } from "./alignment.ts";
import type { ApiError, Panel } from "./api.ts";
import { type Side, sideOf } from "./pins.ts";
import type { Session } from "./session.ts";
import * as url from "./url_state.ts";

export class ComparePanel {
  readonly box: SideBox;
  /** What it is called in the address. */
  readonly id: string;
  readonly side: Side;
  readonly session: Session;
  /** Why the run could not be had. */
  problem: ApiError | null = null;
  #axes: Grids["axes"] | null = null; // of what came last

  /** The session is that of its run, which other sides may share. */
  constructor(id: string, session: Session, calls: PictureCalls, onReady: () => void) {
    this.id = id;
    this.side = sideOf(id);
    this.session = session;
    this.box = new SideBox(id, calls, onReady);
  }

  close(): void {
    this.box.element.remove();
  }

  /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
  at(moment: number | null, shift: number): number | null {
    const epochs = this.panel?.epochs ?? [];
    const index = nearest(epochs, this.side.epoch ?? (moment === null ? Infinity : moment - shift));
    return index < 0 ? null : epochs[index];
  }

  /** The view that all runs show; null where this one does not have it, or not as a grid, or is not there itself. */
  get panel(): Panel | null {
    if (this.problem) return null;
    const panel = this.session.panel(url.get().view);
    return panel?.shows === "grids" ? panel : null;
  }

  get cache(): FrameCache | null {
    const { panel } = this;
    const size = this.#size;
    return panel && size ? this.session.cache(panel, url.get().options, { size }) : null; // of 0: nobody sees it
  }

  get grids(): Grids | null {
    const described = this.cache?.shared?.grids;
    if (!described) return null;
    this.#axes = described.axes;
    const { options, zoom } = url.get();
    return { ...laidOut(described, this.panel?.controls ?? [], options), region: within(readRegion(zoom), described.axes) };
  }

  /** The frame to paint now, undefined while it is on its way. */
  frame(epoch: number | null): Frame | undefined {
    if (epoch === null) return undefined;
    this.cache?.look(epoch);
    const frame = this.cache?.get(epoch);
    return frame && "values" in frame ? frame : undefined;
  }

  get #size(): number {
    const { head, zoom } = url.get();
    const pixels = this.box.picture.pixelsPerPanel(head === null ? (this.panel?.heads?.length ?? 1) : 1);
    return this.#axes ? Math.ceil(pixels * magnification(readRegion(zoom), this.#axes)) : pixels;
  }

  describe(epoch: number | null): void {
    const { detail, id } = this.session;
    this.box.describe(detail?.label ?? id.split("/").at(-1) ?? id, this.problem?.message ?? this.#state(epoch));
  }

  #state(epoch: number | null): string {
    if (!this.session.detail) return texts.common.loading;
    if (epoch === null) return this.panel ? texts.compare.notAnalysed : texts.compare.noView;
    const [train, test] = this.session.lossesAt(epoch);
    const where = texts.compare.where(epoch, this.side.epoch !== null);
    return texts.common.join([where, texts.losses.both(test, train), alignmentWords(this.session, url.get().align)]);
  }
}
