/* The Explore page: state, session and pictures brought together. Every move is painted locally, in one animation frame. */
import * as api from "./api.js";
import { ColorBar } from "./colorbar.js";
import * as colors from "./colors.js";
import * as controls from "./controls.js";
import { byId } from "./dom.js";
import { nearest } from "./epochs.js";
import { LossChart } from "./loss.js";
import * as notice from "./notice.js";
import { Player } from "./player.js";
import * as readout from "./readout.js";
import { Session } from "./session.js";
import { EpochSlider } from "./slider.js";
import * as store from "./store.js";

const POLL_MS = { training: 1000, other: 4000 };
const REST_MS = 120; // after this long on one epoch the exact numbers are fetched
const VIEWS = { all: "attention_heads_grid", one: "attention_single_head" };
const CONTROLS = ["pair", "color", "scale", "origin"];
const WHOLE_RUN = { value: "run", label: "Range of this run", arguments: { color_range: "run" } };

export class Explorer {
  constructor(library) {
    this.library = library;
    this.session = null;
    this.problem = null;
    this.painter = null;
    this.point = null;
    this.draw = this.draw.bind(this);
    this.slider = new EpochSlider(byId("epoch-slider"), (epoch) => this.goTo(epoch));
    this.chart = new LossChart(byId("loss"), (epoch) => this.goTo(epoch));
    this.chart.onDraw = () => this.chart.mark(this.epoch);
    this.bar = new ColorBar(byId("color-bar"));
    this.player = new Player({
      stepBy: (steps, direction = steps) => this.step(steps, direction),
      isReady: (steps) => this.isReady(steps),
      jump: (where) => (where === "first" ? this.first() : this.last()),
      onChange: () => this.showPlayer(),
    });
    new ResizeObserver(() => this.layout()).observe(byId("stage"));
    for (const name of CONTROLS) controls.onChoice(name, (value) => store.set({ [name]: value }));
  }

  /** Open the variant that the state names. */
  async open() {
    const { variant } = store.get();
    this.session?.close();
    clearTimeout(this.polling);
    this.session = this.painter = this.problem = null;
    if (variant !== null) {
      this.session = new Session(variant, () => this.update());
      await this.poll(this.session);
    }
    this.update();
  }

  async poll(session) {
    try {
      if (!document.hidden || !session.detail) await session.refresh();
      this.problem = null;
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (session === this.session && !error.offline) this.problem = error;
      this.update();
    }
    if (session !== this.session) return;
    const wait = session.isTraining ? POLL_MS.training : POLL_MS.other;
    this.polling = setTimeout(() => this.poll(session), wait);
  }

  /** The shown epoch: the one of the address, else the newest that can be shown. */
  get epoch() {
    const { epoch } = store.get();
    const epochs = epoch === null && this.session?.panel ? this.session.panel.epochs : (this.session?.epochs ?? []);
    const index = nearest(epochs, epoch ?? Infinity);
    return index < 0 ? null : epochs[index];
  }

  get frames() {
    return this.session?.store(store.get().pair) ?? null;
  }

  goTo(epoch) {
    this.player.stop();
    const { epochs } = this.session ?? {};
    if (epochs?.length) this.setEpoch(epochs[nearest(epochs, epoch)]);
  }

  /** Move by checkpoints; tells whether there was room in that direction. */
  step(steps, direction = steps) {
    const { epochs } = this.session ?? { epochs: [] };
    const index = nearest(epochs, this.epoch);
    const hasRoom = direction > 0 ? index < epochs.length - 1 : index > 0;
    if (hasRoom && steps) this.setEpoch(epochs[Math.min(Math.max(index + steps, 0), epochs.length - 1)]);
    return hasRoom;
  }

  /** Whether the frame `steps` checkpoints away can be painted at once. */
  isReady(steps) {
    const { epochs } = this.session;
    const next = epochs[nearest(epochs, this.epoch) + steps];
    const { frames } = this;
    return next === undefined || !frames || frames.get(next) !== undefined || frames.failed.has(next) || !frames.stamps.has(next);
  }

  first() {
    this.setEpoch(this.session?.epochs[0] ?? null);
  }

  /** The newest checkpoint; in a running training that means to follow it. */
  last() {
    this.setEpoch(this.session?.isTraining ? null : (this.session?.epochs.at(-1) ?? null));
  }

  follow() {
    this.setEpoch(store.get().epoch === null ? this.epoch : null);
  }

  setEpoch(epoch) {
    store.set({ epoch });
  }

  choosePair(index) {
    const option = this.session?.control("pair")?.options[index];
    if (option) store.set({ pair: option.value });
  }

  toggleHead() {
    store.set({ head: store.get().head === null ? 0 : null });
  }

  /** Everything but the picture: called when the session or the state changed. */
  update() {
    const { session } = this;
    const found = notice.find(this.library, session, this.problem);
    notice.show(found);
    const hasPicture = found === null && session?.panel != null;
    byId("stage").hidden = !hasPicture;
    byId("choices").hidden = !hasPicture;
    byId("transport").hidden = !session?.epochs.length;
    byId("loss").hidden = !session?.losses.length;
    if (hasPicture) this.updatePicture();
    this.showState();
    this.showPlayer();
    if (!session?.detail) return;
    this.slider.setEpochs(session.epochs, session.last);
    if (this.charted !== session.losses || this.chartedEpochs !== session.epochs.length) {
      this.charted = session.losses;
      this.chartedEpochs = session.epochs.length;
      this.chart.show([{ losses: session.losses }], session.epochs, session.last);
    }
    this.schedule();
  }

