/** Keys of a page or a widget. */

const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true], [role=listbox]";
const PRESSING = "button, a, [role=option]";
const FAR = 10;

/** What keys do, by `KeyboardEvent.key`. */
export type Keys = Readonly<Record<string, () => void>>;

/** What the keys of playing and stepping ask for. */
export interface Steps {
  step(steps: number): void;
  first(): void;
  last(): void;
  play(): void;
}

/** The keys that move through checkpoints. */
export function stepKeys(steps: Steps): Keys {
  return {
    ArrowLeft: () => steps.step(-1),
    ArrowRight: () => steps.step(1),
    "Shift+ArrowLeft": () => steps.step(-FAR),
    "Shift+ArrowRight": () => steps.step(FAR),
    Home: () => steps.first(),
    End: () => steps.last(),
    " ": () => steps.play(),
  };
}

/** Listen on `target` until the returned function is called. Keys that somebody types or presses a button with stay theirs. */
export function listen(target: Window | HTMLElement, keys: Keys): () => void {
  const onKey = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || isTaken(event)) return;
    const action = keys[event.shiftKey ? `Shift+${event.key}` : event.key] ?? keys[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
  if (!(event.target instanceof Element)) return false;
  return event.target.closest(TYPING) !== null || (event.key === " " && event.target.closest(PRESSING) !== null);
}
