/** The views that Python draws as figures, in the place of the heads. */
import { byId } from "../core/dom.ts";
import type { Panel } from "./api.ts";
import * as controls from "./controls.ts";
import { onTheme, theme } from "./dash.ts";
import type { Session } from "./session.ts";
import * as url from "./url_state.ts";

const HEADS = "heads";

/** Whose views they are, and where it stands. */
export interface Shown {
  readonly session: Session | null;
  readonly epoch: number | null;
}

export class FigureView {
  readonly #host: Shown;

  constructor(host: Shown) {
    this.#host = host;
    controls.onChoice("view", (view) => url.set({ view: view === HEADS ? null : view }));
    onTheme(() => this.draw());
  }

  /** The view shown instead of the heads: the chosen one, or the only thing there is; null for the heads. */
  get shown(): string | null {
    const chosen = this.#panels.find(({ view }) => view === url.get().view);
    return (chosen ?? (this.#host.session?.panel ? null : this.#panels[0]))?.view ?? null;
  }

  /** Offer the views there are; one alone is no choice. */
  offer(): void {
    const heads = this.#host.session?.panel;
    const options = this.#panels.map(({ view, title }) => ({ value: view, label: title }));
    if (heads) options.unshift({ value: HEADS, label: heads.title });
    byId("view-choice").hidden = options.length < 2;
    controls.show("view", this.shown ?? HEADS, options);
  }

  /** Ask the server for the view at the epoch of now. */
  draw(): void {
    const { session, epoch } = this.#host;
    const view = this.shown;
    if (!view || !session) return;
    controls.put("moment", { variant: session.id, epoch, theme: theme() });
    controls.put("panels", { variant: session.id, view });
  }

  get #panels(): readonly Panel[] {
    return this.#host.session?.detail?.panels.filter(({ painted }) => !painted) ?? [];
  }
}
