/** The list of variants, looked at again and again, so that a new one appears by itself. */
import * as texts from "../core/texts.ts";
import * as api from "./api.ts";
import type { Offered } from "./variant_box.ts";
import { ordered } from "./variant_search.ts";

const EVERY_MS = 3000;

export class VariantPicker {
  /** In natural order; the same ones until something changes. */
  variants: readonly api.Entry[] | null = null;
  broken: api.VariantList["broken"] = [];
  /** The command that starts this server. */
  command = texts.empty.dashboard;
  /** Why the list could not be had. */
  problem: api.ApiError | null = null;
  readonly #onChange: () => void;
  #shortNames: Offered["shortNames"] = {};
  #tag = "";

  /** `onChange()` is called after every look. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  async watch(): Promise<void> {
    await this.#look();
    setTimeout(() => this.watch(), EVERY_MS);
  }

  /** What to open when the address names nothing: a running variant, else one with pictures, else any. */
  get preferred(): string | null {
    const usable = (this.variants ?? []).filter((variant) => variant.state !== "unusable");
    const best = usable.find(({ state }) => state === "training") ?? usable.find(({ analysed }) => analysed > 0) ?? usable[0];
    return best?.id ?? null;
  }

  /** The variant of that id, or the only one of that name; null where there is none. */
  named(id: string): string | null {
    const variants = this.variants ?? [];
    const alike = variants.filter((variant) => variant.id.endsWith(`/${id}`));
    return this.entry(id)?.id ?? (alike.length === 1 ? alike[0].id : null);
  }

  get offered(): Offered {
    return { variants: this.variants ?? [], shortNames: this.#shortNames };
  }

  entry(id: string | null): api.Entry | null {
    return this.variants?.find((variant) => variant.id === id) ?? null;
  }

  async #look(): Promise<void> {
    if (document.hidden && this.variants) return;
    try {
      const answer = await api.variants(this.#tag);
      this.problem = null;
      if (answer) this.#take(answer.list, answer.tag);
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.problem = error;
    }
    this.#onChange();
  }

  #take({ variants, broken, command, short_names: shortNames }: api.VariantList, tag: string): void {
    Object.assign(this, { variants: ordered(variants), broken, command });
    this.#shortNames = shortNames;
    this.#tag = tag;
  }
}
