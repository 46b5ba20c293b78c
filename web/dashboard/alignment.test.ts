import assert from "node:assert/strict";
import { test } from "node:test";
import { alignmentWords, moments, shiftOf } from "./alignment.ts";

const NEVER = { epochs: [0, 100], grokkedAt: null };
const LATE = { epochs: [0, 200, 300], grokkedAt: 290 };
const EARLY = { epochs: [0, 100, 200], grokkedAt: 90 };
const RUNS = [NEVER, LATE, EARLY];

test("runs move to where the first that groks does so; one that does not stays", () => {
  assert.deepEqual(
    RUNS.map((run) => shiftOf(run, RUNS, "grokking")),
    [0, 0, 200],
  );
  assert.deepEqual(
    RUNS.map((run) => shiftOf(run, RUNS, "epoch")),
    [0, 0, 0],
  );
});

test("the common axis stops where any run does, and begins at 0", () => {
  assert.deepEqual(moments(RUNS, "epoch"), [0, 100, 200, 300]);
  assert.deepEqual(moments([EARLY, LATE], "grokking"), [0, 100, 200]);
});

test("a run says where it groks, where that is what is compared", () => {
  assert.deepEqual(
    RUNS.map((run) => alignmentWords(run, "grokking")),
    ["has not grokked by epoch 100, not shifted", "groks at epoch 290", "groks at epoch 90"],
  );
  assert.equal(alignmentWords(LATE, "epoch"), "");
});
