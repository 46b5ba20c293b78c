/* One variant as the server describes it, with its losses; kept current while the run goes on. */
import * as api from "./api.js";
import { union } from "./epochs.js";
import { FrameStore } from "./frames.js";
import { WHOLE_RUN } from "./look.js";

const POLL_MS = { training: 1000, other: 4000 };
export const GROKKED = 0.1; // nats of test loss
const KEPT_STORES = 3; // position pairs that stay in memory

export class Session {
  /** `onChange(problem)` is called whenever something arrived, or with the ApiError that came instead. */
  constructor(id, onChange) {
    this.id = id;
    this.onChange = onChange;
    this.detail = null;
    this.losses = new Float32Array(0);
    this.epochs = []; // where a slider stops
    this.stores = new Map();
    this.isClosed = false;
  }

  /** Look now, and again and again until closed. */
  async watch() {
    try {
      if (!document.hidden || !this.detail) await this.refresh();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (!this.isClosed && !error.offline) this.onChange(error);
    }
    if (!this.isClosed) setTimeout(() => this.watch(), this.isTraining ? POLL_MS.training : POLL_MS.other);
  }

  /** Ask again. */
  async refresh() {
    const detail = await api.variant(this.id);
    if (detail.problem) throw new api.ApiError(detail.problem);
    const isNew = JSON.stringify(detail) !== JSON.stringify(this.detail);
    this.detail = detail;
    if (isNew) this.epochs = union(detail.epochs, this.panel?.epochs ?? []);
    await this.refreshLosses(detail.losses);
    for (const store of this.stores.values()) this.update(store);
    if (isNew && !this.isClosed) this.onChange();
  }

  get isTraining() {
    return this.detail?.state === "training";
  }

  /** The end of the epoch axis: the losses may be ahead of the newest checkpoint. */
  get last() {
    return Math.max(this.epochs.at(-1) ?? 0, this.losses.length / 2);
  }

  /** The first panel that the browser draws itself and that has something to show. */
  get panel() {
    return this.detail?.panels.find((panel) => panel.painted && !panel.problem) ?? null;
  }

  get shape() {
    const [heads, , , rows, columns] = this.panel?.shapes?.patterns ?? [];
    return heads ? [heads, rows, columns] : null;
  }

  control(name) {
    return this.panel?.controls?.find((control) => control.name === name) ?? null;
  }

  /** The choices of a control; a page knows the range of a run, which a renderer of one epoch cannot offer. */
  options(name) {
    const options = this.control(name)?.options ?? [];
    return name === "color" && options.length ? [...options, WHOLE_RUN] : options;
  }

  /** The option of a control with this value, or its default. */
  option(name, value) {
    const options = this.options(name);
    return options.find((option) => option.value === value) ?? options[0] ?? null;
  }

  /** Train and test loss that belong to the weights of `epoch`; see results/losses.py. */
  lossesAt(epoch) {
    const count = this.losses.length / 2;
    if (!count) return [NaN, NaN];
    const step = Math.min(Math.max(epoch - 1, 0), count - 1);
    let evaluated = step;
    while (evaluated > 0 && !Number.isFinite(this.losses[2 * evaluated + 1])) evaluated--;
    return [this.losses[2 * step], this.losses[2 * evaluated + 1]];
  }

  /** The epoch from which on the test loss is below `GROKKED` for the first time; null where it never is. */
  get grokkedAt() {
    if (this.grokkedIn !== this.losses) {
      this.grokkedIn = this.losses;
      const step = this.losses.findIndex((loss, i) => i % 2 === 1 && loss < GROKKED);
      this.grokked = step < 0 ? null : (step + 1) / 2;
    }
    return this.grokked;
  }

  /** The frames of a position pair; the ones used least recently are let go. */
  store(pairValue) {
    const option = this.option("pair", pairValue);
    if (!option) return null;
    let store = this.stores.get(option.value);
    this.stores.delete(option.value);
    if (!store) {
      const { to_position: to, from_position: from } = option.arguments;
      store = new FrameStore(this.id, { to, from }, () => this.isClosed || this.onChange());
      this.update(store);
    }
    this.stores.set(option.value, store);
    if (this.stores.size > KEPT_STORES) this.drop(this.stores.keys().next().value);
    return store;
  }

  close() {
    this.isClosed = true;
    for (const key of [...this.stores.keys()]) this.drop(key);
  }

  drop(key) {
    this.stores.get(key).close();
    this.stores.delete(key);
  }

  update(store) {
    if (this.panel) store.setEpochs(this.panel.epochs, this.panel.stamps);
  }

  async refreshLosses(count) {
    let have = this.losses.length / 2;
    if (count < have) have = 0; // the run was started over
    if (count === have) return;
    const fresh = await api.losses(this.id, have);
    const all = new Float32Array(2 * have + fresh.length);
    all.set(this.losses.subarray(0, 2 * have));
    all.set(fresh, 2 * have);
    this.losses = all;
  }
}
