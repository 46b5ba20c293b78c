/** Menus that open below their button: they stay within the window, and Escape or a press elsewhere closes them. */

const OPEN = "details.export[open]";
const MARGIN = 8; // between a menu and the edge of the window

export function install(): void {
  document.addEventListener("toggle", ({ target }) => placeIfOpen(target), true); // it does not bubble
  window.addEventListener("resize", () => open().forEach(place));
  document.addEventListener("pointerdown", ({ target }) => {
    for (const menu of open()) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") open().forEach(close);
  });
}

const open = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>(OPEN)];

function close(menu: HTMLDetailsElement): void {
  if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
  menu.open = false;
}

function placeIfOpen(target: EventTarget | null): void {
  if (target instanceof HTMLDetailsElement && target.matches(OPEN)) place(target);
}

function place(menu: HTMLDetailsElement): void {
  const list = menu.querySelector<HTMLElement>(".menu");
  if (!list) return;
  list.style.left = "0";
  const { right, top } = list.getBoundingClientRect();
  list.style.left = `${Math.min(0, document.documentElement.clientWidth - MARGIN - right)}px`;
  list.style.maxHeight = `${window.innerHeight - MARGIN - top}px`;
}
