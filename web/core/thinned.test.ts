import assert from "node:assert/strict";
import { test } from "node:test";
import { envelope } from "./envelope.ts";
import type { Series } from "./lines.ts";
import { Thinned } from "./thinned.ts";

const LOOK = { color: "--test", width: 1, isDashed: false };
const steps = Array.from({ length: 1000 }, (_, step) => step);
const curve = (of: (step: number) => number): Series => ({ ...LOOK, x: steps, y: steps.map(of) });

test("a curve is thinned as its envelope, and only once", () => {
  const [thinned, series] = [new Thinned(), curve((step) => 1 + Math.sin(step) / 2)];
  const found = thinned.of(series, { last: 999, isLog: false }, 50);
  assert.deepEqual(found, envelope(series, 0, 999, 50));
  assert.equal(thinned.of(series, { last: 999, isLog: false }, 50), found);
});

test("another axis, size or curve is thinned anew", () => {
  const [thinned, series] = [new Thinned(), curve((step) => 1 + Math.sin(step) / 2)];
  const first = thinned.of(series, { last: 999, isLog: false }, 50);
  for (const [axis, pixels] of [
    [{ last: 999, isLog: true }, 50],
    [{ last: 500, isLog: false }, 50],
    [{ last: 999, isLog: false }, 90],
  ] as const) {
    assert.notDeepEqual(thinned.of(series, axis, pixels), first);
  }
  const other = curve((step) => 1 + Math.cos(step) / 2);
  assert.deepEqual(thinned.of(other, { last: 999, isLog: false }, 50), envelope(other, 0, 999, 50));
});

test("what a curve of its own range shows may be negative", () => {
  const series: Series = { ...curve((step) => -step), range: [-999, 0] };
  assert.ok(new Thinned().of(series, { last: 999, isLog: false }, 50).length > 50);
});
