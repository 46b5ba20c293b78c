/** Moving through epochs: slider, curves, buttons and playing, for anything that shows an epoch. */

import { find } from "./dom.ts";
import { nearest } from "./epochs.ts";
import type { Steps } from "./keys.ts";
import { LineChart } from "./line_chart.ts";
import type { Mark, Series } from "./lines.ts";
import { LossKinds } from "./loss_kinds.ts";
import type { Curve } from "./losses.ts";
import { type Playable, Player } from "./player.ts";
import { ScalarLegend } from "./scalar_legend.ts";
import { type Scalar, scalarSeries } from "./scalars.ts";
import { EpochSlider } from "./slider.ts";
import * as texts from "./texts.ts";

const RATE = 12; // checkpoints a second

/** What is shown, and how it is moved. */
export interface Host {
  /** Where to stop, ascending. */
  readonly epochs: readonly number[];
  /** The epoch shown now. */
  readonly epoch: number | null;
  /** Whether more epochs are to come. */
  readonly isLive: boolean;
  /** Whether the newest epoch stays shown. */
  readonly isFollowing: boolean;
  /** Whether an epoch can be painted at once, or never. */
  isReady(epoch: number): boolean;
  /** Whether the axis of epochs is by their logarithm, where the page keeps that; a timeline without it keeps it itself. */
  readonly isLogAxis?: boolean;
  setLogAxis?(isLog: boolean): void;
  /** Show one of `epochs`, or with null the newest from now on. */
  go(epoch: number | null): void;
}

export class Timeline implements Playable, Steps {
  readonly player: Player;
  readonly chart: LineChart;
  readonly #root: HTMLElement;
  readonly #host: Host;
  readonly #slider: EpochSlider;
  #shown = "";
  readonly #kinds = new LossKinds();
  readonly #legend: ScalarLegend;
  #series: readonly Series[] = [];
  #marks: readonly Mark[] = [];
  #last = 0;
  #isLog = false;
  #scalars: readonly Scalar[] = [];

