/** The height that pictures do not need goes to the chart of losses. */
import { find } from "../core/dom.ts";

const LEAST_OF_LOSSES = 110; // CSS pixels, as in explore.css
const SHARE_OF_LOSSES = 0.27; // of the window

/** Give the stage in `explore` no more than is `enough` for its panels, unless there is room for two rows of them. */
export function fitStage(explore: HTMLElement, enough: number | null): void {
  const [stage, loss] = [find(explore, ".stage"), find(explore, ".loss")];
  const losses = Math.max(LEAST_OF_LOSSES, SHARE_OF_LOSSES * innerHeight);
  const room = stage.clientHeight + loss.clientHeight - losses;
  const most = enough !== null && room < 2 * enough ? `${Math.ceil(enough)}px` : "";
  if (explore.style.getPropertyValue("--stage-most") === most) return;
  explore.style.setProperty("--stage-most", most);
  explore.style.setProperty("--loss-most", most && "1fr");
}
