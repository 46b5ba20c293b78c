import assert from "node:assert/strict";
import { test } from "node:test";
import { epochWords, lossWords, powerWords, quantisedWords, valueWords } from "./format.ts";

test("epochs have commas", () => {
  assert.deepEqual([0, 999, 10400, 1234567].map(epochWords), ["0", "999", "10,400", "1,234,567"]);
});

test("losses have two digits, rounded before they are placed", () => {
  const words = {
    0: "0.0",
    113.2: "1.1e2",
    99.96: "1.0e2",
    99.4: "99",
    0.1123: "0.11",
    0.00099996: "0.0010",
    1.6e-7: "1.6e-7",
  };
  for (const [loss, wanted] of Object.entries(words)) assert.equal(lossWords(Number(loss)), wanted);
  assert.deepEqual([null, Number.NaN, Infinity].map(lossWords), ["–", "–", "–"]);
});

test("values have no zeros at the end", () => {
  const words = { 0: "0", 1: "1", 100: "100", 0.5: "0.5", 0.1234567: "0.123457", 999999.9: "1e6", 0.00001234: "1.234e-5" };
  for (const [value, wanted] of Object.entries(words)) assert.equal(valueWords(Number(value)), wanted);
  assert.equal(valueWords(1 / 3, 3), "0.333");
  assert.equal(valueWords(-1e-7), "-1e-7");
});

test("a quantised value has the decimals that its step gives", () => {
  assert.equal(quantisedWords(0.12345, 1 / 65535), "0.1235");
  assert.equal(quantisedWords(0.5, 1 / 255), "0.50");
  assert.equal(quantisedWords(512, 3), "512");
  assert.equal(quantisedWords(-0.00003, 1 / 65535), "0.0000");
  assert.equal(quantisedWords(-0.0001, 1 / 65535), "-0.0001");
});

test("powers of ten near one are written out", () => {
  assert.deepEqual([-8, -3, -2, 0, 2, 3].map(powerWords), ["1e-8", "1e-3", "0.01", "1", "100", "1e3"]);
});
