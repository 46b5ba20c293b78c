import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "./wrapping.ts";

const lines = (text: string, room: number) => linesOf(text, room, ({ length }) => length);

test("a text breaks between words", () => {
  assert.equal(lines("modulus p 47", 12), 1);
  assert.equal(lines("modulus p 47", 11), 2);
  assert.equal(lines("modulus p 47", 7), 2);
  assert.equal(lines("one two three", 5), 3);
});

test("a word that is too long fits in no number of lines", () => {
  assert.equal(lines("a modulo_addition_1layer", 20), Infinity);
});
