import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesAt } from "./chart_hint.ts";

const LOSS = { color: "--test", width: 1, isDashed: false };

test("each named curve has the value of its nearest known point", () => {
  const series = [
    { ...LOSS, name: "test loss", x: [1, 2, 3, 4], y: [4, Number.NaN, Number.NaN, 1e-7] },
    { ...LOSS, name: "accuracy", x: [0, 100], y: [0.25, 0.75], range: [0, 1] as const },
    { ...LOSS, x: [0, 1], y: [1, 1] },
  ];
  const words = (epoch: number) => valuesAt(series, epoch).map((value) => `${value.name} ${value.words}`);
  assert.deepEqual(words(2), ["test loss 4.0", "accuracy 0.25"]);
  assert.deepEqual(words(3.4), ["test loss 1.0e-7", "accuracy 0.25"]);
  assert.deepEqual(words(60), ["accuracy 0.75"], "the losses end before");
});

test("a curve without values has none", () => {
  assert.deepEqual(valuesAt([{ ...LOSS, name: "test loss", x: [1, 2], y: [Number.NaN, Number.NaN] }], 1), []);
  assert.deepEqual(valuesAt([{ ...LOSS, name: "test loss", x: [], y: [] }], 1), []);
});
