/* All heads of one layer, side by side, as large as the room allows. */
import { make } from "../dom.js";
import { HeatMap } from "../heatmap.js";

const GAP = 14;
const LEAST_SIDE = 72;

export class Painter {
  /** `shape` is [heads, p, p]; `onHead(head)` is told which head was chosen. */
  constructor(mount, shape, { onPoint, onHead }) {
    this.mount = mount;
    this.size = shape[1] * shape[2];
    this.maps = Array.from({ length: shape[0] }, (_, head) => this.makeMap(head, shape[1], onPoint, onHead));
    this.grid = make("div", { class: "head-grid" }, ...this.maps.map((map) => map.element));
    mount.replaceChildren(this.grid);
  }

  makeMap(head, p, onPoint, onHead) {
    const map = new HeatMap(`Head ${head}`, p, onPoint);
    map.plot.append(make("button", { class: "open-head", "aria-label": `Head ${head} large`, type: "button" }));
    map.plot.addEventListener("click", () => onHead(head));
    return map;
  }

  /** As many columns as give the largest pictures. */
  layout(width, height) {
    const count = this.maps.length;
    const sides = this.maps.map((_, index) => {
      const columns = index + 1;
      const rows = Math.ceil(count / columns);
      return HeatMap.side((width - GAP * (columns - 1)) / columns, (height - GAP * (rows - 1)) / rows);
    });
    const side = Math.max(...sides, LEAST_SIDE);
    const columns = Math.max(sides.indexOf(Math.max(...sides)) + 1, 1);
    this.grid.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
    this.grid.style.gap = `${GAP}px`;
    this.maps.forEach((map) => map.setSide(side));
  }

  setOrigin(origin) {
    this.maps.forEach((map) => map.setOrigin(origin));
  }

  paint(frame, palette) {
    this.maps.forEach((map, head) => map.paint(this.ofHead(frame, head), palette));
  }

  mark(point, valueOf) {
    this.maps.forEach((map, head) => map.mark(point, point ? valueOf(head, point) : ""));
  }

  ofHead(frame, head) {
    return frame.subarray(head * this.size, (head + 1) * this.size);
  }
}
