import assert from "node:assert/strict";
import { test } from "node:test";
import { colorOf, commonWords, spread } from "./mark_layout.ts";

test("marks that coincide stand beside each other, and none leaves the axis", () => {
  assert.deepEqual(spread([0, 0, 3, 50], 9, 100), [0, 9, 18, 50]);
  assert.deepEqual(spread([10, 95, 98, 100], 9, 100), [10, 82, 91, 100]);
  assert.deepEqual(spread([], 9, 100), []);
});

const MARKS = [
  { label: "Head 0 settles on frequency 5", color: "red" },
  { label: "Head 0 locks in, relative to epoch 300", color: "red" },
  { label: "Head 10 locks in, relative to epoch 300", color: "blue" },
  { label: "Head 2 locks in, relative to epoch 300", color: "green" },
];

test("a legend says what the marks of a colour have in common", () => {
  assert.deepEqual(commonWords(MARKS), [
    { color: "red", words: "Head 0" },
    { color: "green", words: "Head 2 locks in" },
    { color: "blue", words: "Head 10 locks in" },
  ]);
});

test("a head has the colour of its marks", () => {
  assert.equal(colorOf("Head 0", MARKS), "red");
  assert.equal(colorOf("Head 10", MARKS), "blue");
  assert.equal(colorOf("Head 1", MARKS), null);
});
