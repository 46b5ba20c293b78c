/** Entry point of the offline page. */
import { framesOf, partOf, readContent } from "./content.ts";
import { Page } from "./page.ts";

async function start(): Promise<void> {
  const content = readContent();
  const page = new Page(content, await framesOf(partOf(content, content.choices), content));
  if (document.documentElement.dataset.theme === "auto") followSystem(() => page.redraw());
  page.start();
}

/** Have the theme of the reader's system, and tell `onChange` of changes. */
function followSystem(onChange: () => void): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", () => {
    apply();
    onChange();
  });
  apply();
}

void start();
