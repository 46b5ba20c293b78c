/** The height that pictures do not need goes to the chart of losses. */
import { find } from "../core/dom.ts";

const LEAST_OF_LOSSES = 110; // CSS pixels, as in explore.css
const SHARE_OF_LOSSES = 0.27; // of the window

export class StageHeight {
  readonly #explore: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #loss: HTMLElement;
  #enough: number | null = null;
  #isStale = true;

  /** `onResize()` is called when the stage in `explore` has to be fitted anew. */
  constructor(explore: HTMLElement, onResize: () => void) {
    this.#explore = explore;
    this.#stage = find(explore, ".stage");
    this.#loss = find(explore, ".loss");
    const observer = new ResizeObserver(() => {
      this.#isStale = true;
      onResize();
    });
    for (const part of [this.#stage, this.#loss]) observer.observe(part);
  }

  /**
   * Give the stage no more than is `enough` for its panels, unless there is room for two rows of them. Reads the layout, which
   * is slow beside many panels, only if something changed.
   */
  fit(enough: number | null): void {
    if (!this.#isStale && enough === this.#enough) return;
    this.#isStale = false;
    this.#enough = enough;
    const losses = Math.max(LEAST_OF_LOSSES, SHARE_OF_LOSSES * innerHeight);
    const room = this.#stage.clientHeight + this.#loss.clientHeight - losses;
    const most = enough !== null && room < 2 * enough ? `${Math.ceil(enough)}px` : "";
    if (this.#explore.style.getPropertyValue("--stage-most") === most) return;
    this.#explore.style.setProperty("--stage-most", most);
    this.#explore.style.setProperty("--loss-most", most && "1fr");
  }
}
