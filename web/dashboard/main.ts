/** Entry point, in the head of the document: the theme before anything is painted, the rest once the pages are there. */
import { start } from "./start.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
document.addEventListener("DOMContentLoaded", () => void start());
