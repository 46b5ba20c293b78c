import assert from "node:assert/strict";
import { test } from "node:test";
import { isOneLine, isValueBeside, wordsRoom } from "./caption.ts";
import type { Grids } from "./grids.ts";

const GUTTER = { left: 34, right: 8, top: 26, bottom: 34 };
const standing = (columns: number, side: number, width: number) => ({
  columns,
  panel: { width: side, height: side },
  gutter: GUTTER,
  gap: 14,
  width,
});
const grids = (ticks?: readonly string[]): Grids => ({
  titles: ["Head 0", "Head 1"],
  axes: ["a", "b"].map((name) => ({ name, size: 3, ...(ticks && { ticks }) })) as unknown as Grids["axes"],
  valueName: "attention",
  panelName: "head",
  range: [0, 1],
  origin: "upper",
  columns: null,
});

test("words run over the neighbours on the longer side, and over free room", () => {
  assert.equal(wordsRoom(standing(1, 62, 104)), 104);
  assert.equal(wordsRoom(standing(1, 62, 144)), 124);
  assert.equal(wordsRoom(standing(2, 62, 222)), 222);
  assert.equal(wordsRoom(standing(3, 62, 340)), 222);
});

test("a small panel alone has two lines, two beside each other have one", () => {
  assert.ok(!isOneLine(grids(), standing(1, 62, 150)));
  assert.ok(isOneLine(grids(), standing(2, 62, 222)));
  assert.ok(!isOneLine(grids(["(1 2)(3 4)", "()", "(1 2 3 4)"]), standing(2, 62, 222)));
});

test("a value stands beside title and button where the panel is wide", () => {
  assert.ok(isValueBeside("Head 0", 250));
  assert.ok(!isValueBeside("Head 0", 124));
  assert.ok(!isValueBeside("Layer 10, head 11", 250));
});
