import assert from "node:assert/strict";
import { test } from "node:test";
import type { Described } from "../core/look.ts";
import { opened } from "./openings.ts";
import type { State } from "./url_state.ts";

const openings = [0, 1].map((panel) => ({ view: "heads", panel, choices: { to: "2", from: String(panel) } }));
const grids = { titles: ["x", "y"], openings } as unknown as Described;
const state = { options: { color: "epoch", from: "5" } } as unknown as State;
const heads = { view: "heads", title: "Heads" };

test("a panel opens the view that it names", () => {
  const expected = { view: "heads", head: 1, options: { color: "epoch", to: "2", from: "1" } };
  assert.deepEqual(opened(1, null, grids, [heads], state), expected);
});

test("a panel is seen alone where it names no view, or one that is not there", () => {
  assert.deepEqual(opened(1, null, { ...grids, openings: [] }, [heads], state), { head: 1 });
  assert.deepEqual(opened(1, null, grids, [{ ...heads, problem: "gone" }], state), { head: 1 });
  assert.deepEqual(opened(1, null, null, [heads], state), { head: 1 });
  assert.deepEqual(opened(null, null, grids, [heads], state), { head: null });
});

test("the row and the column that are clicked choose values of the view that opens", () => {
  const pairs = openings.map(({ view, panel }) => ({ view, panel, choices: {}, places: ["to", "from"] }));
  const positions = { ...grids, openings: pairs };
  const expected = { view: "heads", head: 1, options: { color: "epoch", to: "3", from: "4" }, zoom: null };
  assert.deepEqual(opened(1, { row: 3, column: 4 }, positions, [heads], state), expected);
  assert.deepEqual(opened(1, { row: 1, column: 2 }, { ...positions, block: [3, 2] }, [heads], state), expected);
  assert.deepEqual(opened(1, null, positions, [heads], state), { head: 1 });
});
