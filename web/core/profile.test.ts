import assert from "node:assert/strict";
import { test } from "node:test";
import { means } from "./profile.ts";

test("means over either axis are not swapped", () => {
  const axes = [
    { name: "a", size: 2 },
    { name: "b", size: 3 },
  ] as const;
  const grids = { titles: ["one"], axes, origin: "upper", panelName: "head", valueName: "attention", range: [0, 1] } as const;
  const found = means(grids, { values: Float32Array.of(1, 2, 3, 5, 6, 7), range: [0, 1] });
  assert.deepEqual(found.overFirst, [3, 4, 5]);
  assert.deepEqual(
    found.overSecond.map((mean) => Math.round(mean * 1e9) / 1e9),
    [2, 6],
  );
});
