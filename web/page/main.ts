/** Entry point of the offline page. */
import { ComparedPage } from "./compared_page.ts";
import { readContent } from "./content.ts";
import { Page } from "./page.ts";

async function start(): Promise<void> {
  const content = readContent();
  const page = content.sides.length > 1 ? new ComparedPage(content) : new Page(content);
  if (document.documentElement.dataset.theme === "auto") followSystem(() => page.redraw());
  await page.start();
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
