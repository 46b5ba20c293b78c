import assert from "node:assert/strict";
import { test } from "node:test";
import type { Control } from "../core/control_bar.ts";
import { corrections } from "./address_keys.ts";
import type { Panel } from "./api.ts";
import type { RunFacts } from "./run_corrections.ts";
import type { State } from "./url_state.ts";

const to: Control = {
  name: "to",
  label: "Attending",
  isLook: false,
  options: ["0", "1"].map((value) => ({ value, label: `position ${value}`, arguments: {} })),
};
const heads: Panel = { view: "heads", title: "Heads", heads: ["Head 0", "Head 1", "Head 2"], controls: [to] };
const waves: Panel = { view: "waves", title: "Waves", problem: "no numbers modulo p" };
const there: RunFacts = { panels: [heads, waves], panel: heads, controls: [to], epochs: [0, 50, 1500] };
const asked = (patch: Partial<State>): State =>
  ({ view: null, epoch: null, head: null, options: {}, ...patch }) as unknown as State;

test("what is there is left alone", () => {
  const state = asked({ view: "heads", epoch: 50, head: 2, options: { to: "1" } });
  assert.deepEqual(corrections(state, "run", there), { patch: {}, sentences: [] });
});

test("what is not there is replaced, and each has a sentence", () => {
  const state = asked({ view: "tails", epoch: 1400, head: 3, options: { to: "7", tow: "1" } });
  assert.deepEqual(corrections(state, "run", there), {
    patch: { view: null, epoch: 1500, head: null, options: {} },
    sentences: [
      "Epoch 1,400 has no checkpoint. Shown: epoch 1,500.",
      "There is no head 3: this run has 3. Shown: all heads.",
      "This run has no view “tails”. Shown: Heads.",
      "Attending cannot be “7”. Shown: position 0.",
      "No view of this run has a setting “tow”.",
    ],
  });
});

test("a view that does not apply says why", () => {
  const { sentences } = corrections(asked({ view: "waves" }), "run", there);
  assert.deepEqual(sentences, ["Waves cannot be shown (no numbers modulo p). Shown: Heads."]);
});

test("a part of the grid is shown as far as the grid has it", () => {
  const zoom = (text: string) => corrections(asked({ zoom: text }), "axes", [31, 20]);
  assert.deepEqual(zoom("0-9,3-19"), { patch: {}, sentences: [] });
  assert.deepEqual(zoom("0-30,0-19"), { patch: { zoom: null }, sentences: [] });
  assert.deepEqual(zoom("10-40,3-5"), {
    patch: { zoom: "10-30,3-5" },
    sentences: ["“zoom” cannot be “10-40,3-5”. Shown: 10-30,3-5."],
  });
  assert.deepEqual(zoom("31-40,0-9"), {
    patch: { zoom: null },
    sentences: ["“zoom” cannot be “31-40,0-9”. Shown: the whole grid."],
  });
  assert.deepEqual(zoom("4-4,19-19").patch, { zoom: "4-5,18-19" });
});