  updatePicture() {
    const { session } = this;
    const state = store.get();
    for (const name of CONTROLS) {
      const options = session.control(name)?.options ?? [];
      controls.show(name, session.option(name, state[name])?.value ?? null, name === "color" ? [...options, WHOLE_RUN] : options);
    }
    this.mountPainter(session, state);
  }

  async mountPainter(session, { head, origin }) {
    const view = head === null ? VIEWS.all : VIEWS.one;
    const key = `${session.id} ${session.shape} ${view} ${head}`;
    if (this.painterKey === key && this.painter) return this.painter.setOrigin(origin);
    this.painterKey = key;
    const { Painter } = await import(`./painters/${view}.js`);
    if (this.painterKey !== key || session !== this.session) return;
    const onPoint = (point) => this.setPoint(point);
    const onHead = (chosen) => store.set({ head: chosen });
    this.painter = new Painter(byId("heads"), session.shape, { head, onPoint, onHead });
    this.painter.setOrigin(origin);
    this.layout();
  }

  layout() {
    const box = byId("heads").getBoundingClientRect();
    if (!this.painter || !box.width) return;
    this.painter.layout(box.width, box.height);
    this.schedule();
  }

  schedule() {
    this.scheduled ??= requestAnimationFrame(this.draw);
  }

  /** Paint the shown epoch. Only what is in memory is touched, so this takes a fraction of a millisecond. */
  draw() {
    this.scheduled = null;
    const { epoch, session } = this;
    if (epoch === null || !session?.detail) return;
    this.slider.mark(epoch);
    this.chart.mark(epoch);
    const pair = session.option("pair", store.get().pair);
    const { frames } = this;
    frames?.look(epoch);
    const frame = frames?.get(epoch);
    if (this.painter && frame) this.paint(frame, frames);
    byId("heads").classList.toggle("waiting", !frame);
    readout.show(epoch, pair?.label, session.lossesAt(epoch), this.remark(epoch, frames, frame));
    this.restLater(epoch);
  }

  paint(frame, frames) {
    const palette = this.palette(frame, frames);
    this.painter.paint(frame, palette);
    if (palette !== this.barred) this.bar.draw(palette);
    this.barred = palette;
    this.markPoint(frame);
  }

  palette(frame, frames) {
    const { color, scale } = store.get();
    const option = color === WHOLE_RUN.value ? WHOLE_RUN : this.session.option("color", color);
    const { color_range: choice = "fixed", midpoint = null } = option?.arguments ?? {};
    const range = { fixed: () => [0, 1], epoch: () => extent(frame), run: () => frames.range }[choice]();
    const key = `${scale} ${range} ${midpoint}`;
    if (this.paletteKey !== key) {
      this.paletteKey = key;
      this.lastPalette = colors.palette(scale, range[0] < range[1] ? range : [0, 1], midpoint);
    }
    return this.lastPalette;
  }

  /** Why the picture is not there, or how far its loading is. */
  remark(epoch, frames, frame) {
    if (!frames || frame) return frames && frames.progress < 1 ? `loading ${Math.round(frames.progress * 100)} %` : "";
    if (frames.failed.has(epoch)) return frames.failed.get(epoch);
    return frames.stamps.has(epoch) ? "loading …" : "this checkpoint is not analysed yet";
  }

  setPoint(point) {
    this.point = point;
    this.schedule();
  }

  markPoint(frame) {
    const [, p] = this.session.shape;
    const isExact = frame instanceof Float32Array;
    const valueOf = (head, { a, b }) => {
      const value = frame[(head * p + a) * p + b];
      return `a ${a}, b ${b}: ${isExact ? value.toPrecision(6) : (value / 65535).toFixed(4)}`;
    };
    this.painter.mark(this.point, valueOf);
  }

  /** Once the eye rests, paint and read the artifact's own float32 numbers. */
  restLater(epoch) {
    if (this.restingAt === epoch && this.restingIn === this.frames) return;
    this.restingAt = epoch;
    this.restingIn = this.frames;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.restingAt = null;
      if (!this.player.direction) this.frames?.fetchExact(this.epoch);
    }, REST_MS);
  }

  showState() {
    const { detail } = this.session ?? {};
    const entry = this.library.entry(store.get().variant);
    const state = detail?.state ?? entry?.state ?? "";
    const { epochs = [], analysed = 0 } = detail ?? {};
    const isPart = detail && analysed < epochs.length && analysed > 0 && state !== "training";
    byId("variant-state").dataset.state = state;
    byId("variant-state").textContent = isPart ? `${state} · ${analysed} of ${epochs.length} analysed` : state;
  }

  showPlayer() {
    const { direction, speed, loops } = this.player;
    const button = (action) => document.querySelector(`[data-action="${action}"]`);
    const isFollowing = store.get().epoch === null;
    button("play").dataset.icon = direction > 0 ? "pause" : "play";
    button("back").dataset.icon = direction < 0 ? "pause" : "back";
    button("speed").textContent = `${speed}x`;
    button("loop").setAttribute("aria-pressed", loops);
    button("follow").hidden = !this.session?.isTraining;
    button("follow").setAttribute("aria-pressed", isFollowing);
  }
}

function extent(frame) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of frame) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const unit = frame instanceof Uint16Array ? 65535 : 1;
  return [low / unit, high / unit];
}
