/** The wall as one image: what is on the screen, with every cell at least a pixel. */
import { cssValue, make } from "../core/dom.ts";
import { CAPTION, type WallLayout } from "./wall_layout.ts";
import type { WallTile } from "./wall_tile.ts";
import { linesOf } from "./wrapping.ts";

const SCALE = 2;
const GAP = 12;
const HEADER = 34;

/** Draw the tiles as they stand, below a title, in the colours of `mount`. */
export function wallPicture(
  mount: HTMLElement,
  tiles: readonly WallTile[],
  layout: WallLayout,
  title: string,
): HTMLCanvasElement {
  const { columns, across, side } = layout;
  const down = Math.ceil(Math.max(...tiles.map(({ canvases }) => canvases.length), 1) / across);
  const [wide, high] = [across * (side + 2), down * (side + 2) + CAPTION];
  const rows = Math.ceil(tiles.length / columns);
  const [width, height] = [columns * (wide + GAP) + GAP, HEADER + rows * (high + GAP) + GAP];
  const canvas = make("canvas", { width: width * SCALE, height: height * SCALE });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.scale(SCALE, SCALE);
  context.imageSmoothingEnabled = false;
  context.fillStyle = cssValue(mount, "--page");
  context.fillRect(0, 0, width, height);
  const font = getComputedStyle(mount).fontFamily;
  const write = (text: string, x: number, y: number, size: number, room: number, color = "--text") => {
    context.font = `${size}px ${font}`;
    context.fillStyle = cssValue(mount, color);
    context.fillText(text, x, y, room);
  };
  write(title, GAP, HEADER - 12, 14, width - 2 * GAP);
  tiles.forEach((tile, index) => {
    const [x, y] = [GAP + (index % columns) * (wide + GAP), HEADER + Math.floor(index / columns) * (high + GAP)];
    context.font = `11px ${font}`;
    const [first, ...others] = linesOf(tile.label, wide, (text) => context.measureText(text).width);
    [first, others.join(" ")].forEach((line, number) => {
      write(line, x, y + 11 + 13 * number, 11, wide);
    });
    write(tile.words, x, y + 38, 10, wide, "--soft");
    tile.canvases.forEach((panel, place) => {
      const [column, row] = [place % across, Math.floor(place / across)];
      context.drawImage(panel, x + column * (side + 2), y + CAPTION + row * (side + 2), side, side);
    });
  });
  return canvas;
}
