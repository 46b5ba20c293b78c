import assert from "node:assert/strict";
import { test } from "node:test";
import { isDark } from "./host_theme.ts";

test("dark is what white reads better on", () => {
  assert.deepEqual(["rgb(20, 23, 26)", "rgb(0, 0, 160)", "rgba(30, 30, 30, 0.9)"].map(isDark), [true, true, true]);
  assert.deepEqual(["rgb(255, 255, 255)", "rgb(250, 240, 90)", "rgb(128, 200, 128)"].map(isDark), [false, false, false]);
});
