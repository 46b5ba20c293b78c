/* One of the variants that are compared: its session, its picture and the words above it. */
import { make } from "./dom.js";
import { nearest } from "./epochs.js";
import { Picture } from "./picture.js";
import { Session } from "./session.js";
import { epochWords, lossWords } from "./words.js";

export class Side {
  /** `color` is the CSS variable of its curve. */
  constructor(id, color, calls) {
    this.color = color;
    this.problem = null;
    this.name = make("h2", { style: `--run: var(${color})` }, id);
    this.words = make("p");
    this.mount = make("div", { class: "heads" });
    this.element = make("section", { class: "side" }, make("header", {}, this.name, this.words), this.mount);
    this.picture = new Picture(this.mount, calls);
    this.session = new Session(id, (problem = null) => {
      this.problem = problem;
      calls.onReady();
    });
  }

  get id() {
    return this.session.id;
  }

  close() {
    this.session.close();
    this.element.remove();
  }

  /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
  at(moment, shift) {
    const epochs = this.session.panel?.epochs ?? [];
    const index = nearest(epochs, moment === null ? Infinity : moment - shift);
    return index < 0 ? null : epochs[index];
  }

  frames(pair) {
    return this.session.store(pair);
  }

  /** The frame to paint now, undefined while it is on its way. */
  frame(epoch, pair) {
    const frames = this.frames(pair);
    frames?.look(epoch);
    return frames?.get(epoch);
  }

  describe(epoch, note) {
    const { detail } = this.session;
    this.name.textContent = detail?.label ?? this.id.split("/").at(-1);
    this.words.textContent = this.problem?.message ?? this.state(epoch, note);
  }

  state(epoch, note) {
    if (!this.session.detail) return "loading …";
    if (epoch === null) return "no attention patterns yet; analyse it first";
    const [train, test] = this.session.lossesAt(epoch);
    const losses = `test loss ${lossWords(test)} · train loss ${lossWords(train)}`;
    return [`Epoch ${epochWords(epoch)}`, losses, note].filter(Boolean).join(" · ");
  }
}
