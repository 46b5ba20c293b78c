import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chart, heights, mostTicks, type Plot, span, valuesAt } from "./plots.ts";

const PLOT: Plot = {
  label: "norm",
  isLog: false,
  levels: [],
  series: [
    { name: "one", x: [10, 20, 40], y: [0.5, null, 2], color: "#123456", isDashed: false },
    { name: "two", x: [20, 40], y: [0.001, 0.25], color: "--train", isDashed: true },
  ],
};
const chart = (plot: Plot, xName = "epoch"): Chart => ({ plots: [plot], xName, marks: [] });

test("an axis of epochs begins at 0, any other where the values do", () => {
  assert.deepEqual(span(chart(PLOT)), [0, 40]);
  assert.deepEqual(span(chart(PLOT, "offset")), [10, 40]);
  assert.deepEqual(span(chart({ ...PLOT, series: [] })), [0, 1]);
});

test("a y axis spans what is known, and whole powers of ten where it is logarithmic", () => {
  assert.deepEqual(heights(PLOT), [0, 2]);
  assert.deepEqual(heights({ ...PLOT, levels: [3] }), [0, 3]);
  assert.deepEqual(heights({ ...PLOT, isLog: true }), [-3, 1]);
  assert.deepEqual(heights({ ...PLOT, range: [0, 1] }), [0, 1]);
});

test("the values at a place are those of the nearest points", () => {
  assert.deepEqual(
    valuesAt(PLOT, 22).map(({ name, x, y }) => [name, x, y]),
    [
      ["one", 20, null],
      ["two", 20, 0.001],
    ],
  );
});

test("a low axis has fewer numbers, which do not run into each other", () => {
  assert.deepEqual([200, 70, 40, 20, 5].map(mostTicks), [5, 5, 3, 2, 1]);
});
