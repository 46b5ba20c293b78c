import assert from "node:assert/strict";
import { test } from "node:test";
import { asManyAsFit, linesOf } from "./wrapping.ts";

const lines = (text: string, room: number) => linesOf(text, room, ({ length }) => length);

test("a text breaks between words", () => {
  assert.deepEqual(lines("modulus p 47", 12), ["modulus p 47"]);
  assert.deepEqual(lines("modulus p 47", 11), ["modulus p", "47"]);
  assert.deepEqual(lines("modulus p 47", 7), ["modulus", "p 47"]);
  assert.deepEqual(lines("one two three", 5), ["one", "two", "three"]);
});

test("a word that is too long has a line of its own", () => {
  assert.deepEqual(lines("a modulo_addition_1layer b", 20), ["a", "modulo_addition_1layer", "b"]);
});

test("of several parts the first stays whole, and as many others as fit", () => {
  const fitted = (parts: string[], room: number) => asManyAsFit(parts, room, ({ length }) => length);
  assert.equal(fitted(["epoch 300", "not grokked"], 30), "epoch 300 · not grokked");
  assert.equal(fitted(["epoch 300", "not grokked"], 20), "epoch 300");
  assert.equal(fitted(["epoch 300", ""], 9), "epoch 300");
  assert.equal(fitted(["epoch 300"], 5), "epoch 300");
});
