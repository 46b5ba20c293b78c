import assert from "node:assert/strict";
import { test } from "node:test";
import { pinned, sideOf } from "./pins.ts";

test("a side is scrubbed, or stays at its epoch", () => {
  assert.deepEqual(sideOf("recorded/gpt"), { run: "recorded/gpt", epoch: null });
  assert.deepEqual(sideOf("recorded/gpt@1200"), { run: "recorded/gpt", epoch: 1200 });
  assert.deepEqual(sideOf("recorded/me@home"), { run: "recorded/me@home", epoch: null });
  assert.deepEqual(sideOf("recorded/me@home@0"), { run: "recorded/me@home", epoch: 0 });
});

test("an epoch is pinned once, and no more than there is room for", () => {
  assert.deepEqual(pinned(["f/r"], "f/r", 20, 4), ["f/r", "f/r@20"]);
  assert.deepEqual(pinned(["f/r", "f/r@20"], "f/r", 20, 4), ["f/r", "f/r@20"]);
  assert.deepEqual(pinned(["f/r", "f/s"], "f/r", 20, 2), ["f/r", "f/s"]);
});
