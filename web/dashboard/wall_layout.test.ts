import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPTION, wallLayout } from "./wall_layout.ts";

test("tiles fill the room and stay inside", () => {
  for (const [tiles, panels] of [
    [1, 1],
    [24, 1],
    [24, 4],
    [64, 4],
    [13, 7],
  ]) {
    const { columns, across, side } = wallLayout(tiles, panels, { width: 1400, height: 640 });
    const [rows, down] = [Math.ceil(tiles / columns), Math.ceil(panels / across)];
    assert.ok(columns * (across * side) <= 1400 && rows * (down * side + CAPTION) <= 640, `${tiles} tiles of ${panels}`);
    assert.ok(side * across >= 56);
  }
});

test("where there is no room tiles keep their least size and stand below each other", () => {
  const { columns, side } = wallLayout(64, 1, { width: 300, height: 100 });
  assert.equal(side, 56);
  assert.ok(columns * 56 <= 300);
});
