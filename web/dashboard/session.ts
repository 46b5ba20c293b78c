/** One variant as the server describes it, with its losses; kept current while the run goes on. */
import { type Choices, type Control, valuesOf } from "../core/control_bar.ts";
import { union } from "../core/epochs.ts";
import { COMPUTED, FrameCache } from "../core/frame_cache.ts";
import type { Series } from "../core/lines.ts";
import { withRunRange } from "../core/look.ts";
import { type CurveStyle, type Losses, lossesAt, lossSeries } from "../core/losses.ts";
import type { Scalar } from "../core/scalars.ts";
import * as api from "./api.ts";

const POLL_MS = { training: 1000, other: 4000 };
const KEPT_CACHES = 3; // choices of a view whose frames stay in memory

type Change = (problem: api.ApiError | null) => void;

export class Session {
  readonly id: string;
  detail: api.Detail | null = null;
  /** Where a slider stops. */
  epochs: readonly number[] = [];
  /** Scalars besides the losses; the same ones until one of them changes. */
  scalars: readonly Scalar[] = [];
  readonly #steps: api.DType;
  readonly #onChange: Change;
  readonly #caches = new Map<string, { view: string; cache: FrameCache }>();
  #losses: Losses = { train: new Float32Array(0), test: new Float32Array(0) };
  #series: { key: string; made: Series[] } = { key: "", made: [] };
  #scalarsStamp = "";
  #problem: api.ApiError | null = null;
  #isClosed = false;

  /** `onChange(problem)` is called whenever something changed, with the error that came instead of the run until it is there again. `steps` are what is painted before the eye rests. */
  constructor(id: string, onChange: Change, steps: api.DType = "uint8") {
    this.id = id;
    this.#steps = steps;
    this.#onChange = onChange;
  }

