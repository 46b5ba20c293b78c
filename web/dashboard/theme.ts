/** Light or dark: as the reader chose, else as the system is. Mantine keeps it in the same places. */
import { byId } from "../core/dom.ts";

const KEPT_AS = "mantine-color-scheme-value";

const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** The theme that is shown. */
export const theme = (): string => root.dataset.mantineColorScheme ?? "light";

/** Call `listener` when the theme changes. */
export function onTheme(listener: () => void): void {
  new MutationObserver(listener).observe(root, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
}

/** Show the chosen theme, now and when the system changes. */
export function applyTheme(): void {
  const apply = () => {
    root.dataset.mantineColorScheme = chosen() ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", apply);
  apply();
}

/** The button that changes the theme, and the choice is kept. */
export function offerTheme(): void {
  const button = byId("theme");
  const show = () => {
    button.textContent = theme() === "dark" ? "☾" : "☀";
  };
  button.addEventListener("click", () => {
    root.dataset.mantineColorScheme = theme() === "dark" ? "light" : "dark";
    keep(theme());
  });
  onTheme(show);
  show();
}

function chosen(): string | null {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return kept === "light" || kept === "dark" ? kept : null;
  } catch {
    return null; // this browser keeps nothing
  }
}

function keep(value: string): void {
  try {
    localStorage.setItem(KEPT_AS, value);
  } catch {
    return; // this browser keeps nothing
  }
}
