import assert from "node:assert/strict";
import { test } from "node:test";
import { ofChoices, ofNumbers, ofVariants } from "./link_corrections.ts";
import type { State } from "./url_state.ts";

const IDS = ["f/one", "f/two", "f/three", "f/four", "f/five"];
const known = { preferred: "f/one", named: (id: string) => IDS.find((one) => one === id || one === `f/${id}`) ?? null };
const asked = (patch: Partial<State>): State => ({ variant: null, with: null, align: "epoch", ...patch }) as unknown as State;

test("a number that is none has a sentence", () => {
  assert.deepEqual(ofNumbers("?epoch=12&head=0"), []);
  assert.deepEqual(ofNumbers("?epoch=abc&head=-1"), [
    "Epoch cannot be “abc”. Shown: the newest epoch.",
    "Head cannot be “-1”. Shown: all heads.",
  ]);
});

test("variants that are there stay, with their whole identifiers", () => {
  assert.deepEqual(ofVariants(asked({ variant: "two", with: "f/three,four" }), known, 4), {
    patch: { variant: "f/two", with: "f/three,f/four" },
    sentences: [],
  });
});

test("variants that are not there, or too many, are said and left out", () => {
  assert.deepEqual(ofVariants(asked({ variant: "f/no", with: "f/gone,f/two,f/lost" }), known, 4), {
    patch: { variant: "f/one", with: "f/two" },
    sentences: [
      "There is no variant f/no. Shown: f/one.",
      "There is no variant f/gone, nor f/lost to compare with. Shown: the others.",
    ],
  });
  assert.deepEqual(ofVariants(asked({ variant: "f/one", with: "f/two,f/three,f/four,f/five" }), known, 4), {
    patch: { variant: "f/one", with: "f/two,f/three,f/four" },
    sentences: ["At most 4 variants can be compared. Shown: the first 4."],
  });
});

test("pinned epochs are sides of their own, and one more than variants may be", () => {
  const pins = "f/one@20,one@30,f/two@5,f/one@40";
  assert.deepEqual(ofVariants(asked({ variant: "f/one", with: pins }), known, 4), {
    patch: { variant: "f/one", with: "f/one@20,f/one@30,f/two@5,f/one@40" },
    sentences: [],
  });
  assert.deepEqual(ofVariants(asked({ variant: "f/one", with: "f/no@20,f/two" }), known, 4).sentences, [
    "There is no variant f/no@20 to compare with. Shown: the others.",
  ]);
});

test("a choice that is none becomes the usual one", () => {
  const align = [
    { value: "epoch", label: "Same epoch" },
    { value: "grokking", label: "At grokking" },
  ];
  assert.deepEqual(ofChoices(asked({ align: "grokking" }), { align }), { patch: {}, sentences: [] });
  assert.deepEqual(ofChoices(asked({ align: "x" }), { align }), {
    patch: { align: "epoch" },
    sentences: ["“align” cannot be “x”. Shown: Same epoch."],
  });
});
