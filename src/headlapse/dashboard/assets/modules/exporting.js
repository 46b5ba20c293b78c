/* The export menu: files of what is on screen, drawn by the server and saved by the browser. */
import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { WHOLE_RUN } from "./look.js";
import { viewOf } from "./picture.js";
import * as store from "./store.js";

const WORDS = { working: "drawing …", done: "saved" };

/** Make a file of what `explorer` shows: of its format `ending`, and of the `span` "epoch" or "run". */
export async function save(explorer, { ending, span }) {
  const say = (text) => byId("export-message").replaceChildren(text);
  say(WORDS.working);
  try {
    const { name, blob } = await api.file(explorer.session.id, request(explorer, ending, span));
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
    say(`${WORDS.done}: ${name}`);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    say(error.message);
  }
}

function request(explorer, ending, span) {
  const { head, color, scale, origin } = store.get();
  const asked = { ending, view: viewOf(head), theme: document.documentElement.dataset.mantineColorScheme, scale, origin };
  asked.pair = explorer.session.option("pair", store.get().pair).value;
  const range = explorer.session.option("color", color);
  asked.color = range === WHOLE_RUN ? explorer.frames.range.join("..") : range.value;
  if (head !== null) asked.head = head;
  if (span === "epoch") asked.epoch = explorer.epoch;
  return asked;
}
