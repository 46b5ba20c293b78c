/** Slider and buttons of what moves through epochs, for pages that no server lays out. */
import { make } from "./dom.ts";

const ICONS = {
  first: "First checkpoint (Home)",
  back: "Play backwards",
  play: "Play (Space)",
  last: "Last checkpoint (End)",
} as const;

/** The places that a `Timeline` fills: curves, slider, buttons. */
export function transport(): HTMLElement[] {
  const icons = Object.entries(ICONS).map(([action, label]) => iconButton(action, label));
  const speed = make("button", { class: "text-button", type: "button", title: "Speed of playing", "data-action": "speed" });
  const loop = iconButton("loop", "Loop");
  const log = make(
    "button",
    { class: "text-button", type: "button", title: "Logarithmic axis of epochs", "data-action": "log-epochs" },
    "log",
  );
  const buttons = make("div", { class: "buttons" }, ...icons, speed, loop, log);
  return [make("div", { class: "loss" }), make("div", { class: "transport" }, make("div", { class: "epoch-slider" }), buttons)];
}

function iconButton(action: string, label: string): HTMLElement {
  return make("button", {
    class: "icon-button",
    type: "button",
    title: label,
    "aria-label": label,
    "data-action": action,
    "data-icon": action,
  });
}
