import assert from "node:assert/strict";
import { test } from "node:test";
import { arrangedCurve, arrangedValues } from "./arrangement.ts";

const axes = [
  { name: "a", size: 2 },
  { name: "b", size: 3 },
] as const;
const other = {
  axes,
  places: [
    [1, 0],
    [2, 0, 1],
  ] as const,
};

test("every value goes to its place, in every panel", () => {
  const values = Float32Array.from([0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
  assert.deepEqual([...arrangedValues(values, other)], [12, 10, 11, 2, 0, 1, 32, 30, 31, 22, 20, 21]);
});

test("curves go along with the places of their axis", () => {
  const down = { panel: 0, rows: [0, 1], columns: [0.5, 0.25] };
  const right = { panel: 1, rows: [0.1, 0.2, 0.3], columns: [0, 1, 2] };
  const part = { panel: 1, rows: [0.1], columns: [2] };
  assert.deepEqual(arrangedCurve(down, other), { panel: 0, rows: [0, 1], columns: [0.25, 0.5] });
  assert.deepEqual(arrangedCurve(right, other), { panel: 1, rows: [0.3, 0.1, 0.2], columns: [0, 1, 2] });
  assert.deepEqual(arrangedCurve(part, other), part);
});
