/* The line of words above the picture; its first part is the title the Python renderer gives the figure. */
import { byId, make } from "./dom.js";
import { epochWords, lossWords } from "./words.js";

let text = null;

/** `note` is an extra word on the state of the picture, e.g. that it is loading. */
export function show(epoch, pairLabel, [train, test], note) {
  const title = `Epoch ${epochWords(epoch)}${pairLabel ? ` · ${pairLabel}` : ""}`;
  text ??= mount();
  text.title.textContent = title;
  text.test.textContent = `test loss ${lossWords(test)}`;
  text.train.textContent = `train loss ${lossWords(train)}`;
  text.note.textContent = note;
}

/** The losses are the legend of the curves, too. */
function mount() {
  const made = {
    note: make("em"),
    title: make("strong", { id: "picture-title" }),
    test: make("span", { class: "of-test" }),
    train: make("span", { class: "of-train" }),
  };
  byId("readout").replaceChildren(...Object.values(made));
  return made;
}
