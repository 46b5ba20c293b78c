/** What export/page.py put into the page. */
import { Palette } from "../core/colors.ts";
import { find } from "../core/dom.ts";
import { cellsOf, type Frame, type Grids } from "../core/grids.ts";
import type { Curve } from "../core/losses.ts";

export interface Moment {
  readonly epoch: number;
  readonly train: number | null;
  readonly test: number | null;
}

export interface Content {
  readonly variant: string;
  readonly subject: string;
  readonly grids: Grids;
  /** Red, green and blue bytes of the 256 colours, as base64. */
  readonly table: string;
  readonly fps: number;
  readonly curves: { readonly train: Curve; readonly test: Curve };
  readonly moments: readonly Moment[];
  /** One byte per cell and frame, as differences from frame to frame, deflated, as base64. */
  readonly cells: string;
}

export function readContent(): Content {
  return JSON.parse(find(document, "#content").textContent ?? "");
}

export const paletteOf = ({ table, grids }: Content): Palette => Palette.fromBytes(bytes(table), grids.range);

/** The frames of all moments, in their order. */
export async function framesOf({ cells, grids, moments }: Content): Promise<Frame[]> {
  const size = grids.titles.length * cellsOf(grids);
  const steps = await inflate(bytes(cells));
  for (let i = size; i < steps.length; i++) steps[i] += steps[i - size]; // modulo 256
  return moments.map((_, frame) => ({ values: steps.subarray(frame * size, (frame + 1) * size), range: grids.range }));
}

const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function inflate(compressed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
