/** Checks what the address asks for as soon as it is known what there is: the page says what it shows instead, and the address follows. */
import { corrections, type Facts } from "./address_keys.ts";
import * as messages from "./messages.ts";
import * as url from "./url_state.ts";

export class LinkCheck {
  readonly #done = new Set<keyof Facts>();

  /** Check anew, since something else is opened. */
  restart(): void {
    this.#done.clear();
  }

  /** Check what depends on a fact, once; `fact` is null while it is not known. */
  check<F extends keyof Facts>(name: F, fact: Facts[F] | null): void {
    if (fact === null || this.#done.has(name)) return;
    this.#done.add(name);
    const { patch, sentences } = corrections(url.get(), name, fact);
    if (sentences.length) messages.tell(sentences);
    url.correct(patch);
  }
}
