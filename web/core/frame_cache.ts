/** Frames of one run and one choice of options: fetched in batches, nearest to the shown epoch first, kept in memory. */
import { nearest } from "./epochs.ts";
import { around, type Frame, type Range } from "./grids.ts";
import type { Described } from "./look.ts";
import type { Chart } from "./plots.ts";

const LIMITS: Limits = { inFlight: 3, batch: 8, bytes: 400e6 };
const MOST_EXACT = 8;
const RETRY_MS = 1500;

/** What is shown at one epoch: values of grids, or lines. */
export type Content = Frame | Chart;

/** One frame as it arrived: `stamp` changes whenever it is made anew, `extent` is its least and largest number. */
export interface Arrival {
  readonly epoch: number;
  readonly frame: Content;
  readonly stamp: string;
  readonly extent: Range | null;
  /** What this one shows, in words; without, what all of them show. */
  readonly subject?: string | undefined;
}

/** What all frames share: the subject in words, and of grids their panels and axes. */
export interface Shared {
  readonly subject: string;
  readonly grids: Described | null;
}

/** The answer to one question; `failed` says why an epoch cannot be shown. */
export interface Batch {
  readonly arrivals: readonly Arrival[];
  readonly failed: ReadonlyMap<number, string>;
  readonly shared: Shared | null;
}

/** Asks for frames: compact ones to paint, or with the exact numbers. Null where nobody answers, which is tried again. */
export type Fetch = (epochs: readonly number[], isExact: boolean, signal: AbortSignal) => Promise<Batch | null>;

/**
 * How many questions are asked at a time, about how many epochs each, and how many bytes of frames are kept. With `reach` only
 * epochs at fewer steps from the shown one are fetched.
 */
export interface Limits {
  readonly inFlight: number;
  readonly batch: number;
  readonly bytes: number;
  readonly reach?: number;
}

/** Of frames that are computed when they are asked for: what is shown, then the epochs beside it. */
export const COMPUTED: Limits = { inFlight: 1, batch: 1, bytes: 400e6, reach: 2 };

export class FrameCache {
  readonly failed = new Map<number, string>();
  /** Null before the first frame. */
  shared: Shared | null = null;
  readonly #fetch: Fetch;
  readonly #onArrival: () => void;
  readonly #limits: Limits;
  readonly #frames = new Map<number, Content>();
  readonly #exact = new Map<number, Content>();
  /** Epochs whose exact numbers are on their way. */
  readonly #asked = new Set<number>();
  readonly #extents = new Map<number, Range>();
  readonly #subjects = new Map<number, string>();
  readonly #pending = new Set<number>();
  readonly #abort = new AbortController();
  #stamps = new Map<number, string>();
  #epochs: readonly number[] = [];
  #requests = 0;
  #bytes = 0;
  #focus: number | null = null;

  /** `onArrival()` is called whenever frames came or failed. */
  constructor(fetch: Fetch, onArrival: () => void, limits = LIMITS) {
    this.#fetch = fetch;
    this.#onArrival = onArrival;
    this.#limits = limits;
  }

  /** The epochs that can be had. What is known of an artifact that was replaced or removed since is forgotten. */
  setEpochs(epochs: readonly number[], stamps: readonly string[]): void {
    const now = new Map(epochs.map((epoch, index) => [epoch, stamps[index]]));
    for (const [epoch, stamp] of this.#stamps) {
      if (now.get(epoch) === stamp) continue;
      this.#forget(epoch);
      this.#extents.delete(epoch);
    }
    this.#stamps = now;
    this.#epochs = epochs;
    this.#pump();
  }

  /** Least and largest number of all frames seen so far; null before the first. */
  get range(): Range | null {
    return this.#extents.size ? around([...this.#extents.values()]) : null;
  }

  /** Least and largest number of one epoch's frame; null where that is not known. */
  extentOf(epoch: number): Range | null {
    return this.#extents.get(epoch) ?? null;
  }

  /** What the frame of an epoch shows, in words; empty before it is known. */
  subjectAt(epoch: number): string {
    return this.#subjects.get(epoch) ?? this.shared?.subject ?? "";
  }

  /** The frame of `epoch` for painting, or undefined while it is on its way. */
  get(epoch: number): Content | undefined {
    return this.#exact.get(epoch) ?? this.#frames.get(epoch);
  }

  /** Whether there is an artifact of this epoch. */
  exists(epoch: number): boolean {
    return this.#stamps.has(epoch);
  }

