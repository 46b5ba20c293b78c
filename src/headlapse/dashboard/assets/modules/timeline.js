/* Moving through epochs: slider, loss curves, buttons and playing, for any page that shows an epoch. */
import { nearest } from "./epochs.js";
import { LossChart } from "./loss.js";
import { Player } from "./player.js";
import { EpochSlider } from "./slider.js";
import * as store from "./store.js";

export class Timeline {
  /**
   * `root` holds the elements; `host` says what is shown: `epochs` (where to stop), `epoch` (now), `isReady(epoch)` (can be
   * painted at once), `isLive` (grows).
   */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.slider = new EpochSlider(root.querySelector(".epoch-slider"), (epoch) => this.goTo(epoch));
    this.chart = new LossChart(root.querySelector(".loss"), (epoch) => this.goTo(epoch));
    this.chart.onDraw = () => this.chart.mark(host.epoch);
    this.player = new Player(this, () => this.showPlayer());
    this.shown = null;
  }

  /** `runs`: [{losses, shift, color, marks}], `last`: the end of the axis. Draws only what is new. */
  show(runs, last) {
    const { epochs } = this.host;
    this.root.querySelector(".transport").hidden = !epochs.length;
    this.root.querySelector(".loss").hidden = !runs.some(({ losses }) => losses.length);
    const shown = [last, epochs.length, ...runs.flatMap(({ losses, shift, marks }) => [losses, shift, JSON.stringify(marks)])];
    if (this.shown?.length === shown.length && shown.every((value, i) => value === this.shown[i])) return;
    this.shown = shown;
    this.slider.setEpochs(epochs, last);
    this.chart.show(runs, epochs, last);
  }

  mark(epoch) {
    this.slider.mark(epoch);
    this.chart.mark(epoch);
  }

  goTo(epoch) {
    this.player.stop();
    this.jump(epoch);
    this.mark(this.host.epoch); // also where the nearest checkpoint is still the same
  }

  jump(epoch) {
    const { epochs } = this.host;
    if (epochs.length) store.set({ epoch: epochs[nearest(epochs, epoch)] });
  }

  /** Move by checkpoints. */
  step(steps) {
    this.player.stop();
    this.move(steps);
  }

  move(steps) {
    const { epochs } = this.host;
    if (epochs.length) store.set({ epoch: epochs[this.clamp(this.index + steps)] });
  }

  first() {
    this.goTo(0);
  }

  /** The newest checkpoint; in a running training that means to follow it. */
  last() {
    if (this.host.isLive) store.set({ epoch: null });
    else this.goTo(Infinity);
  }

  follow() {
    store.set({ epoch: store.get().epoch === null ? this.host.epoch : null });
  }

  get index() {
    return nearest(this.host.epochs, this.host.epoch ?? 0);
  }

  hasRoom(direction) {
    return this.clamp(this.index + direction) !== this.index;
  }

  isReady(steps) {
    return this.host.isReady(this.host.epochs[this.clamp(this.index + steps)]);
  }

  clamp(index) {
    return Math.min(Math.max(index, 0), this.host.epochs.length - 1);
  }

  showPlayer() {
    const { direction, speed, loops } = this.player;
    const button = (action) => this.root.querySelector(`[data-action="${action}"]`);
    button("play").dataset.icon = direction > 0 ? "pause" : "play";
    button("back").dataset.icon = direction < 0 ? "pause" : "back";
    button("speed").textContent = `${speed}x`;
    button("loop").setAttribute("aria-pressed", loops);
    button("follow").hidden = !this.host.isLive;
    button("follow").setAttribute("aria-pressed", store.get().epoch === null);
  }
}
