import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const HERE = import.meta.dirname;
const BIOME = join(HERE, "node_modules", "@biomejs", "biome", "bin", "biome");

/** How many texts Biome finds in a module with these lines, and all that it says. */
function lint(lines: readonly string[]): { found: number; said: string } {
  const folder = mkdtempSync(join(tmpdir(), "texts-"));
  try {
    writeFileSync(join(folder, "biome.json"), JSON.stringify({ plugins: [join(HERE, "texts.grit")] }));
    writeFileSync(join(folder, "module.ts"), lines.join("\n"));
    const { stdout, stderr } = spawnSync(process.execPath, [BIOME, "lint", "."], { cwd: folder, encoding: "utf8" });
    const said = stdout + stderr;
    return { found: said.split("A text that users read").length - 1, said };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a text that users read is refused outside of core/texts.ts", () => {
  const lines = ['"Not trained yet"', '"no output"', '"Nothing"', "`of $" + "{n} checkpoints are here`"].map(
    (text, i) => `export const text${i} = (n: number) => [n, ${text}];`,
  );
  const { found, said } = lint(lines);
  assert.equal(found, lines.length, said);
});

test("selectors, classes, keys and errors of programmers are no texts", () => {
  const { found, said } = lint([
    'export const selector = "input:not([type=range]), select";',
    'export const element = make("p", { class: "soft words" }, "");',
    'export const isEnter = (key: string) => key === "Enter";',
    'export const fail = () => { throw new Error("there is no element"); };',
  ]);
  assert.equal(found, 0, said);
});
