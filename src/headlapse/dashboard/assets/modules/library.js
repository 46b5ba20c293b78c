/* The list of variants, looked at again and again, so that a new one appears by itself. */
import * as api from "./api.js";
import * as controls from "./controls.js";

const EVERY_MS = 3000;

export class Library {
  /** `onChange()` after every look; `problem` is then null or an ApiError. */
  constructor(onChange) {
    this.onChange = onChange;
    this.variants = null;
    this.broken = [];
    this.problem = null;
  }

  async watch() {
    await this.look();
    setTimeout(() => this.watch(), EVERY_MS);
  }

  async look() {
    if (document.hidden && this.variants) return;
    try {
      const { variants, broken } = await api.variants();
      Object.assign(this, { variants, broken, problem: null });
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.problem = error;
    }
    this.onChange();
  }

  /** What to open when the address names nothing: a running variant, else one with pictures, else any. */
  get preferred() {
    const usable = (this.variants ?? []).filter((variant) => variant.state !== "unusable");
    const best = (test) => usable.find(test)?.id;
    return best((v) => v.state === "training") ?? best((v) => v.analysed > 0) ?? best(() => true) ?? null;
  }

  entry(id) {
    return this.variants?.find((variant) => variant.id === id) ?? null;
  }

  /** The variants as options of a selection. */
  get options() {
    const { variants } = this;
    if (this.optionsOf !== variants) {
      this.optionsOf = variants;
      const several = new Set(variants?.map(({ family }) => family)).size > 1;
      this.offered = (variants ?? []).map(({ id, family, label }) => ({ value: id, label: several ? `${family} · ${label}` : label }));
    }
    return this.offered;
  }

  offer(id) {
    if (this.variants !== null) controls.show("variant", id, this.options);
  }
}
