import assert from "node:assert/strict";
import { test } from "node:test";
import { edgesOf } from "./scroll_edges.ts";

test("the edges beyond which there is more", () => {
  const box = (scrollLeft: number, scrollWidth = 300) => edgesOf({ scrollLeft, clientWidth: 100, scrollWidth });
  assert.equal(box(0), "right");
  assert.equal(box(50), "left right");
  assert.equal(box(200), "left");
  assert.equal(box(199.5), "left"); // of a screen whose pixels are no whole ones
  assert.equal(box(0, 100), "");
});
