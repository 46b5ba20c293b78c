/** Elements, made and found. Text always enters as text, never as HTML. */

type Attribute = string | number | boolean | null;

/** The element with this id. Throws where there is none. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`there is no element #${id}`);
  return element;
}

/** The first element in `root` that matches. Throws where there is none. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (element === null) throw new Error(`there is no element ${selector}`);
  return element;
}

/** An element: `make("span", { class: "tick", title: "…" }, "text" or child elements…)`; false and null leave an attribute out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Make `nodes` the children of `parent`. Those that keep their order are not taken out: what is pressed or focused in them stays so. */
export function arrange(parent: ParentNode & Node, nodes: readonly Node[]): void {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) parent.removeChild(child);
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

/** The 2-D context of a canvas. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no canvas");
  return context;
}

/** The value of a CSS variable where `element` stands, as the page has it now. */
export const cssValue = (element: Element, name: string): string => getComputedStyle(element).getPropertyValue(name).trim();

/** Give a canvas the resolution of the screen; returns its context in CSS pixels. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
