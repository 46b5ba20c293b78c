/** Entry point of a static site: the dashboard's page, whose questions are answered from files. */
import { start } from "../dashboard/start.ts";
import { applyTheme } from "../dashboard/theme.ts";
import { offerExact } from "./exact.ts";

applyTheme();
void start();
offerExact();
