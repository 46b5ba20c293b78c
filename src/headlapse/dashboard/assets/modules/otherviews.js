/* The views that have no painter here: the server draws them, in the place of the heads. */
import * as controls from "./controls.js";
import { byId, onTheme } from "./dom.js";
import * as store from "./store.js";

const HEADS = "heads";

export class OtherViews {
  /** `explorer` has the session and the epoch. */
  constructor(explorer) {
    this.explorer = explorer;
    controls.onChoice("view", (view) => store.set({ view: view === HEADS ? null : view }));
    onTheme(() => this.draw());
  }

  get panels() {
    return this.explorer.session?.detail?.panels.filter(({ painted }) => !painted) ?? [];
  }

  /** The view shown instead of the heads: the chosen one, or the only thing there is; null for the heads. */
  get shown() {
    const chosen = this.panels.find(({ view }) => view === store.get().view);
    return (chosen ?? (this.explorer.session?.panel ? null : this.panels[0]))?.view ?? null;
  }

  /** Offer the views there are; one alone is no choice. */
  offer() {
    const heads = this.explorer.session?.panel;
    const options = this.panels.map(({ view, title }) => ({ value: view, label: title }));
    if (heads) options.unshift({ value: HEADS, label: heads.title });
    byId("view-choice").hidden = options.length < 2;
    controls.show("view", this.shown ?? HEADS, options);
  }

  /** Ask the server for the view at the epoch of now. */
  draw() {
    const view = this.shown;
    if (!view) return;
    const { session, epoch } = this.explorer;
    controls.put("moment", { variant: session.id, epoch, theme: document.documentElement.dataset.mantineColorScheme });
    controls.put("panels", { variant: session.id, view });
  }
}
