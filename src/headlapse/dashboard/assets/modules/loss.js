/* The loss curves on a log axis, which are also the way to an epoch: click or drag goes there. */
import { cssValue, fit, make, onTheme } from "./dom.js";
import { epochWords } from "./words.js";

export const GUTTER = { left: 46, right: 14 }; // the slider has the same
const ROOM = { top: 8, bottom: 22 };
const TICK_HEIGHT = 5;

export class LossChart {
  /** `onEpoch(epoch)` is told where the user points. */
  constructor(mount, onEpoch) {
    this.mount = mount;
    this.canvas = make("canvas", { role: "img", "aria-label": "Train and test loss by epoch, log axis" });
    this.marker = make("div", { class: "loss-marker", hidden: true });
    mount.replaceChildren(this.canvas, this.marker);
    this.runs = [];
    this.last = 0;
    this.onEpoch = onEpoch;
    this.listen();
    new ResizeObserver(() => this.draw()).observe(mount);
    onTheme(() => this.draw());
  }

  /**
   * `runs`: [{losses, shift, color, marks}], `epochs`: the checkpoints, `last`: the end of the axis. A run with a color of its own
   * has its train loss dashed; `shift` moves it along the axis; `marks` are moments of it, [{epoch, label, color}].
   */
  show(runs, epochs, last) {
    this.runs = runs;
    this.epochs = epochs;
    this.last = last;
    const told = runs.flatMap(({ marks }) => marks ?? []).map(({ epoch, label }) => `${label}: epoch ${epochWords(epoch)}`);
    this.mount.title = told.join("\n");
    this.draw();
  }

  mark(epoch) {
    this.marker.hidden = epoch === null;
    this.marker.style.transform = `translateX(${this.x(epoch ?? 0)}px)`;
  }

  x(epoch) {
    return GUTTER.left + (epoch / Math.max(this.last, 1)) * this.width;
  }

  draw() {
    const box = this.mount.getBoundingClientRect();
    if (box.width < GUTTER.left * 2 || box.height < 40) return;
    this.width = box.width - GUTTER.left - GUTTER.right;
    this.height = box.height - ROOM.top - ROOM.bottom;
    this.context = fit(this.canvas, box.width, box.height);
    this.context.font = `11px ${getComputedStyle(this.mount).fontFamily}`;
    this.decades = decades(this.runs.map((run) => run.losses));
    this.drawGrid();
    this.drawCheckpoints();
    for (const run of this.runs) {
      this.drawCurve(run, 1);
      this.drawCurve(run, 0);
    }
    this.runs.flatMap(({ marks }) => marks ?? []).forEach((mark) => this.drawMark(mark));
    this.onDraw?.();
  }

  /** A triangle that stands on the axis. */
  drawMark({ epoch, color }) {
    const { context } = this;
    const x = this.x(epoch);
    const bottom = ROOM.top + this.height;
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(x, bottom);
    context.lineTo(x - 4, bottom - 8);
    context.lineTo(x + 4, bottom - 8);
    context.fill();
  }

  y(loss) {
    const [low, high] = this.decades;
    return ROOM.top + (1 - (Math.log10(loss) - low) / (high - low)) * this.height;
  }

  drawGrid() {
    const { context } = this;
    const [low, high] = this.decades;
    const step = Math.max(1, Math.ceil((high - low) / Math.max(1, Math.floor(this.height / 22))));
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let power = high; power >= low; power -= step) {
      const y = Math.round(this.y(10 ** power)) + 0.5;
      context.fillStyle = cssValue("--faint");
      context.fillText(power > -3 && power < 3 ? String(10 ** power) : `1e${power}`, GUTTER.left - 8, y);
      context.fillStyle = cssValue("--grid");
      context.fillRect(GUTTER.left, y, this.width, 1);
    }
  }

  drawCheckpoints() {
    const { context } = this;
    const bottom = ROOM.top + this.height;
    context.fillStyle = cssValue("--faint");
    let drawn = -Infinity;
    for (const epoch of this.epochs ?? []) {
      const x = this.x(epoch);
      if (x - drawn < 2) continue;
      context.fillRect(x - 0.5, bottom, 1, TICK_HEIGHT);
      drawn = x;
    }
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    context.fillText("0", GUTTER.left, bottom + 18);
    context.textAlign = "right";
    context.fillText(`epoch ${epochWords(this.last)}`, GUTTER.left + this.width, bottom + 18);
  }

  /** One curve; every pixel column shows the span of its losses, so no spike is lost. */
  drawCurve({ losses, shift = 0, color = null }, column) {
    const { context } = this;
    const count = losses.length / 2;
    context.strokeStyle = cssValue(color ?? (column ? "--test" : "--train"));
    context.lineWidth = column ? 1.75 : 1.25;
    context.setLineDash(color && !column ? [4, 3] : []);
    context.save();
    context.beginPath();
    context.rect(GUTTER.left, 0, this.width, this.height + ROOM.top);
    context.clip();
    context.beginPath();
    let started = false;
    const perPixel = Math.max(1, Math.floor(this.last / this.width / 2));
    for (let start = 0; start < count; start += perPixel) {
      const [low, high] = span(losses, column, start, Math.min(start + perPixel, count));
      if (low === Infinity) continue;
      const x = this.x(start + column + shift);
      if (started) context.lineTo(x, this.y(high));
      else context.moveTo(x, this.y(high));
      if (low < high) context.lineTo(x, this.y(low));
      started = true;
    }
    context.stroke();
    context.restore();
  }

  listen() {
    const go = (event) => {
      const x = event.clientX - this.mount.getBoundingClientRect().left - GUTTER.left;
      this.onEpoch(Math.min(Math.max(x / this.width, 0), 1) * this.last);
    };
    this.mount.addEventListener("pointerdown", (event) => {
      this.mount.setPointerCapture(event.pointerId);
      go(event);
    });
    this.mount.addEventListener("pointermove", (event) => {
      if (this.mount.hasPointerCapture(event.pointerId)) go(event);
    });
  }
}

/** Least and largest positive finite loss of one column. */
function span(losses, column, start, end) {
  let low = Infinity;
  let high = -Infinity;
  for (let epoch = start; epoch < end; epoch++) {
    const loss = losses[2 * epoch + column];
    if (!(loss > 0) || loss === Infinity) continue;
    if (loss < low) low = loss;
    if (loss > high) high = loss;
  }
  return [low, high];
}

/** The powers of ten around all losses. */
function decades(all) {
  const spans = all.flatMap((losses) => [0, 1].map((column) => span(losses, column, 0, losses.length / 2)));
  const low = Math.min(...spans.map(([least]) => least));
  const high = Math.max(...spans.map(([, largest]) => largest));
  if (!(low <= high)) return [-1, 1];
  const first = Math.floor(Math.log10(low));
  return [first, Math.max(Math.ceil(Math.log10(high)), first + 1)];
}
