/** Sizes on the wall: as many equal tiles as there are runs, each with the panels of one run. Nothing here draws. */
import { arrange, type Size } from "../core/layout.ts";

export const CAPTION = 44; // above the panels of a tile; the same in wall.css
const GAP = 8;
const BETWEEN = 2; // the panels of a tile; the same in wall.css
const LEAST = 56; // of a tile
const NO_GUTTER = { left: 0, right: 0, top: CAPTION, bottom: 0 };

export interface WallLayout {
  /** How many tiles stand side by side. */
  readonly columns: number;
  /** How many panels of a tile stand side by side. */
  readonly across: number;
  /** Of one panel, in CSS pixels. */
  readonly side: number;
}

/** How wide a tile is, in CSS pixels. */
export const tileWidth = ({ across, side }: WallLayout): number => across * side + BETWEEN * (across - 1);

/** The layout of `tiles` tiles of `panels` square panels each. */
export function wallLayout(tiles: number, panels: number, room: Size): WallLayout {
  const across = Math.ceil(Math.sqrt(panels));
  const down = Math.ceil(panels / across);
  const shape = { rows: down, columns: across };
  const { columns, panel } = arrange(tiles, room, shape, NO_GUTTER, { gap: GAP, least: LEAST });
  return { columns, across, side: Math.max(Math.floor((panel.width - BETWEEN * (across - 1)) / across), 1) };
}
