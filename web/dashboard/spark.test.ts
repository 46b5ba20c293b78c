import assert from "node:assert/strict";
import { test } from "node:test";
import { sparkPoints } from "./spark.ts";

const SIZE = { width: 100, height: 20 };

test("curves share axes: epochs from 0, losses by their logarithm, the largest at the top", () => {
  const train = { x: [0, 10], y: [10, 0.001] };
  const test = { x: [1, 20], y: [1, 0.1] };
  assert.deepEqual(sparkPoints([train, test], SIZE), [
    [
      [0, 0],
      [50, 20],
    ],
    [
      [5, 5],
      [100, 10],
    ],
  ]);
});

test("what no log axis has is left out, and a constant is in the middle", () => {
  assert.deepEqual(
    sparkPoints(
      [
        { x: [0, 1, 2, 4], y: [Number.NaN, 0, 2, 2] },
        { x: [], y: [] },
      ],
      SIZE,
    ),
    [
      [
        [50, 10],
        [100, 10],
      ],
      [],
    ],
  );
});
