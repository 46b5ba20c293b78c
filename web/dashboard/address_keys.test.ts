import assert from "node:assert/strict";
import { test } from "node:test";
import { KEYS, type Key, readQuery, unread } from "./address_keys.ts";

const keys: readonly (readonly [string, Key<unknown>])[] = Object.entries(KEYS);

for (const [name, key] of keys) {
  test(`“${name}” refuses some values, at once or when it is known what there is`, () => {
    const refuses = ["", "no such value", "-1"].some((text) => key.read(text) === undefined);
    assert.ok(refuses || Object.keys(key.checks).length > 0);
  });

  test(`“${name}” that is given twice counts as given first, and is said`, () => {
    const [one, other] = ["0-9,0-9", "on", "log", "grokking", "profiles", "1"].filter((text) => key.read(text) !== undefined);
    const search = `?${new URLSearchParams([
      [name, one],
      [name, other ?? "x"],
    ])}`;
    const found = readQuery(new URLSearchParams(search), false) as unknown as Record<string, unknown>;
    assert.deepEqual(found[name], key.read(one));
    assert.deepEqual(unread(search, false), [`“${name}” is given 2 times. Used: “${one}”.`]);
  });

  test(`“${name}” that cannot be read has its usual value`, () => {
    const bad = ["", "no such value", "-1"].find((text) => key.read(text) === undefined);
    if (bad === undefined) return;
    const search = `?${new URLSearchParams({ [name]: bad })}`;
    const found = readQuery(new URLSearchParams(search), false) as unknown as Record<string, unknown>;
    assert.deepEqual(found[name], key.usual);
    assert.deepEqual(unread(search, false), [`${key.name} cannot be “${bad}”. Shown: ${key.instead}.`]);
    assert.ok(key.instead);
  });
}

test("names that are no keys are settings of a view, whatever they are called", () => {
  const query = new URLSearchParams("?to=1&to=2&toString=x&page=runs&options=y&pair=2:0");
  const { options } = readQuery(query, false);
  assert.deepEqual(options, { to: "2", toString: "x", page: "runs", options: "y", from: "0" });
  assert.deepEqual(unread("?to=1&to=2", false), ["“to” is given 2 times. Used: “1”."]);
});

test("where all pages have one address, the page is a key", () => {
  assert.deepEqual(readQuery(new URLSearchParams("?page=runs"), true).options, {});
  assert.deepEqual(unread("?page=walls", true), ["“page” cannot be “walls”. Shown: explore."]);
  assert.deepEqual(unread("?page=runs&epoch=5", true), []);
});
