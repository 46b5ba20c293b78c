import assert from "node:assert/strict";
import { test } from "node:test";
import { corrections } from "./address_keys.ts";
import type { State } from "./url_state.ts";

const IDS = ["f/one", "f/two", "f/three", "f/four", "f/five"];
const known = { preferred: "f/one", named: (id: string) => IDS.find((one) => one === id || one === `f/${id}`) ?? null };
const asked = (patch: Partial<State>): State => ({ variant: null, with: null, align: "epoch", ...patch }) as unknown as State;

test("variants that are there stay, with their whole identifiers", () => {
  assert.deepEqual(corrections(asked({ variant: "two", with: "f/three,four" }), "variants", known), {
    patch: { variant: "f/two", with: "f/three,f/four" },
    sentences: [],
  });
});

test("variants that are not there, or too many, are said and left out", () => {
  assert.deepEqual(corrections(asked({ variant: "f/no", with: "f/gone,f/two,f/lost" }), "variants", known), {
    patch: { variant: "f/one", with: "f/two" },
    sentences: [
      "There is no variant f/no. Shown: f/one.",
      "There is no variant f/gone or f/lost to compare with. Shown: the others.",
    ],
  });
  assert.deepEqual(corrections(asked({ variant: "f/one", with: "f/two,f/three,f/four,f/five" }), "variants", known), {
    patch: { variant: "f/one", with: "f/two,f/three,f/four" },
    sentences: ["At most 4 variants can be compared. Shown: the first 4."],
  });
});

test("the others are only said to be shown where there are others", () => {
  const said = (others: string) => corrections(asked({ variant: "f/one", with: others }), "variants", known);
  assert.deepEqual(said("a/b,c/d"), {
    patch: { variant: "f/one", with: null },
    sentences: ["There is no variant a/b or c/d to compare with."],
  });
  assert.deepEqual(said("a,b,f/one,c").sentences, ["There is no variant a, b or c to compare with."]);
});

test("pinned epochs are sides of their own, and one more than variants may be", () => {
  const pins = "f/one@20,one@30,f/two@5,f/one@40";
  assert.deepEqual(corrections(asked({ variant: "f/one", with: pins }), "variants", known), {
    patch: { variant: "f/one", with: "f/one@20,f/one@30,f/two@5,f/one@40" },
    sentences: [],
  });
  assert.deepEqual(corrections(asked({ variant: "f/one", with: "f/no@20,f/two" }), "variants", known).sentences, [
    "There is no variant f/no@20 to compare with. Shown: the others.",
  ]);
});

test("a side that stays at an epoch without a checkpoint stays at the nearest one", () => {
  const sides = ["f/one", "f/one@24", "f/two@40", "f/one@20"].map((id) => ({ id, epochs: [0, 20, 40] }));
  assert.deepEqual(corrections(asked({ variant: "f/one" }), "sides", sides), {
    patch: { with: "f/one@20,f/two@40" },
    sentences: ["Epoch 24 has no checkpoint. Shown: epoch 20."],
  });
});
