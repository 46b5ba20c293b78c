/** The part of the page that Mantine draws where there is a server: the button of the theme. */
import { byId } from "../core/dom.ts";

/** The theme of the reader's system, until the button is pressed. */
export function listenToTheme(): void {
  const [root, button, dark] = [document.documentElement, byId("theme"), matchMedia("(prefers-color-scheme: dark)")];
  const apply = (isDark: boolean) => {
    root.dataset.mantineColorScheme = isDark ? "dark" : "light";
    button.textContent = isDark ? "☾" : "☀";
  };
  button.addEventListener("click", () => apply(root.dataset.mantineColorScheme !== "dark"));
  dark.addEventListener("change", () => apply(dark.matches));
  apply(dark.matches);
}
