/* Keys; pages/shortcuts.py lists them for people. */

const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true], [role=listbox]";
const PRESSING = "button, a, [role=option]";

/** `actions`: step(n), first(), last(), play(), pair(index), head(), help(). */
export function listen(actions) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(TYPING)) return;
    if (event.key === " " && event.target.closest?.(PRESSING)) return;
    const action = find(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function find({ key, shiftKey }, actions) {
  const far = shiftKey ? 10 : 1;
  const keys = {
    ArrowLeft: () => actions.step(-far),
    ArrowRight: () => actions.step(far),
    Home: actions.first,
    End: actions.last,
    " ": actions.play,
    h: actions.head,
    H: actions.head,
    "?": actions.help,
  };
  return keys[key] ?? (/^[1-9]$/.test(key) ? () => actions.pair(Number(key) - 1) : null);
}
