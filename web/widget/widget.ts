/** Entry point of the notebook widget: what anywidget calls. */
import { make } from "../core/dom.ts";
import { followHost } from "./host_theme.ts";
import type { Model } from "./model.ts";
import { Scrub } from "./scrub.ts";

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = make("div", { class: "headlapse-scrub", tabindex: 0 });
  el.append(root);
  const scrub = new Scrub(model, root);
  const forget = followHost(root, () => scrub.redraw());
  return () => {
    forget();
    scrub.close();
  };
}

export default { render };
