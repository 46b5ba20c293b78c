/** One of the variants that are compared: its session, its picture and the words above it. */
import { make } from "../core/dom.ts";
import { nearest } from "../core/epochs.ts";
import { epochWords, lossWords } from "../core/format.ts";
import type { FrameCache } from "../core/frame_cache.ts";
import type { Frame } from "../core/grids.ts";
import type { PictureCalls } from "../core/panels.ts";
import { Picture } from "../core/picture.ts";
import { alignmentWords } from "./alignment.ts";
import type { ApiError } from "./api.ts";
import { Session } from "./session.ts";
import * as url from "./url_state.ts";

export class ComparePanel {
  readonly element: HTMLElement;
  readonly picture: Picture;
  readonly session: Session;
  readonly #name: HTMLElement;
  readonly #words = make("p");
  #color = "";
  #problem: ApiError | null = null;

  constructor(id: string, calls: PictureCalls, onReady: () => void) {
    this.#name = make("h2", {}, id);
    const mount = make("div", { class: "heads" });
    this.element = make("section", { class: "side" }, make("header", {}, this.#name, this.#words), mount);
    this.picture = new Picture(mount, calls, onReady);
    this.session = new Session(id, (problem) => {
      this.#problem = problem;
      onReady();
    });
  }

  /** The CSS variable of its curve. */
  get color(): string {
    return this.#color;
  }

  set color(variable: string) {
    this.#color = variable;
    this.#name.style.setProperty("--run", `var(${variable})`);
  }

  close(): void {
    this.session.close();
    this.element.remove();
  }

  /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
  at(moment: number | null, shift: number): number | null {
    const epochs = this.session.pictured;
    const index = nearest(epochs, moment === null ? Infinity : moment - shift);
    return index < 0 ? null : epochs[index];
  }

  cache(pair: string | null): FrameCache | null {
    return this.session.cache(pair);
  }

  /** The frame to paint now, undefined while it is on its way. */
  frame(epoch: number | null, pair: string | null): Frame | undefined {
    if (epoch === null) return undefined;
    const cache = this.cache(pair);
    cache?.look(epoch);
    return cache?.get(epoch);
  }

  describe(epoch: number | null): void {
    const { detail, id } = this.session;
    this.#name.textContent = detail?.label ?? id.split("/").at(-1) ?? id;
    this.#words.textContent = this.#problem?.message ?? this.#state(epoch);
  }

  #state(epoch: number | null): string {
    if (!this.session.detail) return "loading …";
    if (epoch === null) return "no attention patterns yet; analyse it first";
    const [train, test] = this.session.lossesAt(epoch);
    const losses = `test loss ${lossWords(test)} · train loss ${lossWords(train)}`;
    return [`Epoch ${epochWords(epoch)}`, losses, alignmentWords(this.session, url.get().align)].filter(Boolean).join(" · ");
  }
}
