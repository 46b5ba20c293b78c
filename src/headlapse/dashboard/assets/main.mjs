/* Entry point: wait until Dash has drawn the layout, then bring the page to life. */
import { start } from "./modules/start.js";

const shell = () => document.getElementById("shell");

if (shell()) {
  start();
} else {
  const observer = new MutationObserver(() => {
    if (shell()) {
      observer.disconnect();
      start();
    }
  });
  observer.observe(document.body, { childList: true, subtree: true });
}
