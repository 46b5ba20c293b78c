/* Wire the pages, the keys and the library together. */
import * as colors from "./colors.js";
import { Compare } from "./compare.js";
import * as controls from "./controls.js";
import { byId } from "./dom.js";
import { Explorer } from "./explorer.js";
import * as exporting from "./exporting.js";
import * as keyboard from "./keyboard.js";
import { Library } from "./library.js";
import * as store from "./store.js";

export async function start() {
  const library = new Library(() => onLibrary());
  const explorer = new Explorer(library);
  const compare = new Compare(library);
  const shown = () => (store.get().page === "compare" ? compare : explorer);

  function onLibrary() {
    if (store.get().variant === null && library.preferred) store.set({ variant: library.preferred });
    library.offer(store.get().variant);
    shown().update();
  }

  function onState(state, changed) {
    if (changed.size === 1 && changed.has("epoch")) return shown().move();
    if (changed.has("page") && state.page !== "compare") compare.close();
    if (changed.has("variant")) library.offer(state.variant);
    if (changed.has("variant")) explorer.open();
    if (state.page === "compare" && ["variant", "with", "page"].some((key) => changed.has(key))) compare.open();
    showPage(state.page);
    shown().update();
  }

  store.subscribe(onState);
  controls.onChoice("variant", (variant) => store.set({ variant, epoch: null, head: null }));
  listen(shown, explorer);
  followLinks();
  showPage(store.get().page);
  await colors.load();
  await library.watch();
  if (!explorer.session && store.get().variant) await explorer.open();
  if (store.get().page === "compare") compare.open();
}

/** Buttons and keys act on the page that is shown. */
function listen(shown, explorer) {
  const help = byId("help");
  const player = () => shown().timeline.player;
  controls.onAction({
    first: () => shown().timeline.first(),
    last: () => shown().timeline.last(),
    play: () => player().toggle(1),
    back: () => player().toggle(-1),
    speed: () => player().nextSpeed(),
    loop: () => player().toggleLoop(),
    follow: () => shown().timeline.follow(),
    export: ({ dataset }) => exporting.save(explorer, dataset),
    help: () => help.showModal(),
    "close-help": () => help.close(),
  });
  keyboard.listen({
    step: (steps) => shown().timeline.step(steps),
    first: () => shown().timeline.first(),
    last: () => shown().timeline.last(),
    play: () => player().toggle(1),
    pair: (index) => shown().choosePair(index),
    head: () => shown().toggleHead(),
    help: () => help.showModal(),
  });
}

/** Links between pages keep the selection and load nothing. */
function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    store.set({ page: link.dataset.page });
  });
}

function showPage(page) {
  for (const section of document.querySelectorAll(".page")) section.hidden = section.id !== `page-${page}`;
  window.dash_clientside.set_props("jobs-clock", { disabled: page !== "jobs" });
  for (const link of document.querySelectorAll(".page-link")) {
    link.toggleAttribute("aria-current", link.dataset.page === page);
    link.href = store.address({ ...store.get(), page: link.dataset.page });
  }
}
