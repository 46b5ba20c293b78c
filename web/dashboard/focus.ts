/** Where the focus of the keyboard goes when the element that had it is hidden, disabled or taken away. */

const canFocus = (element: Element | null): boolean =>
  element?.isConnected === true && element.checkVisibility() && !element.matches(":disabled");

/** Focus the first of `places` that can be focused. */
export function focusFirst(places: readonly HTMLElement[]): void {
  places.find(canFocus)?.focus({ preventScroll: true });
}

/** Make a change in `root`. If it takes away the element that has the focus, the first possible one of `places()` gets it. */
export function keepFocus(root: HTMLElement, change: () => void, places: () => readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const isInside = root.contains(focused);
  change();
  if (isInside && !canFocus(focused)) focusFirst(places());
}

/** Focus the first possible one of `places`, unless something in `root` has the focus. */
export function ensureFocus(root: HTMLElement, places: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  if (!root.contains(focused) || !canFocus(focused)) focusFirst(places);
}
