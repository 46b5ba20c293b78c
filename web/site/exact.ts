/** The link to the exact values of the picture on Explore. */

import { byId, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import * as url from "../dashboard/url_state.ts";
import { exactOf } from "./api.ts";

export function offerExact(): void {
  const link = make("a", { class: "text-button", download: "", title: texts.site.exactTitle, hidden: true }, texts.site.exact);
  byId("export").replaceWith(make("span", { id: "export" }, link));
  const update = async () => {
    const { variant, view, options } = url.get();
    const address = variant === null ? null : await exactOf(variant, view, options);
    link.hidden = address === null;
    if (address !== null) link.href = address;
  };
  url.subscribe(() => void update());
  void update();
}
