import assert from "node:assert/strict";
import { test } from "node:test";
import { pinMark } from "./lines.ts";
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
  assert.deepEqual(commonWords(MARKS.slice(1)), [
    { color: "red", words: "Head 0 locks in" },
    { color: "green", words: "Head 2 locks in" },
    { color: "blue", words: "Head 10 locks in" },
  ]);
});

test("a number with a comma is whole in the legend", () => {
  const { legend, color } = pinMark(1200, 0, "red");
  assert.deepEqual(commonWords([{ label: legend ?? "", color }]), [{ color: "red", words: "pinned 1,200" }]);
});

test("where one head can only be called by its name, all heads are, and nothing else is cut", () => {
  const others = [
    { label: "test accuracy reaches 0.99", color: "--faint" },
    { label: "Head 4: induction score stays above 0.9", color: "pink" },
  ];
  assert.deepEqual(commonWords([...MARKS, ...others]), [
    { color: "red", words: "Head 0" },
    { color: "green", words: "Head 2" },
    { color: "pink", words: "Head 4" },
    { color: "blue", words: "Head 10" },
    { color: "--faint", words: "test accuracy reaches 0.99" },
  ]);
  const layers = ["settles on frequency 3", "locks in"].map((words) => ({ label: `L0H1 ${words}`, color: "red" }));
  assert.deepEqual(
    commonWords([...layers, { label: "L1H0: induction score stays above 0.9", color: "blue" }]).map(({ words }) => words),
    ["L0H1", "L1H0"],
  );
});

test("a head has the colour of its marks", () => {
  assert.equal(colorOf("Head 0", MARKS), "red");
  assert.equal(colorOf("Head 10", MARKS), "blue");
  assert.equal(colorOf("Head 1", MARKS), null);
  assert.equal(colorOf("L0H1", [{ label: "L0H1: induction score stays above 0.9", color: "pink" }]), "pink");
});
