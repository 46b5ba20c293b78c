import assert from "node:assert/strict";
import { test } from "node:test";
import { keysOf, neighbour } from "./shortcuts.ts";

test("neighbours go round", () => {
  const heads = [null, 0, 1, 2];
  assert.deepEqual([neighbour(heads, null, 1), neighbour(heads, 2, 1), neighbour(heads, null, -1)], [0, null, 2]);
});

test("all keys of a list are listened to", () => {
  const none = () => undefined;
  const keys = keysOf([
    { shown: ["P"], words: "pin", keys: { p: none, P: none } },
    { shown: ["?"], words: "this list", keys: { "?": none } },
  ]);
  assert.deepEqual(Object.keys(keys), ["p", "P", "?"]);
});
