import assert from "node:assert/strict";
import { test } from "node:test";
import { pointedValues } from "./pointed.ts";

const GRIDS = {
  titles: ["one", "two"],
  axes: [
    { name: "a", size: 2 },
    { name: "b", size: 3 },
  ],
  origin: "upper",
  colors: ["#d55e00", null],
  panelName: "head",
  valueName: "attention",
  range: [0, 1],
} as const;
const FRAME = { values: Uint8Array.of(0, 0, 0, 0, 0, 51, 0, 0, 0, 0, 0, 255), range: [0, 1] } as const;

test("every panel has its value there, the panel that is pointed at last", () => {
  assert.deepEqual(pointedValues(GRIDS, FRAME, null, { row: 1, column: 2, panel: 0 }), [
    { value: 1, color: null, isPointed: false },
    { value: 0.2, color: "#d55e00", isPointed: true },
  ]);
  assert.deepEqual(pointedValues(GRIDS, FRAME, 1, { row: 1, column: 2, panel: 1 }), [
    { value: 1, color: null, isPointed: true },
  ]);
});

test("without a cell there are none", () => {
  assert.deepEqual(pointedValues(GRIDS, FRAME, null, null), []);
  assert.deepEqual(pointedValues(GRIDS, FRAME, null, { row: 2, column: 0 }), []);
});
