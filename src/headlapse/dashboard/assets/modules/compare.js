/* The Compare page: two to four variants at one moment, with one pair and one colour range. */
import { ColorBar } from "./colorbar.js";
import * as controls from "./controls.js";
import { Difference } from "./difference.js";
import { byId } from "./dom.js";
import { nearest, union } from "./epochs.js";
import { around, extent, Look } from "./look.js";
import * as notice from "./notice.js";
import { Side } from "./side.js";
import * as store from "./store.js";
import { Timeline } from "./timeline.js";

const MOST = 4;
const COLORS = ["--run-0", "--run-1", "--run-2", "--run-3"];
const CONTROLS = { "compare-pair": "pair", "compare-color": "color", "compare-scale": "scale", align: "align" };
const ALIGNMENTS = [
  { value: "epoch", label: "Same epoch" },
  { value: "grokking", label: "Aligned at grokking" },
];

export class Compare {
  constructor(library) {
    this.library = library;
    this.sides = [];
    this.point = null;
    this.look = new Look();
    this.draw = this.draw.bind(this);
    this.calls = {
      onPoint: (point) => this.setPoint(point),
      onHead: (head) => store.set({ head }),
      onReady: () => this.update(),
    };
    this.bar = new ColorBar(byId("compare-bar"), "attention");
    this.difference = new Difference(this.calls);
    this.timeline = new Timeline(byId("page-compare"), this);
    controls.onChoice("compared", (ids) => this.choose(ids));
    for (const [id, field] of Object.entries(CONTROLS)) controls.onChoice(id, (value) => store.set({ [field]: value }));
  }

  get ids() {
    const { variant, with: others } = store.get();
    return [...new Set([variant, ...(others?.split(",") ?? [])])].filter(Boolean).slice(0, MOST);
  }

  choose(ids) {
    const chosen = ids.slice(0, MOST);
    if (chosen.length) store.set({ variant: chosen[0], with: chosen.slice(1).join(",") || null });
    else controls.show("compared", this.ids);
  }

  /** Have one side for each chosen variant; those that stay keep what they have loaded. */
  open() {
    const { ids } = this;
    const before = new Map(this.sides.map((side) => [side.id, side]));
    for (const [id, side] of before) if (!ids.includes(id)) side.close();
    this.sides = ids.map((id) => before.get(id) ?? this.start(id));
    this.sides.forEach((side, index) => {
      side.color = COLORS[index];
      side.name.style.setProperty("--run", `var(${side.color})`);
      byId("sides").insertBefore(side.element, this.difference.element);
    });
    this.update();
  }

  start(id) {
    const side = new Side(id, COLORS[0], this.calls);
    side.session.watch();
    return side;
  }

  close() {
    this.sides.forEach((side) => side.close());
    this.sides = [];
  }

  get sessions() {
    return this.sides.map((side) => side.session).filter((session) => session.detail);
  }

  get isLive() {
    return this.sessions.some((session) => session.isTraining);
  }

  /** How far a run is moved along the axis, which is that of the first run that groks. */
  shift(session) {
    if (store.get().align !== "grokking" || session.grokkedAt === null) return 0;
    return this.sessions.find(({ grokkedAt }) => grokkedAt !== null).grokkedAt - session.grokkedAt;
  }

  get epochs() {
    const lists = this.sessions.map((session) => session.epochs.map((epoch) => epoch + this.shift(session)));
    return lists.reduce(union, []).filter((epoch) => epoch >= 0);
  }

  get epoch() {
    const { epochs } = this;
    const index = nearest(epochs, store.get().epoch ?? Infinity);
    return index < 0 ? null : epochs[index];
  }

  isReady(moment) {
    const { pair } = store.get();
    return this.sides.every((side) => side.frames(pair)?.isSettled(side.at(moment, this.shift(side.session))) ?? true);
  }

  choosePair(index) {
    const option = this.sessions[0]?.control("pair")?.options[index];
    if (option) store.set({ pair: option.value });
  }

  toggleHead() {
    store.set({ head: store.get().head === null ? 0 : null });
  }

  update() {
    if (store.get().page !== "compare") return;
    this.showControls();
    notice.show(this.notice, byId("compare-notice"));
    const { head, origin } = store.get();
    for (const { session, picture } of this.sides) if (session.shape) picture.prepare(session.shape, head, origin);
    this.difference.prepare(this.sessions, head, origin);
    this.showTimeline();
    this.scheduled ??= requestAnimationFrame(this.draw);
  }

  get notice() {
    if (this.library.problem || !this.sides.length) return notice.find(this.library, null, null);
    return this.sides.length < 2 ? INVITATION : null;
  }

  /** Only the epoch changed. */
  move() {
    this.timeline.showPlayer();
    this.scheduled ??= requestAnimationFrame(this.draw);
  }

  showControls() {
    const state = store.get();
    const [first] = this.sessions;
    controls.show("compared", this.ids, this.library.options);
    controls.show("align", state.align, ALIGNMENTS);
    for (const [id, field] of Object.entries(CONTROLS)) {
      const options = first?.options(field) ?? [];
      if (options.length) controls.show(id, first.option(field, state[field]).value, options);
    }
  }

  showTimeline() {
    const runs = this.sides.map(({ session, color }) => ({ losses: session.losses, shift: this.shift(session), color }));
    const ends = this.sessions.map((session) => session.last + this.shift(session));
    this.timeline.show(runs, Math.max(0, ...ends));
    this.timeline.showPlayer();
  }

  draw() {
    this.scheduled = null;
    const { pair } = store.get();
    const moment = this.epoch;
    if (moment !== null) this.timeline.mark(moment);
    const shown = this.sides.map((side) => {
      const epoch = side.at(moment, this.shift(side.session));
      side.describe(epoch, this.note(side.session));
      return { side, frame: epoch === null ? undefined : side.frame(epoch, pair) };
    });
    this.paint(shown);
  }

  note({ grokkedAt, detail }) {
    if (store.get().align !== "grokking" || !detail) return "";
    return grokkedAt === null ? "does not grok" : `groks at ${grokkedAt.toLocaleString("en-US")}`;
  }

  paint(shown) {
    const { color, scale, pair } = store.get();
    const frames = shown.map(({ frame }) => frame).filter(Boolean);
    if (!frames.length) return;
    const option = this.sessions[0].option("color", color);
    const palette = this.look.palette(option, scale, {
      epoch: () => around(frames.map(extent)),
      run: () => around(shown.map(({ side }) => side.frames(pair)?.range ?? [0, 1])),
    });
    for (const { side, frame } of shown) side.picture.paint(frame, palette, this.point);
    this.bar.draw(palette);
    this.difference.paint(shown.map(({ frame }) => frame), this.point);
  }

  setPoint(point) {
    this.point = point;
    this.scheduled ??= requestAnimationFrame(this.draw);
  }
}

const INVITATION = {
  title: "Compare variants",
  text: "Choose two to four above: a run that groks beside one without weight decay, other seeds, another prime.",
};
