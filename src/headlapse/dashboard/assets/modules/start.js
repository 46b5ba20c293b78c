/* Wire the pages, the keys and the library together. */
import * as colors from "./colors.js";
import * as controls from "./controls.js";
import { byId } from "./dom.js";
import { Explorer } from "./explorer.js";
import * as keyboard from "./keyboard.js";
import { Library } from "./library.js";
import * as store from "./store.js";

export async function start() {
  const library = new Library(() => onLibrary());
  const explorer = new Explorer(library);
  const help = byId("help");

  function onLibrary() {
    if (store.get().variant === null && library.preferred) store.set({ variant: library.preferred });
    library.offer(store.get().variant);
    explorer.update();
  }

  store.subscribe((state, changed) => {
    showPage(state.page);
    if (changed.has("variant")) {
      library.offer(state.variant);
      explorer.open();
    } else if (changed.size === 1 && changed.has("epoch")) {
      explorer.showPlayer();
      explorer.schedule();
    } else {
      explorer.update();
    }
  });
  controls.onChoice("variant", (variant) => store.set({ variant, epoch: null, head: null }));
  controls.onAction({
    first: () => explorer.first(),
    last: () => explorer.last(),
    play: () => explorer.player.toggle(1),
    back: () => explorer.player.toggle(-1),
    speed: () => explorer.player.nextSpeed(),
    loop: () => {
      explorer.player.loops = !explorer.player.loops;
      explorer.showPlayer();
    },
    follow: () => explorer.follow(),
    help: () => help.showModal(),
    "close-help": () => help.close(),
  });
  keyboard.listen({
    step: (steps) => explorer.player.stop() ?? explorer.step(steps),
    first: () => explorer.player.stop() ?? explorer.first(),
    last: () => explorer.player.stop() ?? explorer.last(),
    play: () => explorer.player.toggle(1),
    pair: (index) => explorer.choosePair(index),
    head: () => explorer.toggleHead(),
    help: () => help.showModal(),
  });
  followLinks();
  showPage(store.get().page);
  await colors.load();
  await library.watch();
  if (!explorer.session && store.get().variant) await explorer.open();
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
  for (const link of document.querySelectorAll(".page-link")) {
    link.toggleAttribute("aria-current", link.dataset.page === page);
    link.href = store.address({ ...store.get(), page: link.dataset.page });
  }
}
