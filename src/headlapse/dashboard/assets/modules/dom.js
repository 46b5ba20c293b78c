/* Elements, made and found. Text always enters as text, never as HTML. */

export const byId = (id) => document.getElementById(id);

/** An element: `make("span", { class: "tick", title: "…" }, "text" or child elements…)`. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** The value of a CSS variable as the page has it now. */
export const cssValue = (name) => getComputedStyle(byId("shell")).getPropertyValue(name).trim();

/** A canvas with the resolution of the screen; returns its context in CSS pixels. */
export function fit(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Call `listener` when the theme changes. */
export function onTheme(listener) {
  new MutationObserver(listener).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-mantine-color-scheme"],
  });
}