  /** Look now, and again and again until closed. */
  async watch(): Promise<void> {
    try {
      if (!document.hidden || !this.detail) await this.#refresh();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (!error.isOffline) this.#fail(error);
    }
    if (!this.#isClosed) setTimeout(() => this.watch(), this.isTraining ? POLL_MS.training : POLL_MS.other);
  }

  /** Look now, e.g. after a change. */
  async look(): Promise<void> {
    if (!this.#isClosed) await answered(this.#refresh());
  }

  get isTraining(): boolean {
    return this.detail?.state === "training";
  }

  /** The end of the epoch axis: losses and scalars may be ahead of the newest checkpoint. */
  get last(): number {
    const ends = this.scalars.map(({ epochs }) => epochs.at(-1) ?? 0);
    return Math.max(this.epochs.at(-1) ?? 0, this.#losses.train.length, ...ends);
  }

  /** The views that can be shown, or say why not. */
  get panels(): readonly api.Panel[] {
    return this.detail?.panels ?? [];
  }

  /** The panel of `view`, or without it the first that can be shown. */
  panel(view: string | null): api.Panel | null {
    const usable = this.panels.filter(({ problem }) => !problem);
    return usable.find((panel) => panel.view === view) ?? usable.find(({ shows }) => shows === "grids") ?? usable[0] ?? null;
  }

  /** The view asked for, if its analyzer has not run. */
  unanalysed(view: string | null): api.Panel | null {
    return this.panels.find((panel) => panel.view === view && panel.command) ?? null;
  }

  /** The controls of a panel, with what the page itself can offer. */
  controls(panel: api.Panel | null): readonly Control[] {
    return withRunRange(panel?.controls ?? []);
  }

  /** Train and test loss that belong to the weights of `epoch`. */
  lossesAt(epoch: number): [train: number, test: number] {
    return lossesAt({ ...this.#losses, ofCheckpoints: this.detail?.checkpoint_losses }, epoch);
  }

  /** The loss curves; the same ones until losses or style change. */
  series(style: CurveStyle = {}): Series[] {
    const { train, test } = this.#losses;
    const key = JSON.stringify([style, train.length]);
    if (this.#series.key !== key) {
      const x = Array.from(train, (_, step) => step);
      const made = lossSeries({ x, y: train }, { x: x.map((step) => step + 1), y: test }, style);
      this.#series = { key, made };
    }
    return this.#series.made;
  }

  /** The first checkpoint with a test accuracy of 0.99 that later ones keep, as the server says; null where there is none. */
  get grokkedAt(): number | null {
    return this.detail?.grokked_at ?? null;
  }

  /** The frames of a panel for these choices: of all its panels or one. Those used least recently are let go. */
  cache(panel: api.Panel, choices: Choices, part: Part = {}): FrameCache {
    const wanted = wantedOf(panel, choices, part);
    const key = JSON.stringify(wanted);
    const cache = this.#caches.get(key)?.cache ?? this.#newCache(wanted, panel.isComputed);
    this.#caches.delete(key);
    this.#caches.set(key, { view: panel.view, cache });
    this.#update(panel, cache);
    const [oldest] = this.#caches.keys();
    if (this.#caches.size > KEPT_CACHES) this.#drop(oldest);
    return cache;
  }

  /** The epoch whose frame is shown at `epoch`: the last of what tells of all. */
  framed(panel: api.Panel, epoch: number): number {
    return panel.isOfRun ? (panel.epochs?.at(-1) ?? epoch) : epoch;
  }

  close(): void {
    this.#isClosed = true;
    for (const key of [...this.#caches.keys()]) this.#drop(key);
  }

  #newCache(wanted: api.Wanted, isComputed = false): FrameCache {
    return new FrameCache(
      (epochs, isExact, signal) => answered(api.frames(this.id, wanted, epochs, isExact ? "float32" : this.#steps, signal)),
      () => this.#changed(),
      ...(isComputed ? [COMPUTED] : []),
    );
  }

  #drop(key: string): void {
    this.#caches.get(key)?.cache.close();
    this.#caches.delete(key);
  }

  #update(panel: api.Panel | null, cache: FrameCache): void {
    if (!panel || this.#isClosed) return;
    const { epochs = [], stamps = [], isOfRun } = panel;
    if (isOfRun) cache.setEpochs(epochs.slice(-1), stamps.slice(-1));
    else cache.setEpochs(epochs, stamps);
  }

  async #refresh(): Promise<void> {
    const detail = await api.variant(this.id);
    if (detail.problem) throw new api.ApiError(detail.problem);
    const isNew = JSON.stringify(detail) !== JSON.stringify(this.detail);
    this.detail = detail;
    if (isNew) this.#take(detail);
    await this.#refreshLosses(detail.losses);
    await this.#refreshScalars(detail.scalars);
    for (const { view, cache } of this.#caches.values()) this.#update(this.panel(view), cache);
    const isBack = this.#problem !== null;
    this.#problem = null;
    if (isNew || isBack) this.#changed();
  }

  #fail(problem: api.ApiError): void {
    this.#problem = problem;
    this.#changed();
  }

  #changed(): void {
    if (!this.#isClosed) this.#onChange(this.#problem);
  }

  #take(detail: api.Detail): void {
    this.epochs = this.panels.reduce((all, panel) => union(all, panel.epochs ?? []), [...detail.epochs]);
    this.#changed(); // a picture needs no losses
  }

  async #refreshScalars(stamp: string): Promise<void> {
    if (stamp === this.#scalarsStamp) return;
    this.scalars = stamp ? await api.scalars(this.id) : [];
    this.#scalarsStamp = stamp;
    this.#changed();
  }

  async #refreshLosses(count: number): Promise<void> {
    const have = count < this.#losses.train.length ? 0 : this.#losses.train.length; // a run may be started over
    if (count === have) return;
    const fresh = await api.losses(this.id, have);
    const joined = (known: ArrayLike<number>, column: number) => {
      const all = new Float32Array(have + fresh.length / 2);
      for (let i = 0; i < have; i++) all[i] = known[i];
      for (let i = have; i < all.length; i++) all[i] = fresh[2 * (i - have) + column];
      return all;
    };
    const test = joined(this.#losses.test, 1);
    this.#losses = { train: joined(this.#losses.train, 0), test };
    this.#series.key = "";
  }
}

/** A part of a picture: one panel, and how many cells a side there is room for. */
export interface Part {
  readonly panel?: number | null;
  readonly size?: number | null;
}

/** What is asked of the server. Grids that are no finer than the screen are asked for whole, so that all sizes share them. */
export function wantedOf({ view, controls = [], cells = 0, shows }: api.Panel, choices: Choices, part: Part): api.Wanted {
  const values = valuesOf(
    controls.filter(({ isLook }) => !isLook),
    choices,
  );
  const { panel = null, size = null } = part;
  const isFine = shows === "grids" && size !== null && cells > size;
  return { view, choices: values, size: isFine ? size : null, panel };
}

/** What was asked for; null where it was not to be had or is no longer wanted. */
export async function answered<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof api.ApiError || (error instanceof DOMException && error.name === "AbortError")) return null;
    throw error;
  }
}
