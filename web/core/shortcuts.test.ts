import assert from "node:assert/strict";
import { test } from "node:test";
import { keysOf, neighbour, pictureShortcuts } from "./shortcuts.ts";

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

test("keys go through the panels and back to all of them, and choose by number", () => {
  const shown: (number | null)[] = [];
  const chosen: number[] = [];
  const picture = {
    panels: 2,
    panel: null as number | null,
    showPanel: (panel: number | null) => {
      picture.panel = panel;
      shown.push(panel);
    },
    chooseNumber: (index: number) => chosen.push(index),
  };
  const keys = keysOf(pictureShortcuts(picture));
  for (const key of ["]", "]", "]", "[", "h", "H", "1", "9"]) keys[key]();
  assert.deepEqual(shown, [0, 1, null, 1, null, 0]);
  assert.deepEqual(chosen, [0, 8]);
});
