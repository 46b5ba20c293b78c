/* One head, large, with its means over a and over b beside it. */
import { fit, make, cssValue } from "../dom.js";
import { HeatMap } from "../heatmap.js";

const STRIP = 76; // room for a profile

export class Painter {
  constructor(mount, shape, { head, onPoint, onHead }) {
    this.p = shape[1];
    this.head = Math.min(head, shape[0] - 1);
    this.map = new HeatMap(`Head ${this.head}`, this.p, onPoint);
    this.overA = make("canvas", { class: "profile profile-x", role: "img", "aria-label": "Mean over a, for every b" });
    this.overB = make("canvas", { class: "profile profile-y", role: "img", "aria-label": "Mean over b, for every a" });
    const back = make("button", { class: "text-button", type: "button" }, "all heads");
    back.addEventListener("click", () => onHead(null));
    this.map.element.querySelector("figcaption").append(back);
    const names = [make("span", { class: "profile-name over-a" }, "mean over a"), make("span", { class: "profile-name over-b" }, "mean over b")];
    this.frame = make("div", { class: "single-head" }, this.map.element, this.overA, this.overB, ...names);
    mount.replaceChildren(this.frame);
  }

  layout(width, height) {
    this.side = Math.max(HeatMap.side(width - STRIP, height - STRIP), 140);
    this.map.setSide(this.side);
    this.frame.style.setProperty("--strip", `${STRIP}px`);
    this.frame.style.setProperty("--side", `${this.side}px`);
    this.contexts = { a: fit(this.overA, this.side, STRIP - 16), b: fit(this.overB, STRIP - 16, this.side) };
    this.strip = STRIP - 16;
    if (this.means) this.drawProfiles();
  }

  setOrigin(origin) {
    this.map.setOrigin(origin);
  }

  paint(frame, palette) {
    const size = this.p * this.p;
    const values = frame.subarray(this.head * size, (this.head + 1) * size);
    this.map.paint(values, palette);
    this.palette = palette;
    this.means = means(values, this.p);
    if (this.contexts) this.drawProfiles();
  }

  mark(point, valueOf) {
    this.map.mark(point, point ? valueOf(this.head, point) : "");
  }

  drawProfiles() {
    const { a: overA, b: overB } = this.contexts;
    const along = (i) => ((i + 0.5) / this.p) * this.side;
    const across = (mean) => ((mean - this.palette.low) / (this.palette.high - this.palette.low)) * (this.strip - 4) + 2;
    overA.clearRect(0, 0, this.side, this.strip);
    line(overA, this.means.overA.map((mean, b) => [along(b), this.strip - across(mean)]));
    overB.clearRect(0, 0, this.strip, this.side);
    const row = (a) => (this.map.isLower ? this.p - 1 - a : a);
    line(overB, this.means.overB.map((mean, a) => [across(mean), along(row(a))]));
  }
}

/** `overA[b]` and `overB[a]`, in the units of attention. */
function means(values, p) {
  const unit = values instanceof Uint16Array ? 65535 : 1;
  const overA = new Array(p).fill(0);
  const overB = new Array(p).fill(0);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      const value = values[a * p + b] / unit / p;
      overA[b] += value;
      overB[a] += value;
    }
  }
  return { overA, overB };
}

function line(context, points) {
  context.strokeStyle = cssValue("--accent");
  context.lineWidth = 1.5;
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}
