/* The frames of one variant and position pair: fetched in batches, nearest to the shown epoch first, kept in memory. */
import * as api from "./api.js";
import { nearest } from "./epochs.js";
import { around } from "./look.js";

const BATCH = 8;
const IN_FLIGHT = 3;
const MAX_BYTES = 400e6;
const RETRY_MS = 1500;

export class FrameStore {
  /** `onArrival(epochs)` is called whenever frames came or failed. */
  constructor(variantId, pair, onArrival) {
    this.variantId = variantId;
    this.pair = pair;
    this.onArrival = onArrival;
    this.epochs = [];
    this.stamps = new Map();
    this.frames = new Map();
    this.exactFrames = new Map();
    this.failed = new Map();
    this.pending = new Set();
    this.requests = 0;
    this.bytes = 0;
    this.ranges = new Map();
    this.focus = 0;
    this.abort = new AbortController();
  }

  /** The epochs that can be had. What is known of an artifact that was replaced or removed since is forgotten. */
  setEpochs(epochs, stamps) {
    const now = new Map(epochs.map((epoch, index) => [epoch, stamps[index]]));
    for (const [epoch, stamp] of this.stamps) {
      if (now.get(epoch) === stamp) continue;
      this.forget(epoch);
      this.ranges.delete(epoch);
    }
    this.stamps = now;
    this.epochs = epochs;
    this.pump();
  }

  /** Least and largest attention of all frames seen so far. */
  get range() {
    return around([...this.ranges.values()]);
  }

  /** The frame of `epoch` for painting, or undefined while it is on its way. */
  get(epoch) {
    return this.exactFrames.get(epoch) ?? this.frames.get(epoch);
  }

  /** Whether waiting for this epoch is of no use: it is here, cannot be read, or does not exist. */
  isSettled(epoch) {
    return this.frames.has(epoch) || this.failed.has(epoch) || !this.stamps.has(epoch);
  }

  /** Where the eye is: what is near comes first. */
  look(epoch) {
    this.focus = epoch;
    this.pump();
  }

  get progress() {
    return this.epochs.length ? (this.frames.size + this.failed.size) / this.epochs.length : 1;
  }

  /** Fetch the artifact's own float32 numbers of one epoch. */
  async fetchExact(epoch) {
    if (this.exactFrames.has(epoch) || !this.frames.has(epoch)) return;
    try {
      const { header, frames } = await api.frames(this.variantId, this.pair, [epoch], "float32", this.abort.signal);
      if (header.stamps[0] !== this.stamps.get(epoch)) return;
      if (this.exactFrames.size > 8) this.exactFrames.clear();
      this.exactFrames.set(epoch, frames[0]);
      this.onArrival([epoch]);
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof api.ApiError)) throw error;
    }
  }

  close() {
    this.abort.abort();
    this.frames.clear();
  }

  forget(epoch) {
    this.bytes -= this.frames.get(epoch)?.byteLength ?? 0;
    this.frames.delete(epoch);
    this.exactFrames.delete(epoch);
    this.failed.delete(epoch);
  }

  pump() {
    while (this.requests < IN_FLIGHT && !this.abort.signal.aborted) {
      const batch = this.nextBatch();
      if (!batch.length) return;
      this.fetchBatch(batch);
    }
  }

  /** The missing epochs nearest to the focus, the focus first. */
  nextBatch() {
    const batch = [];
    const start = nearest(this.epochs, this.focus);
    const room = this.bytes < MAX_BYTES ? this.epochs.length : BATCH;
    for (let step = 0; step < room && batch.length < BATCH; step++) {
      for (const index of step ? [start + step, start - step] : [start]) {
        if (this.isMissing(this.epochs[index]) && batch.length < BATCH) batch.push(this.epochs[index]);
      }
    }
    return batch;
  }

  isMissing(epoch) {
    return epoch !== undefined && !this.frames.has(epoch) && !this.failed.has(epoch) && !this.pending.has(epoch);
  }

  async fetchBatch(batch) {
    this.requests += 1;
    batch.forEach((epoch) => this.pending.add(epoch));
    try {
      this.keep(await api.frames(this.variantId, this.pair, batch, "uint16", this.abort.signal));
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof api.ApiError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    } finally {
      batch.forEach((epoch) => this.pending.delete(epoch));
      this.requests -= 1;
    }
    this.makeRoom();
    if (!this.abort.signal.aborted) this.onArrival(batch);
    this.pump();
  }

  keep({ header, frames }) {
    header.epochs.forEach((epoch, index) => {
      this.frames.set(epoch, frames[index]);
      this.stamps.set(epoch, header.stamps[index]);
      this.bytes += frames[index].byteLength;
      this.ranges.set(epoch, header.ranges[index]);
    });
    for (const [epoch, problem] of Object.entries(header.failed)) this.failed.set(Number(epoch), problem.error);
  }

  makeRoom() {
    if (this.bytes <= MAX_BYTES) return;
    const farthest = [...this.frames.keys()].sort((x, y) => Math.abs(y - this.focus) - Math.abs(x - this.focus));
    for (const epoch of farthest) {
      if (this.bytes <= MAX_BYTES * 0.8) return;
      this.forget(epoch);
    }
  }
}
