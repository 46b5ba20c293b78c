/** Entry point of a static site: the dashboard's page, whose questions are answered from files. */

import * as texts from "../core/texts.ts";
import { banner } from "../dashboard/messages.ts";
import { start } from "../dashboard/start.ts";
import { applyTheme } from "../dashboard/theme.ts";
import { offerExact } from "./exact.ts";

applyTheme();
if (location.protocol === "file:") {
  banner({ title: texts.site.asFile, text: texts.site.asFileText, command: texts.site.serve });
} else {
  void start();
  offerExact();
}
