import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { type Batch, COMPUTED, type Content, type Fetch, FrameCache } from "./frame_cache.ts";

const EPOCHS = Array.from({ length: 40 }, (_, i) => 10 * i);
const STAMPS = EPOCHS.map((epoch) => `made ${epoch}`);

function batch(epochs: readonly number[], isExact: boolean): Batch {
  const arrivals = epochs.map((epoch) => ({
    epoch,
    frame: { values: isExact ? Float32Array.of(epoch) : Uint16Array.of(epoch), range: [0, 1] as const },
    stamp: `made ${epoch}`,
    extent: [epoch, epoch + 1] as const,
  }));
  return { arrivals, failed: new Map(), shared: null };
}

const valuesOf = (frame: Content | undefined) => (frame && "values" in frame ? frame.values : undefined);

/** A server that answers when it is told to. */
function held(): { fetch: Fetch; asked: number[][]; answer: () => Promise<void> } {
  const asked: number[][] = [];
  let waiting: (() => void)[] = [];
  const fetch: Fetch = (epochs, isExact) => {
    asked.push([...epochs]);
    return new Promise((resolve) => waiting.push(() => resolve(batch(epochs, isExact))));
  };
  const answer = async () => {
    const due = waiting;
    waiting = [];
    for (const resolve of due) resolve();
    await settled();
  };
  return { fetch, asked, answer };
}

test("what is near the eye comes first, then everything, each epoch once", async () => {
  const { fetch, asked, answer } = held();
  const cache = new FrameCache(fetch, () => undefined);
  cache.setEpochs(EPOCHS, STAMPS);
  cache.look(200);
  assert.deepEqual(asked, [[200]], "the first alone");
  await answer();
  assert.deepEqual(asked[1], [210, 190, 220, 180, 230, 170, 240, 160]);
  assert.equal(asked.length, 4, "three at once");
  while (cache.progress < 1) await answer();
  assert.deepEqual(
    asked.flat().sort((x, y) => x - y),
    EPOCHS,
  );
  assert.deepEqual(cache.range, [0, 391]);
  assert.deepEqual([cache.extentOf(120), cache.extentOf(5)], [[120, 121], null]);
});

test("what is computed when it is asked for is fetched where the eye is, then beside it, and says what it shows", async () => {
  const { fetch, asked, answer } = held();
  const said: Fetch = async (epochs, ...rest) => {
    const found = await fetch(epochs, ...rest);
    const arrivals = found?.arrivals.map((one) => ({ ...one, subject: `at ${one.epoch}` })) ?? [];
    return { arrivals, failed: new Map(), shared: { subject: `first of ${epochs}`, grids: null } };
  };
  const cache = new FrameCache(said, () => undefined, COMPUTED);
  cache.look(200);
  cache.setEpochs(EPOCHS, STAMPS);
  cache.look(70);
  for (let i = 0; i < 5; i++) await answer();
  assert.deepEqual(asked, [[200], [70], [80], [60]], "one after the other");
  assert.equal(cache.progress, 1);
  assert.deepEqual(
    [200, 70, 80, 90].map((epoch) => cache.subjectAt(epoch)),
    ["at 200", "at 70", "at 80", "first of 60"],
  );
});

test("a replaced artifact is fetched anew, a removed one is not waited for", async () => {
  const { fetch, asked, answer } = held();
  const cache = new FrameCache(fetch, () => undefined);
  cache.look(0);
  cache.setEpochs([0, 10], ["made 0", "made 10"]);
  await answer();
  await answer();
  cache.setEpochs([0], ["remade"]);
  assert.deepEqual(asked, [[0], [10], [0]]);
  assert.equal(cache.get(10), undefined);
  assert.deepEqual([cache.isSettled(0), cache.isSettled(10)], [false, true]);
});

test("exact numbers take the place of steps", async () => {
  const { fetch, asked, answer } = held();
  const cache = new FrameCache(fetch, () => undefined);
  cache.setEpochs([30], ["made 30"]);
  cache.look(30);
  await answer();
  assert.ok(valuesOf(cache.get(30)) instanceof Uint16Array);
  void cache.fetchExact(30);
  void cache.fetchExact(30);
  assert.equal(asked.length, 2, "once");
  await answer();
  assert.ok(valuesOf(cache.get(30)) instanceof Float32Array);
});

test("an epoch that failed says why and is settled", async () => {
  const cache = new FrameCache(
    async () => ({ arrivals: [], failed: new Map([[0, "it is damaged"]]), shared: null }),
    () => undefined,
  );
  cache.setEpochs([0], ["made 0"]);
  cache.look(0);
  await settled();
  assert.equal(cache.failed.get(0), "it is damaged");
  assert.equal(cache.isSettled(0), true);
});

test("a closed cache asks no more", async () => {
  const { fetch, asked, answer } = held();
  const cache = new FrameCache(fetch, () => assert.fail("nothing arrives"));
  cache.setEpochs(EPOCHS, STAMPS);
  assert.equal(asked.length, 0, "nobody looks");
  cache.look(0);
  cache.close();
  await answer();
  assert.equal(asked.length, 1);
});
