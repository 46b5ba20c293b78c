/** One variant as the server describes it, with its losses; kept current while the run goes on. */
import { union } from "../core/epochs.ts";
import { FrameCache } from "../core/frame_cache.ts";
import type { Grids } from "../core/grids.ts";
import type { Series } from "../core/lines.ts";
import { type CurveStyle, type Losses, lossesAt, lossSeries } from "../core/losses.ts";
import * as api from "./api.ts";
import { WHOLE_RUN } from "./color_settings.ts";
import { gridsOf } from "./heads.ts";

const POLL_MS = { training: 1000, other: 4000 };
const GROKKED = 0.1; // nats of test loss
const KEPT_CACHES = 3; // position pairs that stay in memory

type Change = (problem: api.ApiError | null) => void;

export class Session {
  readonly id: string;
  detail: api.Detail | null = null;
  /** Where a slider stops. */
  epochs: readonly number[] = [];
  readonly #onChange: Change;
  readonly #caches = new Map<string, FrameCache>();
  #losses: Losses = { train: new Float32Array(0), test: new Float32Array(0) };
  #grokkedAt: number | null = null;
  #series: { key: string; made: Series[] } = { key: "", made: [] };
  #isClosed = false;

  /** `onChange(problem)` is called whenever something arrived, or with the error that came instead. */
  constructor(id: string, onChange: Change) {
    this.id = id;
    this.#onChange = onChange;
  }

  /** Look now, and again and again until closed. */
  async watch(): Promise<void> {
    try {
      if (!document.hidden || !this.detail) await this.#refresh();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (!this.#isClosed && !error.isOffline) this.#onChange(error);
    }
    if (!this.#isClosed) setTimeout(() => this.watch(), this.isTraining ? POLL_MS.training : POLL_MS.other);
  }

  get isTraining(): boolean {
    return this.detail?.state === "training";
  }

  /** The end of the epoch axis: the losses may be ahead of the newest checkpoint. */
  get last(): number {
    return Math.max(this.epochs.at(-1) ?? 0, this.#losses.train.length);
  }

  /** The first panel that the browser draws itself and that has something to show. */
  get panel(): api.Panel | null {
    return this.detail?.panels.find((panel) => panel.painted && !panel.problem) ?? null;
  }

  /** The epochs that the picture can show. */
  get pictured(): readonly number[] {
    return this.panel?.epochs ?? [];
  }

  grids(origin: string): Grids | null {
    return gridsOf(this.panel, origin);
  }

  /** The choices of a control. */
  options(name: string): readonly api.Option[] {
    const options = this.panel?.controls?.find((control) => control.name === name)?.options ?? [];
    return name === "color" && options.length ? [...options, WHOLE_RUN] : options;
  }

  /** The option of a control with this value, or its default. */
  option(name: string, value: string | null): api.Option | null {
    const options = this.options(name);
    return options.find((option) => option.value === value) ?? options[0] ?? null;
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

  /** The epoch from which on the test loss is below `GROKKED` for the first time; null where it never is. */
  get grokkedAt(): number | null {
    return this.#grokkedAt;
  }

  /** The frames of a position pair; the ones used least recently are let go. */
  cache(pair: string | null): FrameCache | null {
    const option = this.option("pair", pair);
    if (!option) return null;
    const cache = this.#caches.get(option.value) ?? this.#newCache(option);
    this.#caches.delete(option.value);
    this.#caches.set(option.value, cache);
    const [oldest] = this.#caches.keys();
    if (this.#caches.size > KEPT_CACHES) this.#drop(oldest);
    return cache;
  }

  close(): void {
    this.#isClosed = true;
    for (const key of [...this.#caches.keys()]) this.#drop(key);
  }

  #newCache({ arguments: given }: api.Option): FrameCache {
    const pair = { to: Number(given.to_position), from: Number(given.from_position) };
    const cache = new FrameCache(
      (epochs, isExact, signal) => answered(api.frames(this.id, pair, epochs, isExact, signal)),
      () => this.#isClosed || this.#onChange(null),
    );
    this.#update(cache);
    return cache;
  }

  #drop(key: string): void {
    this.#caches.get(key)?.close();
    this.#caches.delete(key);
  }

  #update(cache: FrameCache): void {
    if (this.panel) cache.setEpochs(this.pictured, this.panel.stamps ?? []);
  }

  async #refresh(): Promise<void> {
    const detail = await api.variant(this.id);
    if (detail.problem) throw new api.ApiError(detail.problem);
    const isNew = JSON.stringify(detail) !== JSON.stringify(this.detail);
    this.detail = detail;
    if (isNew) this.epochs = union(detail.epochs, this.pictured);
    await this.#refreshLosses(detail.losses);
    for (const cache of this.#caches.values()) this.#update(cache);
    if (isNew && !this.#isClosed) this.#onChange(null);
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
    const step = test.findIndex((loss) => loss < GROKKED);
    this.#grokkedAt = step < 0 ? null : step + 1;
  }
}

/** What was asked for; null where it was not to be had or is no longer wanted. */
async function answered<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof api.ApiError || (error instanceof DOMException && error.name === "AbortError")) return null;
    throw error;
  }
}
