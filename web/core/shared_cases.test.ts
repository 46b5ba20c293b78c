/** What both sides compute alike: the cases of tests/data/web hold here, and in tests/web/test_shared_cases.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Palette, type Stops } from "./colors.ts";
import { envelope } from "./envelope.ts";
import { nearest } from "./epochs.ts";
import { lossWords, valueWords } from "./format.ts";
import type { Range } from "./grids.ts";
import { type LossesByEpoch, lossesAt } from "./losses.ts";
import { indexTicks, niceTicks } from "./ticks.ts";

function cases<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../tests/data/web/${name}.json`, import.meta.url), "utf8"));
}

type Numbers = (number | null)[];

/** NaN where JSON has null. */
const numbers = (values: Numbers): number[] => values.map((value) => value ?? Number.NaN);

test("words of losses", () => {
  for (const { loss, words } of cases<{ loss: number | null; words: string }>("losses")) assert.equal(lossWords(loss), words);
});

test("words of values", () => {
  type Case = { value: number | null; digits: number; words: string };
  for (const { value, digits, words } of cases<Case>("values")) assert.equal(valueWords(value ?? Number.NaN, digits), words);
});

test("ticks", () => {
  type Case = { low: number; high: number; most: number; ticks: number[] };
  for (const { low, high, most, ticks } of cases<Case>("ticks")) {
    const found = niceTicks(low, high, most);
    assert.equal(found.length, ticks.length);
    for (const [i, tick] of ticks.entries())
      assert.ok(Math.abs(found[i] - tick) <= 1e-12 * Math.abs(tick), `${found} ${ticks}`);
  }
});

test("ticks of places", () => {
  type Case = { size: number; most: number; ticks: number[] };
  for (const { size, most, ticks } of cases<Case>("index_ticks")) assert.deepEqual(indexTicks(size, most), ticks);
});

test("colours", () => {
  type Case = { stops: Stops; range: Range; midpoint: number | null; table: string; values: number[]; steps: number[] };
  for (const { stops, range, midpoint, table, values, steps } of cases<Case>("colors")) {
    const palette = Palette.of(stops, range, midpoint);
    const colors = Palette.fromBytes(Uint8Array.from(Buffer.from(table, "hex")), range).table;
    assert.deepEqual(palette.table, colors);
    assert.deepEqual(
      values.map((value) => palette.pixel(value)),
      steps.map((step) => colors[step]),
    );
  }
});

test("losses of an epoch", () => {
  type Case = { train: Numbers; test: Numbers; ofCheckpoints?: LossesByEpoch; epoch: number; at: Numbers };
  for (const { train, test, ofCheckpoints, epoch, at } of cases<Case>("losses_at")) {
    assert.deepEqual(lossesAt({ train: numbers(train), test: numbers(test), ofCheckpoints }, epoch), numbers(at));
  }
});

test("thinned curves", () => {
  type Case = { x: number[]; y: Numbers; first: number; last: number; columns: number; kept: number[] };
  for (const { x, y, first, last, columns, kept } of cases<Case>("envelope")) {
    assert.deepEqual(envelope({ x, y: numbers(y) }, first, last, columns), kept);
  }
});

test("the nearest epoch", () => {
  type Case = { epochs: number[]; asked: number; index: number };
  for (const { epochs, asked, index } of cases<Case>("nearest")) assert.equal(nearest(epochs, asked), index);
});
