/* From the choices of the user to colours. */
import * as colors from "./colors.js";

export const WHOLE_RUN = { value: "run", label: "Range of this run", arguments: { color_range: "run" } };
const ATTENTION_RANGE = [0, 1];

/** The last palette is kept: its tables take longer to make than a picture to paint. */
export class Look {
  /** `option` is that of the colour control; `ranges` are functions that give [low, high] of the "epoch" and of the "run". */
  palette(option, scale, ranges) {
    const { color_range: choice = "fixed", midpoint = null } = option?.arguments ?? {};
    const range = choice === "fixed" ? ATTENTION_RANGE : ranges[choice]();
    const key = `${scale} ${range} ${midpoint}`;
    if (this.key !== key) {
      this.key = key;
      this.last = colors.palette(scale, range[0] < range[1] ? range : ATTENTION_RANGE, midpoint);
    }
    return this.last;
  }
}

/** Least and largest attention of a frame. */
export function extent(frame) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of frame) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const unit = frame instanceof Uint16Array ? 65535 : 1;
  return [low / unit, high / unit];
}

/** The range around several. */
export function around(ranges) {
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}
