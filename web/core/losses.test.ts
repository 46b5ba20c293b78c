import assert from "node:assert/strict";
import { test } from "node:test";
import { lossesAt, lossSeries } from "./losses.ts";

const LOSSES = { train: [8, 4, 2], test: [9, Number.NaN, 5] };

test("the losses of a checkpoint are those of the step that led to it", () => {
  assert.deepEqual(lossesAt(LOSSES, 0), [8, 9]);
  assert.deepEqual(lossesAt(LOSSES, 1), [8, 9]);
  assert.deepEqual(lossesAt(LOSSES, 2), [4, 9], "the newest that was evaluated");
  assert.deepEqual(lossesAt(LOSSES, 3), [2, 5]);
  assert.deepEqual(lossesAt(LOSSES, 99), [Number.NaN, Number.NaN], "a loss is never that of a later epoch");
  assert.deepEqual(lossesAt({ train: [], test: [] }, 3), [Number.NaN, Number.NaN]);
});

test("curves of a run among others have its colour and its shift", () => {
  const [train, test_] = [
    { x: [0, 1], y: [3, 2] },
    { x: [1, 2], y: [4, 3] },
  ];
  const [shown, dashed] = lossSeries(train, test_, { shift: 10, color: "--run-0" });
  assert.deepEqual([shown.x, shown.y, shown.color, shown.isDashed], [[11, 12], [4, 3], "--run-0", false]);
  assert.deepEqual([dashed.x, dashed.color, dashed.isDashed], [[10, 11], "--run-0", true]);
});
