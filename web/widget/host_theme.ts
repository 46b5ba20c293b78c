/** Light or dark, as the notebook around the widget is; notebooks have no common word for it. */

/** Give `element` the theme of what is behind it, now and after changes, until the returned function is called. */
export function followHost(element: HTMLElement, onChange: () => void): () => void {
  const apply = () => {
    const theme = isDark(backgroundOf(element.parentElement)) ? "dark" : "light";
    if (element.dataset.theme === theme) return;
    element.dataset.theme = theme;
    onChange();
  };
  const observer = new MutationObserver(apply);
  for (const host of [document.documentElement, document.body]) observer.observe(host, { attributes: true });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", apply);
  apply();
  return () => {
    observer.disconnect();
    system.removeEventListener("change", apply);
  };
}

/** The colour of the first element from here upwards that has one. */
function backgroundOf(element: Element | null): string {
  for (let at = element; at !== null; at = at.parentElement ?? shadowHost(at)) {
    const { backgroundColor: color } = getComputedStyle(at);
    if (!/^(transparent|rgba\(.*, 0\))$/.test(color)) return color;
  }
  return "rgb(255, 255, 255)";
}

function shadowHost(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** Whether white reads better than black on a colour such as "rgb(20, 23, 26)". */
export function isDark(color: string): boolean {
  const [red = 255, green = 255, blue = 255] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