  /** `root` holds the elements: .loss, .transport, .epoch-slider and buttons with a `data-action`. */
  constructor(root: HTMLElement, host: Host, rate = RATE) {
    this.#root = root;
    this.#host = host;
    this.#slider = new EpochSlider(find(root, ".epoch-slider"), (epoch) => this.#goTo(epoch));
    this.chart = new LineChart(find(root, ".loss"), texts.losses.chart, (epoch) => this.#goTo(epoch));
    this.chart.legend.append(this.#kinds.element);
    this.#legend = new ScalarLegend(this.chart.legend, () => this.#draw());
    this.player = new Player(this, rate, () => this.showPlayer());
    this.#listen();
  }

  /** The curves, their marks and the end of the axis. Draws only what is new; series and scalars are compared by identity. */
  show(series: readonly Series[], marks: readonly Mark[], last: number, scalars: readonly Scalar[] = []): void {
    const { epochs } = this.#host;
    find(this.#root, ".transport").hidden = !epochs.length;
    find(this.#root, ".loss").hidden = !series.some(({ x }) => x.length) && !scalars.length;
    const isLog = this.#host.isLogAxis ?? this.#isLog;
    const shown = JSON.stringify([last, epochs.length, epochs.at(-1), marks, isLog]);
    if (shown === this.#shown && isSame(series, this.#series) && isSame(scalars, this.#scalars)) return;
    if (!isSame(scalars, this.#scalars)) this.#legend.show(scalars);
    this.#kinds.show(series);
    this.#shown = shown;
    this.#series = series;
    this.#marks = marks;
    this.#last = last;
    this.#scalars = scalars;
    this.#isLog = isLog;
    this.#slider.setEpochs(epochs, { last, isLog });
    this.#draw();
  }

  mark(epoch: number): void {
    this.#slider.mark(epoch);
    this.chart.mark(epoch);
    this.#legend.mark(epoch);
  }

  /** Move by checkpoints. */
  step(steps: number): void {
    this.player.stop();
    this.move(steps);
  }

  move(steps: number): void {
    const { epochs } = this.#host;
    if (epochs.length) this.#host.go(epochs[this.#clamp(this.#index + steps)]);
  }

  first(): void {
    this.#goTo(0);
  }

  /** The newest checkpoint; in a running training that means to follow it. */
  last(): void {
    if (this.#host.isLive) this.#host.go(null);
    else this.#goTo(Infinity);
  }

  play(): void {
    this.player.toggle(1);
  }

  jump(end: "first" | "last"): void {
    this.#show(end === "first" ? 0 : Infinity);
  }

  hasRoom(direction: number): boolean {
    return this.#clamp(this.#index + direction) !== this.#index;
  }

  isReady(steps: number): boolean {
    return this.#host.isReady(this.#host.epochs[this.#clamp(this.#index + steps)]);
  }

  showPlayer(): void {
    const { direction, speed, loops } = this.player;
    this.#button("play").dataset.icon = direction > 0 ? "pause" : "play";
    this.#button("back").dataset.icon = direction < 0 ? "pause" : "back";
    this.#button("speed").textContent = `${speed}x`;
    this.#button("loop").setAttribute("aria-pressed", String(loops));
    this.#button("log-epochs").setAttribute("aria-pressed", String(this.#host.isLogAxis ?? this.#isLog));
    const follow = this.#root.querySelector<HTMLElement>('[data-action="follow"]');
    if (follow === null) return;
    follow.hidden = !this.#host.isLive;
    follow.setAttribute("aria-pressed", String(this.#host.isFollowing));
  }

  #draw(): void {
    const scalars = this.#scalars.filter(({ name }) => this.#legend.isShown(name));
    const series = [...scalars.map(scalarSeries), ...this.#series];
    this.chart.show({ series, marks: this.#marks, stops: this.#host.epochs, last: this.#last }, this.#isLog);
  }

  /** Change between the two axes of epochs. */
  #toggleLog(): void {
    if (this.#host.setLogAxis) {
      this.#host.setLogAxis(!this.#host.isLogAxis);
      return;
    }
    this.#isLog = !this.#isLog;
    this.show(this.#series, this.#marks, this.#last, this.#scalars);
    this.showPlayer();
    if (this.#host.epoch !== null) this.mark(this.#host.epoch);
  }

  #button(action: string): HTMLElement {
    return find(this.#root, `[data-action="${action}"]`);
  }

  #goTo(epoch: number): void {
    this.player.stop();
    this.#show(epoch);
    if (this.#host.epoch !== null) this.mark(this.#host.epoch); // also where the nearest checkpoint is still the same
  }

  #show(epoch: number): void {
    const { epochs } = this.#host;
    if (epochs.length) this.#host.go(epochs[nearest(epochs, epoch)]);
  }

  get #index(): number {
    return nearest(this.#host.epochs, this.#host.epoch ?? 0);
  }

  #clamp(index: number): number {
    return Math.min(Math.max(index, 0), this.#host.epochs.length - 1);
  }

  #listen(): void {
    const actions: Readonly<Record<string, () => void>> = {
      first: () => this.first(),
      last: () => this.last(),
      play: () => this.play(),
      back: () => this.player.toggle(-1),
      speed: () => this.player.nextSpeed(),
      loop: () => this.player.toggleLoop(),
      "log-epochs": () => this.#toggleLog(),
      follow: () => this.#host.go(this.#host.isFollowing ? this.#host.epoch : null),
    };
    this.#root.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-action]") : null;
      if (button) actions[button.dataset.action ?? ""]?.();
    });
  }
}

/** The end of an axis of epochs: of checkpoints, curves and scalars. */
export function lastOf(epochs: readonly number[], curves: readonly Curve[], scalars: readonly Scalar[]): number {
  const ends = [epochs, ...curves.map(({ x }) => x), ...scalars.map((scalar) => scalar.epochs)];
  return Math.max(1, ...ends.map((all) => all[all.length - 1] ?? 0));
}

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, i) => value === other[i]);
