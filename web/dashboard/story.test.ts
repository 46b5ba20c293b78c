import assert from "node:assert/strict";
import { test } from "node:test";
import { type Facts, storyAt } from "./story.ts";

const GROKS: Facts = {
  inputs: "pairs",
  memorised_at: 200,
  grokked_at: 10_700,
  has_train_accuracy: true,
  test_accuracy: 1,
  even: { epoch: 0, heads: 4, of: 4 },
  lock_in: [null, 9000, 11_000, 12_000],
  last: 25_000,
};
const NOT_RECORDED: Facts = { ...GROKS, memorised_at: null, grokked_at: null, has_train_accuracy: false, test_accuracy: null };
const at = (facts: Facts, epoch: number) => storyAt(facts, epoch, 25_000);

test("a run that groks is told from even attention to the last lock-in", () => {
  assert.equal(
    at(GROKS, 0),
    "Epoch 0: every head spreads its attention evenly. Around epoch 200 the training pairs are memorised, around epoch 10,700 the model groks.",
  );
  assert.match(
    at(GROKS, 100),
    /^Epoch 100: the training pairs are not yet memorised\. Around epoch 200 .* around epoch 10,700 /,
  );
  assert.equal(
    at(GROKS, 9000),
    "Epoch 9,000: the training pairs are memorised (since epoch 200), but test accuracy is below 0.99. Around epoch 10,700 the model groks. 1 of 4 heads has locked in: their attention stays close to that of epoch 25,000.",
  );
  assert.equal(
    at(GROKS, 25_000),
    "Epoch 25,000: the model has grokked: test accuracy has been at least 0.99 since epoch 10,700. 3 of 4 heads have locked in: their attention stays close to that of epoch 25,000.",
  );
});

test("a run that has not grokked says by when, and with which accuracy", () => {
  const never = { ...GROKS, grokked_at: null, test_accuracy: 0.2345, lock_in: [null, null, null, null] };
  assert.equal(
    at(never, 300),
    "Epoch 300: the training pairs are memorised (since epoch 200), but test accuracy is below 0.99. It has not grokked by epoch 25,000 (test accuracy 0.23).",
  );
  assert.match(
    at({ ...never, memorised_at: null }, 300),
    /^Epoch 300: the training pairs are not memorised\. It has not grokked by/,
  );
});

test("nothing is claimed that is not recorded", () => {
  assert.equal(
    at({ ...NOT_RECORDED, even: null, lock_in: null, last: null }, 0),
    "Epoch 0: no accuracy is recorded, so it is unknown when the model memorises and groks.",
  );
  assert.match(
    at({ ...NOT_RECORDED, even: { epoch: 0, heads: 2, of: 4 } }, 0),
    /^Epoch 0: 2 of 4 heads spread their attention evenly\./,
  );
  const onlyTest = { ...NOT_RECORDED, inputs: "inputs", test_accuracy: 0.5 };
  assert.match(at(onlyTest, 50), /^Epoch 50: test accuracy is below 0\.99\. It has not grokked by epoch 25,000/);
});
