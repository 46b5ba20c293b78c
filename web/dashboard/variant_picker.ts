/** The list of variants, looked at again and again, so that a new one appears by itself. */
import * as api from "./api.ts";
import * as controls from "./controls.ts";

const EVERY_MS = 3000;

export class VariantPicker {
  variants: readonly api.Entry[] | null = null;
  broken: api.VariantList["broken"] = [];
  /** The command that starts this server. */
  command = "headlapse dashboard";
  /** Why the list could not be had. */
  problem: api.ApiError | null = null;
  readonly #onChange: () => void;
  #offered: { of: readonly api.Entry[] | null; options: readonly controls.Offer[] } = { of: null, options: [] };

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

  entry(id: string | null): api.Entry | null {
    return this.variants?.find((variant) => variant.id === id) ?? null;
  }

  /** The variants as options of a selection. */
  get options(): readonly controls.Offer[] {
    if (this.#offered.of !== this.variants) this.#offered = { of: this.variants, options: optionsOf(this.variants ?? []) };
    return this.#offered.options;
  }

  offer(id: string | null): void {
    if (this.variants !== null) controls.show("variant", id, this.options);
  }

  async #look(): Promise<void> {
    if (document.hidden && this.variants) return;
    try {
      const { variants, broken, command } = await api.variants();
      Object.assign(this, { variants, broken, command, problem: null });
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.problem = error;
    }
    this.#onChange();
  }
}

function optionsOf(variants: readonly api.Entry[]): controls.Offer[] {
  const hasSeveral = new Set(variants.map(({ family }) => family)).size > 1;
  return variants.map(({ id, family, label }) => ({ value: id, label: hasSeveral ? `${family} · ${label}` : label }));
}
