/** Which curve is which where runs have a colour each: the test loss is a line, the train loss dashed. */

import { make } from "./dom.ts";
import type { Series } from "./lines.ts";
import * as texts from "./texts.ts";

export class LossKinds {
  readonly element = make(
    "div",
    { class: "loss-kinds", hidden: true },
    make("span", { class: "solid" }, texts.losses.test),
    make("span", { class: "dashed" }, texts.losses.train),
  );

  show(series: readonly Series[]): void {
    this.element.hidden = !series.some(({ isDashed }) => isDashed);
  }
}
