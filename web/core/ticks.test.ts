import assert from "node:assert/strict";
import { test } from "node:test";
import { indexTicks, niceTicks } from "./ticks.ts";

test("steps are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual(niceTicks(0, 112), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(niceTicks(-3, 2), [-3, -2, -1, 0, 1, 2]);
  assert.deepEqual(niceTicks(5, 5), [5]);
});

test("places on an axis are whole, each once", () => {
  assert.deepEqual(indexTicks(113, 3), [0, 50, 100]);
  assert.deepEqual(indexTicks(7), [0, 2, 4, 6]);
  assert.deepEqual(indexTicks(3), [0, 1, 2]);
  assert.deepEqual(indexTicks(1), [0]);
});
