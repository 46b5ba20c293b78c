/* The export menu: files of what is on screen, drawn by the server and saved by the browser. */
import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { WHOLE_RUN } from "./look.js";
import * as store from "./store.js";

const STILL = [".png", ".svg", ".pdf"];
const WORDS = { working: "drawing …", done: "saved" };

/** Make a file with this ending of what `explorer` shows. */
export async function save(explorer, ending) {
  const say = (text) => byId("export-message").replaceChildren(text);
  say(WORDS.working);
  try {
    const { name, blob } = await api.file(explorer.session.id, request(explorer, ending));
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
    say(`${WORDS.done}: ${name}`);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    say(error.message);
  }
}

function request(explorer, ending) {
  const { head, color, scale, origin } = store.get();
  const view = explorer.session.detail.panels.filter(({ painted }) => painted)[head === null ? 0 : 1];
  const asked = { ending, view: view.view, theme: document.documentElement.dataset.mantineColorScheme, scale, origin };
  asked.pair = explorer.session.option("pair", store.get().pair).value;
  const range = explorer.session.option("color", color);
  asked.color = range === WHOLE_RUN ? explorer.frames.range.join("..") : range.value;
  if (head !== null) asked.head = head;
  if (STILL.includes(ending)) asked.epoch = explorer.epoch;
  return asked;
}
