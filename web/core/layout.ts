/** Sizes of panels, in CSS pixels. */
import type { Shape } from "./grids.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room around the cells of a panel: ticks and axis names, title. */
export interface Gutter {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const WORTH = 0.85; // cells of whole pixels are worth up to 15 % of the size

/** The largest size of the cells of one panel, gutter excluded, that fits into `room`. Cells are square. */
export function fitPanel(room: Size, { rows, columns }: Shape, gutter: Gutter, least: number, ratio = 1): Size {
  const [width, height] = [room.width - gutter.left - gutter.right, room.height - gutter.top - gutter.bottom];
  const cell = Math.max(Math.min(width / columns, height / rows), least / Math.max(rows, columns));
  const whole = Math.floor(cell * ratio) / ratio;
  if (whole >= cell * WORTH) return { width: whole * columns, height: whole * rows };
  return { width: Math.floor(cell * columns), height: Math.floor(cell * rows) };
}

export interface Arrangement {
  readonly columns: number;
  readonly panel: Size;
}

export interface Spacing {
  readonly gap: number;
  /** The least size of a panel. */
  readonly least: number;
  readonly ratio?: number;
  /** How many panels stand side by side, and in how many rows, where that is given. */
  readonly fixed?: Shape | null;
}

/** As many panels side by side as make them largest, or as is given. */
export function arrange(count: number, room: Size, shape: Shape, gutter: Gutter, spacing: Spacing): Arrangement {
  const { gap, least, ratio = 1, fixed = null } = spacing;
  const shapes = fixed
    ? [fixed]
    : Array.from({ length: count }, (_, i) => ({ columns: i + 1, rows: Math.ceil(count / (i + 1)) }));
  const choices = shapes.map(({ columns, rows }) => {
    const share = { width: (room.width - gap * (columns - 1)) / columns, height: (room.height - gap * (rows - 1)) / rows };
    return { columns, panel: fitPanel(share, shape, gutter, 0, ratio) };
  });
  const best = choices.reduce((one, other) => (other.panel.width > one.panel.width ? other : one));
  if (Math.max(best.panel.width, best.panel.height) >= least) return best;
  const columns = fixed?.columns ?? fitting(count, room, shape, gutter, gap, least);
  return { columns, panel: fitPanel({ width: 0, height: 0 }, shape, gutter, least, ratio) };
}

/** The height in which `count` panels stand in one row as large as `width` allows; a higher room makes none of them larger. */
export function heightOfRow(count: number, width: number, shape: Shape, gutter: Gutter, spacing: Spacing): number {
  const fixed = { columns: count, rows: 1 };
  const { panel } = arrange(count, { width, height: Infinity }, shape, gutter, { ...spacing, fixed });
  return panel.height + gutter.top + gutter.bottom;
}

/** How many panels of the least size stand side by side. */
function fitting(count: number, room: Size, { rows, columns }: Shape, gutter: Gutter, gap: number, least: number): number {
  const width = (least * columns) / Math.max(rows, columns) + gutter.left + gutter.right + gap;
  return Math.min(Math.max(Math.floor((room.width + gap) / width), 1), count);
}
