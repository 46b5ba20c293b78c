/* Heat maps of one variant in one place of the page: the painter that its view names, the input under the pointer. */

/** The view of all heads, or of one; it names the painter here and the renderer of the server. */
export const viewOf = (head) => (head === null ? "attention_heads_grid" : "attention_single_head");

export class Picture {
  /** `onPoint(point)` is told the input under the pointer, `onHead(head)` which head was chosen. */
  constructor(mount, { onPoint, onHead, onReady }) {
    this.mount = mount;
    this.calls = { onPoint, onHead };
    this.onReady = onReady;
    this.painter = null;
    this.key = null;
    new ResizeObserver(() => this.layout()).observe(mount);
  }

  /** Make room for frames of `shape` = [heads, p, p]; `head` null shows all. */
  async prepare(shape, head, origin) {
    const view = viewOf(head);
    const key = `${shape} ${view} ${head}`;
    if (this.key !== key) {
      this.key = key;
      this.painter = null;
      const { Painter } = await import(`./painters/${view}.js`);
      if (this.key !== key) return;
      this.shape = shape;
      this.painter = new Painter(this.mount, shape, { head, ...this.calls });
      this.painter.setOrigin(origin);
      this.layout();
    } else {
      this.painter?.setOrigin(origin);
    }
  }

  clear() {
    this.key = this.painter = null;
    this.mount.replaceChildren();
  }

  layout() {
    const box = this.mount.getBoundingClientRect();
    if (!this.painter || !box.width) return;
    this.painter.layout(box.width, box.height);
    this.onReady();
  }

  /** Paint a frame and the values at `point`; without a frame the old picture fades. */
  paint(frame, palette, point) {
    this.mount.classList.toggle("waiting", !frame);
    if (!this.painter || !frame) return;
    this.painter.paint(frame, palette);
    this.painter.mark(point, (head, { a, b }) => `a ${a}, b ${b}: ${this.valueWords(frame, head, a, b)}`);
  }

  /** Exact where the frame holds the artifact's own numbers, else as far as uint16 goes. */
  valueWords(frame, head, a, b) {
    const p = this.shape[1];
    if (a >= p || b >= p) return "–";
    const value = frame[(head * p + a) * p + b];
    return frame instanceof Float32Array ? String(Number(value.toPrecision(6))) : (value / 65535).toFixed(4);
  }
}
