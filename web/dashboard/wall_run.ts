/** A run on the wall: what the server says of it, and its frames. It is asked for again when the run has gone on. */
import type { Choices } from "../core/control_bar.ts";
import { nearest } from "../core/epochs.ts";
import { FrameCache } from "../core/frame_cache.ts";
import type { Frame, Grids } from "../core/grids.ts";
import { laidOut } from "../core/look.ts";
import type { Run } from "./alignment.ts";
import * as api from "./api.ts";
import { answered, type Part, wantedOf } from "./session.ts";

const LIMITS = { inFlight: 1, batch: 8, bytes: 8e6 };

export class WallRun implements Run {
  readonly id: string;
  problem = "";
  #detail: api.Detail | null = null;
  #cache: { readonly key: string; readonly frames: FrameCache } | null = null;
  #view: string | null = null;
  #stand = "";
  readonly #onFrames: () => void;

  /** `onFrames()` is called whenever frames arrived. */
  constructor(id: string, onFrames: () => void) {
    this.id = id;
    this.#onFrames = onFrames;
  }

  /** Ask for what is known of the run, unless it still stands where it stood. */
  async load(stand: string): Promise<void> {
    if (stand === this.#stand) return;
    this.#stand = stand;
    try {
      this.#detail = await api.variant(this.id);
      this.problem = this.#detail.problem ?? "";
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.problem = error.message;
    }
    this.#update();
  }

  /** The grids of a view, or without a choice the first ones; null where the run has none. */
  get panel(): api.Panel | null {
    const { views } = this;
    return views.find(({ view }) => view === this.#view) ?? (this.#view === null ? (views[0] ?? null) : null);
  }

  get panels(): readonly api.Panel[] {
    return this.#detail?.panels ?? [];
  }

  /** The views that can be on the wall. */
  get views(): readonly api.Panel[] {
    return this.panels.filter(({ shows, problem }) => shows === "grids" && !problem);
  }

  get isLoaded(): boolean {
    return this.#detail !== null || this.problem !== "";
  }

  get epochs(): readonly number[] {
    return this.panel?.epochs ?? [];
  }

  get grokkedAt(): number | null {
    return this.#detail?.grokked_at ?? null;
  }

  get frames(): FrameCache | null {
    return this.#cache?.frames ?? null;
  }

  /** Which frames to have from now on. */
  choose(view: string | null, choices: Choices, part: Part): void {
    this.#view = view;
    const { panel } = this;
    if (!panel) return;
    const wanted = wantedOf(panel, choices, part);
    const key = JSON.stringify(wanted);
    if (this.#cache?.key === key) return;
    this.#cache?.frames.close();
    const fetch = (epochs: readonly number[], isExact: boolean, signal: AbortSignal) =>
      answered(api.frames(this.id, wanted, epochs, isExact ? "float32" : "uint8", signal));
    this.#cache = { key, frames: new FrameCache(fetch, this.#onFrames, LIMITS) };
    this.#update();
  }

  /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
  at(moment: number, shift: number): number | null {
    const index = nearest(this.epochs, moment - shift);
    return index < 0 ? null : this.epochs[index];
  }

  /** The frame of an epoch, undefined while it is on its way. */
  frame(epoch: number): Frame | undefined {
    this.frames?.look(epoch);
    const frame = this.frames?.get(epoch);
    return frame && "values" in frame ? frame : undefined;
  }

  /** What all frames share, once the first is here. */
  grids(choices: Choices): Grids | null {
    const described = this.frames?.shared?.grids;
    return described ? laidOut(described, this.panel?.controls ?? [], choices) : null;
  }

  close(): void {
    this.#cache?.frames.close();
    this.#cache = null;
  }

  #update(): void {
    const { epochs = [], stamps = [] } = this.panel ?? {};
    this.frames?.setEpochs(epochs, stamps);
  }
}
