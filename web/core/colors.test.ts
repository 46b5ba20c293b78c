import assert from "node:assert/strict";
import { test } from "node:test";
import { Palette, type Stops } from "./colors.ts";

const GREYS: Stops = [
  [0, [0, 0, 0]],
  [1, [255, 255, 255]],
];
const grey = (level: number) => ((255 << 24) | (level << 16) | (level << 8) | level) >>> 0;

test("a table runs from the first colour to the last", () => {
  const { table } = Palette.of(GREYS, [0, 1]);
  assert.deepEqual([table[0], table[128], table[255]], [grey(0), grey(128), grey(255)]);
});

test("bytes of a table are its colours", () => {
  const bytes = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  assert.deepEqual(Palette.fromBytes(bytes, [0, 1]).table, Palette.of(GREYS, [0, 1]).table);
});

test("values beyond the range have the colour of its end, NaN none", () => {
  const palette = Palette.of(GREYS, [2, 4]);
  assert.deepEqual(
    [1, 3, 9, Number.NaN].map((value) => palette.pixel(value)),
    [grey(0), grey(128), grey(255), 0],
  );
});

test("around a midpoint equal distances are equally strong", () => {
  const palette = Palette.of(GREYS, [0, 1], 0.25);
  assert.equal(palette.pixel(0.25), grey(128));
  assert.equal(palette.pixel(1), grey(255));
  assert.equal(palette.pixel(0), grey(85)); // a third of the way, as 0.25 is a third of 0.75
});

test("bytes over the range of the palette are its steps", () => {
  const palette = Palette.of(GREYS, [-3, 11]);
  const pixels = new Uint32Array(256);
  palette.paint({ values: Uint8Array.from({ length: 256 }, (_, i) => i), range: [-3, 11] }, 16, "upper", pixels);
  assert.deepEqual(pixels, palette.table);
});

test("however it is stored, a value has one colour; rows go down, or up", () => {
  const palette = Palette.of(GREYS, [0, 1]);
  const floats = Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1);
  const steps = Uint16Array.from(floats, (value) => Math.round(value * 65535));
  const [down, up, coarse] = [new Uint32Array(6), new Uint32Array(6), new Uint32Array(6)];
  palette.paint({ values: floats, range: [0, 1] }, 2, "upper", down);
  palette.paint({ values: floats, range: [0, 1] }, 2, "lower", up);
  palette.paint({ values: steps, range: [0, 1] }, 2, "upper", coarse);
  assert.deepEqual(
    [...down],
    [...floats].map((value) => palette.pixel(value)),
  );
  assert.deepEqual(
    [...up],
    [4, 5, 2, 3, 0, 1].map((i) => palette.pixel(floats[i])),
  );
  assert.deepEqual(coarse, down);
});
