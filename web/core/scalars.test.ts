import assert from "node:assert/strict";
import test from "node:test";
import { type Scalar, scalarSeries, valueAt } from "./scalars.ts";

const scalar = (name: string, values: number[]): Scalar => ({
  name,
  color: "red",
  epochs: values.map((_, i) => 10 * i),
  values,
});

test("a scalar has an axis of its own, from its least to its largest value", () => {
  assert.deepEqual(scalarSeries(scalar("lr", [0.25, 0.75, 0.5])).range, [0.25, 0.75]);
  assert.deepEqual(scalarSeries(scalar("shift", [-3, -3])).range, [-4, -2]);
});

test("accuracies share an axis from 0 to 1, unless they are no fractions", () => {
  assert.deepEqual(scalarSeries(scalar("test_accuracy", [0.004, 0.005, Number.NaN])).range, [0, 1]);
  assert.deepEqual(scalarSeries(scalar("accuracy_percent", [10, 95])).range, [10, 95]);
});

test("a loss is on the axis of the losses, unless it has no positive value", () => {
  assert.equal(scalarSeries(scalar("aux_Loss", [2, 0.1])).range, undefined);
  assert.deepEqual(scalarSeries(scalar("loss_of_margin", [-2, -1])).range, [-2, -1]);
});

test("the value at an epoch is the newest one known by then", () => {
  const found = scalar("lr", [5, 6, 7]);
  assert.deepEqual(
    [0, 9, 10, 16, 1000].map((epoch) => valueAt(found, epoch)),
    [5, 5, 6, 6, 7],
  );
  assert.ok(Number.isNaN(valueAt({ ...found, epochs: [10, 20, 30] }, 9)));
  assert.ok(Number.isNaN(valueAt(scalar("none", []), 3)));
});

test("a curve is named in words", () => {
  assert.equal(scalarSeries(scalar("test_accuracy", [0.5, 1])).name, "test accuracy");
});
