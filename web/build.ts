/** Bundle what ships in the wheel: `node build.ts [FOLDER]` writes into src/headlapse/static, or FOLDER. */
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? `${here}../src/headlapse/static`;
const shared: BuildOptions = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  outdir: out,
  target: ["chrome111", "firefox115", "safari16.4"],
};

await build({
  ...shared,
  entryPoints: [
    { in: "dashboard/main.ts", out: "dashboard/dashboard" },
    { in: "dashboard/dashboard.css", out: "dashboard/dashboard" },
  ],
  format: "iife",
});
