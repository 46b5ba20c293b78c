import assert from "node:assert/strict";
import { test } from "node:test";
import { around, cellWords, extent, type Frame, type Grids, hasCell, panelValues, subtract } from "./grids.ts";

const GRIDS: Grids = {
  titles: ["one", "two"],
  axes: [
    { name: "a", size: 2 },
    { name: "token", size: 3, ticks: ["x", "y", "z"] },
  ],
  origin: "upper",
  panelName: "head",
  valueName: "attention",
  range: [0, 1],
};
const EXACT: Frame = { values: Float32Array.from({ length: 12 }, (_, i) => i / 16), range: [0, 1] };

test("a panel is a part of the frame, row after row", () => {
  assert.deepEqual(
    [...panelValues(GRIDS, EXACT, 1)],
    [6, 7, 8, 9, 10, 11].map((i) => i / 16),
  );
});

test("the words of a cell name its places on both axes", () => {
  assert.equal(cellWords(GRIDS, EXACT, 1, { row: 1, column: 2 }), "a 1, token z: 0.6875");
});

test("stored steps are read over their range", () => {
  const coarse: Frame = { values: Uint8Array.from({ length: 12 }, (_, i) => i), range: [0, 510] };
  assert.equal(cellWords(GRIDS, coarse, 0, { row: 1, column: 0 }).split(": ")[1], "6");
  assert.deepEqual(extent(coarse), [0, 22]);
  const fine: Frame = { values: Uint16Array.of(0, 65535), range: [-1, 1] };
  assert.deepEqual(extent(fine), [-1, 1]);
});

test("NaN has no part in the range", () => {
  assert.deepEqual(extent({ values: Float32Array.of(Number.NaN, 0.25, 0.5), range: [0, 1] }), [0.25, 0.5]);
});

test("a difference is between numbers, however either is stored", () => {
  const steps: Frame = { values: Uint16Array.of(0, 65535), range: [0, 1] };
  const floats: Frame = { values: Float32Array.of(0.25, 0.5), range: [0, 1] };
  const difference = subtract(steps, floats);
  assert.deepEqual([...difference.values], [0.25, -0.5]);
  assert.equal(difference.step, 1 / 65535, "it has the digits of the coarser one");
  assert.equal(subtract(floats, floats).step, null);
  const words = cellWords(GRIDS, { ...EXACT, step: 1 / 65535 }, 0, { row: 1, column: 0 });
  assert.match(words, /: -?\d+\.\d{4}$/);
});

test("a cell of larger axes is not there", () => {
  assert.equal(hasCell(GRIDS, { row: 1, column: 2 }), true);
  assert.equal(hasCell(GRIDS, { row: 2, column: 0 }), false);
  assert.equal(cellWords(GRIDS, EXACT, 0, { row: 2, column: 0 }), "–");
});

test("ranges are joined", () => {
  assert.deepEqual(
    around([
      [0.5, 1],
      [-1, 0.75],
    ]),
    [-1, 1],
  );
});
