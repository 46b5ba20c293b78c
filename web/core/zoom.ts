/** Choosing a part of a heat map by dragging over it; a double click shows all of it again. */
import { make } from "./dom.ts";
import type { Cell, Grids } from "./grids.ts";
import { between, type Region } from "./region.ts";

const LEAST = { touch: 12, other: 5 }; // pixels; a shorter drag is a click

interface Drag {
  readonly x: number;
  readonly y: number;
  readonly cell: Cell;
  isLong: boolean;
}

/** Call `onRegion` with the region that was dragged over, and with null after a double click or tap. Two fingers zoom the page. */
export function listenForZoom(
  plot: HTMLElement,
  grids: Grids,
  cellAt: (event: PointerEvent) => Cell,
  onRegion: (region: Region | null) => void,
): void {
  const frame = make("div", { class: "chosen-region", hidden: true });
  plot.append(frame);
  let drag: Drag | null = null;
  let wasDragged = false;
  const end = () => {
    drag = null;
    frame.hidden = true;
  };
  plot.addEventListener("pointerdown", (event) => {
    wasDragged = false;
    if (event.button === 0 && event.isPrimary)
      drag = { x: event.clientX, y: event.clientY, cell: cellAt(event), isLong: false };
  });
  plot.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const least = event.pointerType === "touch" ? LEAST.touch : LEAST.other;
    drag.isLong ||= Math.max(Math.abs(event.clientX - drag.x), Math.abs(event.clientY - drag.y)) >= least;
    if (!drag.isLong) return;
    if (!plot.hasPointerCapture(event.pointerId)) plot.setPointerCapture(event.pointerId);
    frame.hidden = false;
    surround(frame, plot, drag, event);
  });
  plot.addEventListener("pointerup", (event) => {
    if (drag?.isLong) {
      wasDragged = true;
      onRegion(between(grids, drag.cell, cellAt(event)));
    }
    end();
  });
  plot.addEventListener("pointercancel", end);
  const afterDrag = (event: Event) => {
    if (wasDragged) event.stopImmediatePropagation(); // a drag is no click
    wasDragged = false;
  };
  plot.addEventListener("click", afterDrag, { capture: true });
  plot.addEventListener("dblclick", () => onRegion(null));
}

/** Put `frame` between where a drag began and where the pointer is, inside of `plot`. */
function surround(frame: HTMLElement, plot: HTMLElement, { x, y }: Drag, { clientX, clientY }: PointerEvent): void {
  const box = plot.getBoundingClientRect();
  const inside = (value: number, low: number, length: number) => Math.min(Math.max(value - low, 0), length);
  const across = [x, clientX].map((value) => inside(value, box.left, box.width));
  const down = [y, clientY].map((value) => inside(value, box.top, box.height));
  const [left, top] = [Math.min(...across), Math.min(...down)];
  const [width, height] = [Math.max(...across) - left, Math.max(...down) - top];
  Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
