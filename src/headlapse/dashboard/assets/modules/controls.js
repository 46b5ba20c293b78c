/* Mantine controls, from the side of the modules: what they offer, what they show, and what the user chose. */

const handlers = new Map();
const shown = new Map();

document.addEventListener("headlapse:choice", ({ detail: { id, value } }) => {
  const before = shown.get(id);
  if (value === null || same(value, before?.value)) return;
  shown.set(id, { ...before, value }); // what the page makes of it may be something else, which is then shown again
  handlers.get(id)?.(value);
});

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Call `handler(value)` when the user chooses. */
export const onChoice = (id, handler) => handlers.set(id, handler);

/** Show `value` among `options` ([{value, label}]); does nothing where that is already shown. */
export function show(id, value, options = undefined) {
  const before = shown.get(id) ?? {};
  const offered = options && JSON.stringify(options);
  const props = {};
  if (offered && offered !== before.offered) props.data = options.map(({ value, label }) => ({ value, label }));
  if (!same(value, before.value) || props.data) props.value = value;
  if (!Object.keys(props).length) return;
  shown.set(id, { value, offered: offered ?? before.offered });
  window.dash_clientside.set_props(id, props);
}

/** Put data into a store that callbacks of the server listen to; does nothing where it is there already. */
export function put(id, data) {
  const text = JSON.stringify(data);
  if (shown.get(id)?.value === text) return;
  shown.set(id, { value: text });
  window.dash_clientside.set_props(id, { data });
}

/** Call the handler of the button pressed; `handlers` maps `data-action` to it. */
export function onAction(actions) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    actions[button?.dataset.action]?.(button);
  });
}
