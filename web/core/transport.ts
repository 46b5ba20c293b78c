/** Slider and buttons of what moves through epochs, for pages that no server lays out. */

import { make } from "./dom.ts";
import * as texts from "./texts.ts";

const ICONS = ["first", "back", "play", "last"] as const;

/** The places that a `Timeline` fills: curves, slider, buttons. */
export function transport(): HTMLElement[] {
  const icons = ICONS.map((action) => iconButton(action, texts.transport[action]));
  const speed = make("button", { class: "text-button", type: "button", title: texts.transport.speed, "data-action": "speed" });
  const loop = iconButton("loop", texts.transport.loop);
  const log = make(
    "button",
    { class: "text-button", type: "button", title: texts.transport.logTitle, "data-action": "log-epochs" },
    texts.transport.log,
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
