import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, fitPanel, heightOfRow } from "./layout.ts";

const GUTTER = { left: 30, right: 10, top: 20, bottom: 40 };
const OPTIONS = { gap: 10, least: 72 };

test("one panel fills the smaller way of its room", () => {
  const room = { width: 340, height: 1000 };
  assert.deepEqual(fitPanel(room, { rows: 113, columns: 113 }, GUTTER, 0), { width: 300, height: 300 });
});

test("cells are whole pixels where that costs little", () => {
  const size = fitPanel({ width: 550, height: 1000 }, { rows: 50, columns: 50 }, GUTTER, 0);
  assert.deepEqual(size, { width: 500, height: 500 });
  const dense = fitPanel({ width: 550, height: 1000 }, { rows: 100, columns: 100 }, GUTTER, 0, 2);
  assert.deepEqual(dense, { width: 500, height: 500 });
});

test("cells are square, whatever the axes", () => {
  const { width, height } = fitPanel({ width: 1000, height: 160 }, { rows: 10, columns: 20 }, GUTTER, 0);
  assert.deepEqual([width, height], [200, 100]);
});

test("as many side by side as make them largest", () => {
  const shape = { rows: 113, columns: 113 };
  assert.equal(arrange(4, { width: 1300, height: 400 }, shape, GUTTER, OPTIONS).columns, 4);
  assert.equal(arrange(4, { width: 800, height: 800 }, shape, GUTTER, OPTIONS).columns, 2);
  assert.equal(arrange(4, { width: 300, height: 1300 }, shape, GUTTER, OPTIONS).columns, 1);
});

test("panels have a least size and never leave the room to the right", () => {
  const { columns, panel } = arrange(144, { width: 1300, height: 400 }, { rows: 113, columns: 113 }, GUTTER, OPTIONS);
  assert.equal(panel.width, 72);
  assert.ok(columns * (72 + 40) + (columns - 1) * 10 <= 1300);
  assert.ok((columns + 1) * (72 + 40) + columns * 10 > 1300);
});

test("a row of panels has a height beyond which they do not grow", () => {
  const shape = { rows: 20, columns: 20 };
  const height = heightOfRow(4, 1030, shape, GUTTER, OPTIONS);
  assert.equal(height, 200 + 60);
  for (const more of [0, 100, 200])
    assert.equal(arrange(4, { width: 1030, height: height + more }, shape, GUTTER, OPTIONS).panel.width, 200);
});
