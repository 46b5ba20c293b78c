import assert from "node:assert/strict";
import { test } from "node:test";
import { sampled } from "./sampling.ts";

test("each pixel shows the cell behind its middle", () => {
  assert.deepEqual([...sampled(0, 2, 6)], [0, 0, 0, 1, 1, 1]);
  assert.deepEqual([...sampled(5, 3, 3)], [5, 6, 7]);
  assert.deepEqual([...sampled(0, 6, 2)], [1, 4], "of three cells the middle one");
  assert.deepEqual([...sampled(1, 3, 5)], [1, 1, 2, 3, 3]);
});

test("every cell is shown, and none beyond, where pixels suffice", () => {
  for (let count = 1; count <= 40; count++) {
    for (let length = count; length <= 90; length++) {
      const shown = sampled(7, count, length);
      assert.equal(new Set(shown).size, count);
      assert.deepEqual([Math.min(...shown), Math.max(...shown)], [7, 6 + count]);
    }
  }
});
