import assert from "node:assert/strict";
import { test } from "node:test";
import { epochAt, epochTicks, shareOf } from "./epoch_axis.ts";

const LINEAR = { last: 1000, isLog: false };
const LOG = { last: 1023, isLog: true };

test("a linear axis has equal epochs at equal distances", () => {
  assert.deepEqual(
    [0, 250, 1000].map((epoch) => shareOf(LINEAR, epoch)),
    [0, 0.25, 1],
  );
});

test("on a log axis every doubling has the same length, and epoch 0 is its beginning", () => {
  const shares = [0, 1, 3, 7, 1023].map((epoch) => shareOf(LOG, epoch));
  assert.deepEqual(
    shares.map((share) => Math.round(share * 1e9) / 1e9),
    [0, 0.1, 0.2, 0.3, 1],
  );
});

test("a place leads back to its epoch", () => {
  for (const axis of [LINEAR, LOG, { last: 0, isLog: true }])
    for (const share of [0, 0.3, 1]) assert.ok(Math.abs(shareOf(axis, epochAt(axis, share)) - share) < 1e-9);
});

test("ticks are round, whole, and not more than there is room for", () => {
  assert.deepEqual(epochTicks(LINEAR, 6), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(epochTicks({ last: 2, isLog: false }, 6), [0, 1, 2]);
  assert.deepEqual(epochTicks({ last: 25000, isLog: true }, 6), [0, 1, 10, 100, 1000, 10000]);
  assert.deepEqual(epochTicks({ last: 25000, isLog: true }, 4), [0, 1, 100, 10000]);
});
