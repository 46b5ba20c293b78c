/** Entry point of a static site: the dashboard's page, whose questions are answered from files. */
import { install } from "../dashboard/dash.ts";
import { start } from "../dashboard/start.ts";
import { installComponents } from "./components.ts";
import { offerExact } from "./exact.ts";

installComponents();
install();
void start();
offerExact();
