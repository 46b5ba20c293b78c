import assert from "node:assert/strict";
import { test } from "node:test";
import type { Control } from "../core/control_bar.ts";
import type { Panel } from "./api.ts";
import { corrections, type There } from "./corrections.ts";
import type { State } from "./url_state.ts";

const to: Control = {
  name: "to",
  label: "Attending",
  isLook: false,
  options: ["0", "1"].map((value) => ({ value, label: `position ${value}`, arguments: {} })),
};
const heads: Panel = { view: "heads", title: "Heads", heads: ["Head 0", "Head 1", "Head 2"], controls: [to] };
const waves: Panel = { view: "waves", title: "Waves", problem: "no numbers modulo p" };
const there: There = { panels: [heads, waves], panel: heads, controls: [to], epochs: [0, 50, 1500] };
const asked = (patch: Partial<State>): State =>
  ({ view: null, epoch: null, head: null, options: {}, ...patch }) as unknown as State;

test("what is there is left alone", () => {
  const state = asked({ view: "heads", epoch: 50, head: 2, options: { to: "1" } });
  assert.deepEqual(corrections(state, there), { patch: {}, sentences: [] });
});

test("what is not there is replaced, and each has a sentence", () => {
  const state = asked({ view: "tails", epoch: 1400, head: 3, options: { to: "7", tow: "1" } });
  assert.deepEqual(corrections(state, there), {
    patch: { view: null, epoch: 1500, head: null, options: {} },
    sentences: [
      "This run has no view “tails”. Shown: Heads.",
      "Epoch 1,400 has no checkpoint. Shown: epoch 1,500.",
      "There is no head 3: this run has 3. Shown: all heads.",
      "Attending cannot be “7”. Shown: position 0.",
      "No view of this run has a setting “tow”.",
    ],
  });
});

test("a view that does not apply says why", () => {
  const { sentences } = corrections(asked({ view: "waves" }), there);
  assert.deepEqual(sentences, ["Waves cannot be shown: no numbers modulo p. Shown: Heads."]);
});
