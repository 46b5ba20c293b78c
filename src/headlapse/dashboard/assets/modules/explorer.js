/* The Explore page: state, session and pictures brought together. Every move is painted locally, in one animation frame. */
import * as api from "./api.js";
import { ColorBar } from "./colorbar.js";
import * as controls from "./controls.js";
import { byId } from "./dom.js";
import { nearest } from "./epochs.js";
import { extent, Look } from "./look.js";
import * as notice from "./notice.js";
import { OtherViews } from "./otherviews.js";
import { Picture } from "./picture.js";
import * as readout from "./readout.js";
import { Session } from "./session.js";
import * as store from "./store.js";
import { Timeline } from "./timeline.js";

const REST_MS = 120; // after this long on one epoch the exact numbers are fetched
const CONTROLS = ["pair", "color", "scale", "origin"];

export class Explorer {
  constructor(library) {
    this.library = library;
    this.session = null;
    this.problem = null;
    this.point = null;
    this.look = new Look();
    this.draw = this.draw.bind(this);
    this.bar = new ColorBar(byId("color-bar"), "attention");
    this.timeline = new Timeline(byId("page-explore"), this);
    this.picture = new Picture(byId("heads"), {
      onPoint: (point) => this.setPoint(point),
      onHead: (head) => store.set({ head }),
      onReady: () => this.schedule(),
    });
    this.otherViews = new OtherViews(this);
    for (const name of CONTROLS) controls.onChoice(name, (value) => store.set({ [name]: value }));
  }

  /** Open the variant that the state names. */
  async open() {
    const { variant } = store.get();
    this.session?.close();
    this.session = this.problem = null;
    this.picture.clear();
    if (variant !== null) {
      this.session = new Session(variant, (problem) => this.onSession(problem));
      await this.session.watch();
    }
    this.update();
  }

  onSession(problem = null) {
    this.problem = problem;
    this.update();
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

  get epochs() {
    return this.session?.epochs ?? [];
  }

  get isLive() {
    return this.session?.isTraining ?? false;
  }

  /** Whether the frame can be painted at once, or never. */
  isReady(epoch) {
    return this.frames?.isSettled(epoch) ?? true;
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
    const other = found === null ? this.otherViews.shown : null;
    const hasPicture = found === null && session?.panel != null && !other;
    byId("stage").hidden = !hasPicture;
    byId("other-panels").hidden = !other;
    this.otherViews.offer();
    byId("choices").hidden = byId("export").hidden = !hasPicture;
    if (hasPicture) this.updatePicture();
    this.showState();
    this.timeline.show(session ? [{ losses: session.losses, marks: session.detail?.marks }] : [], session?.last ?? 0);
    this.timeline.showPlayer();
    this.schedule();
  }

  /** Only the epoch changed. */
  move() {
    this.timeline.showPlayer();
    this.schedule();
  }

  updatePicture() {
    const { session } = this;
    const state = store.get();
    for (const name of CONTROLS) {
      controls.show(name, session.option(name, state[name])?.value ?? null, session.options(name));
    }
    this.picture.prepare(session.shape, state.head, state.origin);
  }

  schedule() {
    this.scheduled ??= requestAnimationFrame(this.draw);
  }

  /** Paint the shown epoch. Only what is in memory is touched, so this takes a fraction of a millisecond. */
  draw() {
    this.scheduled = null;
    const { epoch, session } = this;
    if (epoch === null || !session?.detail) return;
    this.timeline.mark(epoch);
    const pair = session.option("pair", store.get().pair);
    const { frames } = this;
    frames?.look(epoch);
    const frame = frames?.get(epoch);
    this.paint(frame, frames);
    readout.show(epoch, this.otherViews.shown ? null : pair?.label, session.lossesAt(epoch), this.remark(epoch, frames, frame));
    this.restLater(epoch);
  }

  paint(frame, frames) {
    const { color, scale } = store.get();
    const option = this.session.option("color", color);
    const palette = frame && this.look.palette(option, scale, { epoch: () => extent(frame), run: () => frames.range });
    this.picture.paint(frame, palette, this.point);
    if (palette && palette !== this.barred) this.bar.draw(palette);
    this.barred = palette ?? this.barred;
  }

  /** Why the picture is not there, or how far its loading is. */
  remark(epoch, frames, frame) {
    const { losses_problem: damage } = this.session.detail;
    if (damage && (!frames || frame)) return damage;
    if (!frames || frame) return frames && frames.progress < 1 ? `loading ${Math.round(frames.progress * 100)} %` : "";
    if (frames.failed.has(epoch)) return frames.failed.get(epoch);
    return frames.stamps.has(epoch) ? "loading …" : "this checkpoint is not analysed yet";
  }

  setPoint(point) {
    this.point = point;
    this.schedule();
  }

  /** Once the eye rests, paint and read the artifact's own float32 numbers. */
  restLater(epoch) {
    if (this.restingAt === epoch && this.restingIn === this.frames) return;
    this.restingAt = epoch;
    this.restingIn = this.frames;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.restingAt = null;
      if (!this.timeline.player.direction) this.frames?.fetchExact(this.epoch);
      this.otherViews.draw();
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
}
