import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, Grids } from "./grids.ts";
import { barLengths, counted, histogram, MOST_COUNTED, summed } from "./histogram.ts";

const GRIDS: Grids = {
  titles: ["one", "two"],
  axes: [
    { name: "a", size: 2 },
    { name: "b", size: 3 },
  ],
  origin: "upper",
  panelName: "head",
  valueName: "attention",
  range: [0, 1],
};
const FRAME: Frame = { values: Float32Array.of(0, 0.1, 0.3, 0.6, 1, 2, -1, Number.NaN, 0.3, 0.3, 0.9, 0.6), range: [0, 1] };

test("every value is counted once, beyond an end at that end, NaN nowhere", () => {
  assert.deepEqual([...histogram(GRIDS, FRAME, 0, [0, 1], 4)], [2, 1, 1, 2]);
  assert.deepEqual([...histogram(GRIDS, FRAME, 1, [0, 1], 4)], [1, 2, 1, 1]);
  assert.deepEqual([...histogram(GRIDS, FRAME, null, [0, 1], 4)], [3, 3, 2, 3]);
});

test("a frame that is shown again is counted once, and anew for another panel, range or part", () => {
  const counts = counted(GRIDS, FRAME, null, [0, 1], 4);
  assert.equal(counted({ ...GRIDS }, FRAME, null, [0, 1], 4), counts);
  assert.deepEqual([...counted(GRIDS, FRAME, 0, [0, 1], 4)], [2, 1, 1, 2]);
  assert.deepEqual([...counted(GRIDS, FRAME, null, [0, 2], 4)], [...histogram(GRIDS, FRAME, null, [0, 2], 4)]);
  const part = { ...GRIDS, region: { rows: [0, 0], columns: [1, 2] } as const };
  assert.deepEqual([...counted(part, FRAME, null, [0, 2], 4)], [...histogram(part, FRAME, null, [0, 2], 4)]);
});

test("of many values as many are counted from every column", () => {
  const [rows, columns] = [1000, 330];
  const grids: Grids = {
    ...GRIDS,
    titles: ["one"],
    axes: [
      { name: "a", size: rows },
      { name: "b", size: columns },
    ],
  };
  const values = Float32Array.from({ length: rows * columns }, (_, at) => (at % columns) % 10);
  const counts = histogram(grids, { values, range: [0, 10] }, null, [0, 10], 10);
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert.ok(total <= MOST_COUNTED && total > MOST_COUNTED / 4);
  for (const count of counts) assert.ok(Math.abs(count - total / 10) < total / 1000);
});

test("only what is shown is counted", () => {
  const part: Grids = { ...GRIDS, region: { rows: [0, 1], columns: [1, 2] } };
  assert.deepEqual([...histogram(part, FRAME, 0, [0, 1], 4)], [1, 1, 0, 2]);
});

test("steps count as the numbers that they stand for", () => {
  const steps = Uint8Array.from({ length: 600 }, (_, i) => i % 256);
  const grids: Grids = {
    ...GRIDS,
    titles: ["one"],
    axes: [
      { name: "a", size: 20 },
      { name: "b", size: 30 },
    ],
  };
  const range = [-1, 1] as const;
  const numbers = Float32Array.from(steps, (step) => -1 + (2 * step) / 255);
  for (const bins of [5, 64])
    assert.deepEqual(
      histogram(grids, { values: steps, range }, null, [-0.5, 0.75], bins),
      histogram(grids, { values: numbers, range }, null, [-0.5, 0.75], bins),
    );
});

test("counts of several pictures are summed", () => {
  assert.deepEqual(summed([Uint32Array.of(1, 2), Uint32Array.of(10, 20), Uint32Array.of(100, 200)]), Uint32Array.of(111, 222));
  assert.equal(summed([]), null);
});

test("bars are as long as their counts, and those of few can be seen", () => {
  assert.deepEqual(barLengths(Uint32Array.of(0, 5, 20, 1), 0.1), [0, 0.25, 1, 0.1]);
  assert.deepEqual(barLengths(Uint32Array.of(0, 0), 0.1), [0, 0]);
});
