/** The theme that Python has in visualization/theme.json, as CSS variables. */
import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

const SOURCE = new URL("../src/headlapse/visualization/theme.json", import.meta.url);

type Colors = Readonly<Record<string, string>>;

interface Theme {
  readonly font: string;
  readonly light: Colors;
  readonly dark: Colors;
}

/** What has the variables, and what it is where the theme is dark. */
interface Selectors {
  readonly light: string;
  readonly dark: string;
}

/** `@import "theme:NAME"` in CSS becomes the variables, at the selectors of that name. */
export function theme(selectors: Readonly<Record<string, Selectors>>): Plugin {
  return {
    name: "theme",
    setup(build) {
      build.onResolve({ filter: /^theme:/ }, ({ path }) => ({ path: path.slice("theme:".length), namespace: "theme" }));
      build.onLoad({ filter: /.*/, namespace: "theme" }, ({ path }) => ({ contents: css(selectors[path]), loader: "css" }));
    },
  };
}

function css({ light, dark }: Selectors): string {
  const theme: Theme = JSON.parse(readFileSync(SOURCE, "utf8"));
  const variables = (colors: Colors) => Object.entries(colors).map(([name, color]) => `  --${name}: ${color};`);
  return [
    `${light} {`,
    "  color-scheme: light;",
    `  --font: ${theme.font};`,
    ...variables(theme.light),
    "}",
    `${dark} {`,
    "  color-scheme: dark;",
    ...variables(theme.dark),
    "}",
  ].join("\n");
}
