import assert from "node:assert/strict";
import { test } from "node:test";
import { decades, envelope } from "./envelope.ts";

const steps = (count: number) => Array.from({ length: count }, (_, i) => i);

test("a spike of one epoch is kept, and so is a dip", () => {
  const y = steps(10_000).map(() => 1);
  y[4321] = 80;
  y[8765] = 0.01;
  const kept = envelope({ x: steps(10_000), y }, 0, 9_999, 100);
  assert.ok(kept.includes(4321) && kept.includes(8765));
  assert.ok(kept.length <= 200);
});

test("indices ascend, two in a column at most", () => {
  const kept = envelope({ x: steps(9), y: [3, 1, 2, 5, 4, 6, 9, 8, 7] }, 0, 9, 3);
  assert.deepEqual(kept, [0, 1, 4, 5, 6, 8]);
});

test("what a log axis cannot show is left out", () => {
  const y = [Number.NaN, 0, -1, Infinity, 2, 3];
  assert.deepEqual(envelope({ x: steps(6), y }, 0, 5, 60), [4, 5]);
  assert.deepEqual(envelope({ x: steps(6), y }, 0, 4, 60), [4], "nor what lies outside");
});

test("decades enclose every point", () => {
  assert.deepEqual(decades([{ x: [0, 1], y: [0.02, 300] }]), [-2, 3]);
  assert.deepEqual(decades([{ x: [0], y: [1] }]), [0, 1]);
  assert.deepEqual(decades([{ x: [0], y: [Number.NaN] }]), [-1, 1]);
});
