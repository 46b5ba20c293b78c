/* The difference of two variants, where they have the same heads and the same p. */
import { ColorBar } from "./colorbar.js";
import * as colors from "./colors.js";
import { byId, make } from "./dom.js";
import { Picture } from "./picture.js";

const RANGE = [-1, 1];

export class Difference {
  constructor(calls) {
    const mount = make("div", { class: "heads" });
    const name = make("h2", { class: "plain" }, "Second minus first");
    this.element = make("section", { class: "side", hidden: true }, make("header", {}, name, make("p")), mount);
    this.bar = new ColorBar(byId("difference-bar"), "difference");
    this.picture = new Picture(mount, calls);
    byId("sides").append(this.element);
  }

  /** Show the place for it where exactly two sessions have one shape. */
  prepare(sessions, head, origin) {
    const [one, other] = sessions.map(({ shape }) => shape);
    const isPossible = sessions.length === 2 && one !== null && String(one) === String(other);
    this.element.hidden = byId("difference-bar").hidden = !isPossible;
    if (isPossible) this.picture.prepare(one, head, origin);
  }

  /** Paint the second frame minus the first; what has not arrived fades. */
  paint([first, second], point) {
    if (this.element.hidden) return;
    this.palette ??= colors.palette("auto", RANGE, 0);
    this.picture.paint(first && second ? subtract(first, second) : undefined, this.palette, point);
    this.bar.draw(this.palette);
  }
}

const unit = (frame) => (frame instanceof Uint16Array ? 65535 : 1);

function subtract(first, second) {
  const [one, other] = [unit(first), unit(second)];
  return Float32Array.from(second, (value, i) => value / other - first[i] / one);
}
