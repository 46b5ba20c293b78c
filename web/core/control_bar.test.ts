import assert from "node:assert/strict";
import { test } from "node:test";
import { type Control, optionOf, valuesOf } from "./control_bar.ts";
import { laidOut, withRunRange } from "./look.ts";

const option = (value: string, given: Record<string, unknown> = {}) => ({ value, label: value, arguments: given });
const CONTROLS: Control[] = [
  { name: "to", label: "Attending", isLook: false, options: [option("2"), option("1")] },
  { name: "color", label: "Colour range", isLook: true, options: [option("fixed", { color_range: "fixed" })] },
  { name: "origin", label: "Origin", isLook: true, options: [option("upper"), option("lower", { origin: "lower" })] },
  {
    name: "columns",
    label: "Columns",
    isLook: true,
    options: [option("auto", { columns: null }), option("3", { columns: 3 })],
  },
  { name: "empty", label: "Empty", isLook: false, options: [] },
];

test("what is not chosen, or is no option, is the default", () => {
  assert.deepEqual(valuesOf(CONTROLS, { to: "1", origin: "sideways", other: "x" }), {
    to: "1",
    color: "fixed",
    origin: "upper",
    columns: "auto",
  });
  assert.equal(optionOf(CONTROLS[4], {}), null);
});

test("the page offers the range of the run besides", () => {
  assert.deepEqual(valuesOf(withRunRange(CONTROLS), { color: "run" }).color, "run");
});

test("grids are laid out as chosen", () => {
  const described = {
    titles: ["one"],
    axes: [
      { name: "a", size: 1 },
      { name: "b", size: 1 },
    ] as const,
    panelName: "head",
    valueName: "v",
    range: [0, 1] as const,
  };
  const { origin, columns } = laidOut(described, CONTROLS, { origin: "lower", columns: "3" });
  assert.deepEqual([origin, columns], ["lower", 3]);
});
