import assert from "node:assert/strict";
import { test } from "node:test";
import { corrections } from "./address_keys.ts";
import type { Table } from "./run_rows.ts";
import type { State } from "./url_state.ts";

const TABLE: Table = {
  columns: ["id", "run", "state", "seed", "weight_decay", "test_loss", "grokking_epoch"],
  rows: [
    ["f/a", "a", "analysed", 1, 0.5, 1e-7, 1200],
    ["f/b", "b", "training", 2, 1.0, 0.5, null],
  ],
};
const asked = (patch: Partial<State>): State =>
  ({ sort: null, filter: "", plot_x: null, plot_y: null, plot_by: null, ...patch }) as unknown as State;
const sentences = (patch: Partial<State>) => corrections(asked(patch), "table", TABLE).sentences;

test("columns that the table has are left alone", () => {
  const state = { sort: "-weight_decay", plot_x: "seed", plot_y: "test_loss", plot_by: "nothing", filter: "seed=1 wd>0.4 b" };
  assert.deepEqual(corrections(asked(state), "table", TABLE), { patch: {}, sentences: [] });
});

test("each field says what it shows instead of a column that is not there", () => {
  const wrong = { sort: "-prime", plot_x: "state", plot_y: "no", plot_by: "test_loss" };
  assert.deepEqual(corrections(asked(wrong), "table", TABLE), {
    patch: { sort: null, plot_x: null, plot_y: null, plot_by: null },
    sentences: [
      "“sort” cannot be “-prime”. Shown: runs in the order of their names.",
      "“plot_y” cannot be “no”. Shown: test loss.",
      "“plot_x” cannot be “state”. Shown: weight decay.",
      "“plot_by” cannot be “test_loss”. Shown: nothing.",
    ],
  });
});

test("what is said is what is then plotted", () => {
  assert.deepEqual(sentences({ plot_x: "seed", plot_by: "x" }), ["“plot_by” cannot be “x”. Shown: weight decay."]);
});

test("a condition on a column that is not there is searched for as words", () => {
  assert.deepEqual(sentences({ filter: "seed=1 zeal>3 a" }), [
    "There is no column for “zeal>3”. The filter searches for these words.",
  ]);
});
