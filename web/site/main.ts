/** Entry point of a static site: the dashboard's page, whose questions are answered from files. */
import { start } from "../dashboard/start.ts";
import { offerExact } from "./exact.ts";
import { listenToTheme } from "./theme_button.ts";

listenToTheme();
void start();
offerExact();
