import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, union } from "./epochs.ts";

test("the nearest epoch, the earlier of two", () => {
  const epochs = [0, 100, 200, 10_400];
  const asked = [-5, 0, 49, 50, 51, 150, 5300, 5301, Infinity];
  assert.deepEqual(
    asked.map((epoch) => nearest(epochs, epoch)),
    [0, 0, 0, 0, 1, 1, 2, 3, 3],
  );
  assert.equal(nearest([], 5), -1);
});

test("it is that of a search through all", () => {
  const epochs = Array.from({ length: 40 }, (_, i) => i * i);
  for (let asked = -3; asked < 1700; asked += 1) {
    const distances = epochs.map((epoch) => Math.abs(epoch - asked));
    assert.equal(nearest(epochs, asked), distances.indexOf(Math.min(...distances)));
  }
});

test("a union has each epoch once, ascending", () => {
  assert.deepEqual(union([0, 10, 30], [5, 10, 200]), [0, 5, 10, 30, 200]);
});
