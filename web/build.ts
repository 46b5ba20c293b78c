/** Bundle what ships in the wheel: `node build.ts [FOLDER]` writes into src/headlapse/static, or FOLDER. */
import { readdir, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { type BuildOptions, build, type Plugin, transform } from "esbuild";
import { theme } from "./theme.ts";

const here = import.meta.dirname;
const out = process.argv[2] ?? join(here, "..", "src", "headlapse", "static");
const target = ["chrome111", "firefox115", "safari16.4"];
const shared: BuildOptions = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  loader: { ".html": "copy", ".png": "copy" },
  outdir: out,
  plugins: [
    theme({
      dashboard: { light: ":root", dark: '[data-mantine-color-scheme="dark"]' },
      page: { light: ":root", dark: ':root[data-theme="dark"]' },
      widget: { light: "&", dark: '&[data-theme="dark"]' },
    }),
  ],
};

/** In a site the questions of dashboard/ go to site/api.ts, which stands in the place of dashboard/api.ts. */
const answeredByFiles: Plugin = {
  name: "answered by files",
  setup(building) {
    building.onResolve({ filter: /^\.\/api\.ts$/ }, ({ importer }) =>
      importer.includes(join("web", "dashboard")) ? { path: join(here, "site", "api.ts") } : undefined,
    );
  },
};

await build({
  ...shared,
  target,
  entryPoints: [
    { in: "site/main.ts", out: "site/site" },
    { in: "site/site.css", out: "site/site" },
    { in: "site/site.html", out: "site/site" },
  ],
  plugins: [...(shared.plugins ?? []), answeredByFiles],
  format: "iife",
});
await build({
  ...shared,
  target,
  entryPoints: [
    { in: "dashboard/main.ts", out: "dashboard/dashboard" },
    { in: "dashboard/dashboard.css", out: "dashboard/dashboard" },
    { in: "page/main.ts", out: "page/page" },
    { in: "page/page.css", out: "page/page" },
    { in: "page/page.html", out: "page/page" },
  ],
  format: "iife",
});
const guide = await readdir(join(here, "dashboard", "guide"));
await build({
  ...shared,
  entryPoints: guide.map((name) => ({ in: `dashboard/guide/${name}`, out: `dashboard/guide/${parse(name).name}` })),
});
await build({ ...shared, target, entryPoints: [{ in: "widget/widget.ts", out: "widget/widget" }], format: "esm" });
await writeFile(join(out, "widget", "widget.css"), await within(".headlapse-scrub", "widget/widget.css"));

/** The bundle of a style sheet whose rules hold inside of `selector` only: a notebook has rules of its own. */
async function within(selector: string, entry: string): Promise<string> {
  const { outputFiles } = await build({ ...shared, entryPoints: [entry], write: false });
  const [style] = outputFiles;
  return (await transform(`${selector} {\n${style.text}}\n`, { loader: "css", charset: "utf8", target })).code;
}