  /** Whether waiting for this epoch is of no use: it is here, cannot be read, or does not exist. */
  isSettled(epoch: number): boolean {
    return this.#frames.has(epoch) || this.failed.has(epoch) || !this.#stamps.has(epoch);
  }

  /** Where the eye is: what is near comes first. Nothing is asked for before. */
  look(epoch: number): void {
    this.#focus = epoch;
    this.#pump();
  }

  /** The share of all frames that are here, or cannot be; 1 where only those near the shown epoch are fetched. */
  get progress(): number {
    if (this.#limits.reach !== undefined) return 1;
    return this.#epochs.length ? (this.#frames.size + this.failed.size) / this.#epochs.length : 1;
  }

  /** Fetch the exact numbers of one epoch. */
  async fetchExact(epoch: number): Promise<void> {
    if (this.#exact.has(epoch) || this.#asked.has(epoch) || !this.#frames.has(epoch)) return;
    this.#asked.add(epoch);
    const batch = await this.#fetch([epoch], true, this.#abort.signal);
    this.#asked.delete(epoch);
    const arrival = batch?.arrivals[0];
    if (!arrival || arrival.stamp !== this.#stamps.get(epoch)) return;
    if (this.#exact.size > MOST_EXACT) this.#exact.clear();
    this.#exact.set(epoch, arrival.frame);
    this.#onArrival();
  }

  close(): void {
    this.#abort.abort();
    this.#frames.clear();
  }

  #forget(epoch: number): void {
    this.#bytes -= bytesOf(this.#frames.get(epoch));
    this.#frames.delete(epoch);
    this.#exact.delete(epoch);
    this.failed.delete(epoch);
  }

  #pump(): void {
    if (this.#focus === null) return;
    const atOnce = this.#isEmpty ? 1 : this.#limits.inFlight;
    while (this.#requests < atOnce && !this.#abort.signal.aborted) {
      const batch = this.#nextBatch(this.#focus);
      if (!batch.length) return;
      void this.#fetchBatch(batch);
    }
  }

  /** Whether nothing came yet: the first frame is asked for alone, so that it comes soon. */
  get #isEmpty(): boolean {
    return !this.#frames.size && !this.failed.size;
  }

  /** The missing epochs nearest to the focus, the focus first. */
  #nextBatch(focus: number): number[] {
    const batch: number[] = [];
    const start = nearest(this.#epochs, focus);
    const room = this.#limits.reach ?? (this.#bytes < this.#limits.bytes ? this.#epochs.length : this.#limits.batch);
    const most = this.#isEmpty ? 1 : this.#limits.batch;
    for (let step = 0; step < room && batch.length < most; step++) {
      for (const index of step ? [start + step, start - step] : [start]) {
        if (this.#isMissing(this.#epochs[index]) && batch.length < most) batch.push(this.#epochs[index]);
      }
    }
    return batch;
  }

  #isMissing(epoch: number | undefined): epoch is number {
    return epoch !== undefined && !this.#frames.has(epoch) && !this.failed.has(epoch) && !this.#pending.has(epoch);
  }

  async #fetchBatch(epochs: readonly number[]): Promise<void> {
    const { signal } = this.#abort;
    this.#requests += 1;
    for (const epoch of epochs) this.#pending.add(epoch);
    const batch = await this.#fetch(epochs, false, signal);
    if (batch) this.#keep(batch);
    else if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    for (const epoch of epochs) this.#pending.delete(epoch);
    this.#requests -= 1;
    if (signal.aborted) return;
    this.#makeRoom();
    this.#onArrival();
    this.#pump();
  }

  #keep({ arrivals, failed, shared }: Batch): void {
    if (shared) this.shared = shared;
    for (const { epoch, frame, stamp, extent, subject } of arrivals) {
      this.#frames.set(epoch, frame);
      if (subject !== undefined) this.#subjects.set(epoch, subject);
      this.#stamps.set(epoch, stamp);
      if (extent) this.#extents.set(epoch, extent);
      this.#bytes += bytesOf(frame);
    }
    for (const [epoch, problem] of failed) this.failed.set(epoch, problem);
  }

  #makeRoom(): void {
    if (this.#bytes <= this.#limits.bytes) return;
    const focus = this.#focus ?? 0;
    const farthest = [...this.#frames.keys()].sort((x, y) => Math.abs(y - focus) - Math.abs(x - focus));
    for (const epoch of farthest) {
      if (this.#bytes <= this.#limits.bytes * 0.8) return;
      this.#forget(epoch);
    }
  }
}

const bytesOf = (frame: Content | undefined): number => (frame && "values" in frame ? frame.values.byteLength : 0);
