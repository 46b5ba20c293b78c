/** How to read the pictures: a document of its own, which is loaded when somebody asks for it. */
import { byId, find, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import * as controls from "./controls.ts";
import { folder } from "./folder.ts";

const AT = `${folder}assets/guide/`;

/** Let the buttons for it open and close the panel. */
export function install(help: HTMLDialogElement): void {
  const dialog = byId("guide") as HTMLDialogElement;
  const open = async () => {
    help.close();
    await load(find(dialog, ".guide-content"));
    dialog.showModal();
  };
  controls.onAction({
    guide: () => void open(),
    "close-guide": () => dialog.close(),
    "show-story": () => dialog.close(),
  });
}

async function load(content: HTMLElement): Promise<void> {
  if (content.querySelector("section")) return;
  const answer = await fetch(`${AT}guide.html`).catch(() => null);
  content.replaceChildren(...(answer?.ok ? partsOf(await answer.text()) : [make("p", {}, texts.api.noAnswer)]));
}

/** What stands in the document, with pictures where they lie. */
function partsOf(text: string): Element[] {
  const { body } = new DOMParser().parseFromString(text, "text/html");
  for (const picture of body.querySelectorAll("img")) picture.src = AT + picture.getAttribute("src");
  return [...body.children];
}
