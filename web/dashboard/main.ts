/** Entry point: wait until Dash has drawn the layout, then bring the page to life. */
import { start } from "./start.ts";

const observer = new MutationObserver(startWhenDrawn);

function startWhenDrawn(): void {
  if (!document.getElementById("shell")) return;
  observer.disconnect();
  void start();
}

observer.observe(document.documentElement, { childList: true, subtree: true });
startWhenDrawn();
