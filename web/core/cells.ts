/** Frames of one byte per cell, as export/cells.py makes them: steps of a span, as differences from frame to frame, deflated. */
import type { Frame, Range, Values } from "./grids.ts";

const NO_VALUE = 255;

/** The bytes that a text stands for. */
export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Inflate a text. */
export const inflatedText = (compressed: Uint8Array<ArrayBuffer>): Promise<string> =>
  new Response(inflating(compressed)).text();

/** Inflate frames of `size` cells, and sum the differences. */
export async function inflated(compressed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const steps = new Uint8Array(await new Response(inflating(compressed)).arrayBuffer());
  addUp(steps, size);
  return steps;
}

const inflating = (compressed: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> =>
  new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));

/** Turn differences from frame to frame, of `size` cells each, into the frames. */
export function addUp(steps: Uint8Array | Uint16Array, size: number): void {
  for (let i = size; i < steps.length; i++) steps[i] += steps[i - size]; // modulo the size of their type
}

/** A frame of steps of `span`; with gaps 255 stands for no value. */
export function frameOf(steps: Uint8Array, span: Range, hasGaps: boolean): Frame {
  const values: Values = hasGaps ? withGaps(steps, span) : steps;
  return { values, range: span };
}

function withGaps(steps: Uint8Array, [low, high]: Range): Float32Array {
  const top = NO_VALUE - 1;
  return Float32Array.from(steps, (byte) => (byte === NO_VALUE ? Number.NaN : low + (byte / top) * (high - low)));
}
