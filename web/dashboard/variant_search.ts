/** Variants that match what somebody types, in natural order. Nothing here draws. */

export type Setting = string | number;

/** What is searched of a variant. */
export interface Searched {
  readonly id: string;
  readonly family: string;
  readonly label: string;
  readonly state: string;
  readonly settings?: Readonly<Record<string, Setting>>;
}

/** By family: the letters that stand for settings in names, e.g. `{ p: "prime" }`. */
export type ShortNames = Readonly<Record<string, Readonly<Record<string, string>>>>;

const NUMBER_OR_TEXT = /\d+(?:\.\d+)?(?:e[-+]?\d+)?|\D+/gi;
const LETTERS_AND_NUMBER = /^([a-z_]+\d*_|[a-z_]+)(-?[\d.]+(?:e[-+]?\d+)?)$/;
const MOST_WORDS = 3; // of the name of a setting

/** The variants by their names, numbers as numbers: p5, p12, p31, p113; seed2 before seed10. */
export function ordered<T extends Searched>(variants: readonly T[]): T[] {
  const keyed = variants.map((variant) => ({ variant, key: parts(variant.id) }));
  return keyed.sort((one, other) => compared(one.key, other.key)).map(({ variant }) => variant);
}

const parts = (text: string): (string | number)[] =>
  (text.match(NUMBER_OR_TEXT) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));

function compared(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const [first, second] = [one[i], other[i]];
    if (first === second) continue;
    if (typeof first === "number" && typeof second === "number") return first - second;
    return String(first) < String(second) ? -1 : 1;
  }
  return one.length - other.length;
}

/**
 * Those of `variants` that have everything in `query`: settings ("p=31", "p31", "seed 1", "weight decay 0") and other words of
 * the name or state. Where no variant has the value of a setting, those count whose value begins like it.
 */
export function matching<T extends Searched>(variants: readonly T[], query: string, shortNames: ShortNames): T[] {
  const conditions = conditionsOf(query, namesOf(variants, shortNames));
  return conditions.reduce<readonly T[]>((found, condition) => {
    const exact = condition.name ? found.filter((variant) => has(variant, condition, shortNames, isEqual)) : [];
    if (exact.length) return exact;
    return found.filter((variant) => has(variant, condition, shortNames, beginsLike));
  }, variants) as T[];
}

/** A setting and its value, or only a word. */
interface Condition {
  readonly name: string | null;
  readonly value: string;
}

/** Everything that a setting of some variant is called. */
function namesOf(variants: readonly Searched[], shortNames: ShortNames): ReadonlySet<string> {
  const letters = Object.values(shortNames).flatMap((names) => Object.keys(names));
  const names = variants.flatMap(({ settings = {} }) => Object.keys(settings));
  return new Set([...letters, ...names].map((name) => name.toLowerCase()));
}

function conditionsOf(query: string, names: ReadonlySet<string>): Condition[] {
  const words = query
    .toLowerCase()
    .replace(/\s*=\s*/g, " ")
    .split(/[\s·,]+/)
    .filter(Boolean);
  const found: Condition[] = [];
  for (let at = 0; at < words.length; ) {
    const count = wordsOfName(words.slice(at), names);
    if (count && at + count < words.length) {
      found.push({ name: words.slice(at, at + count).join("_"), value: words[at + count] });
      at += count + 1;
    } else found.push(conditionOf(words[at++], names));
  }
  return found;
}

/** How many words from the first on are the name of a setting, which may be "weight decay"; 0 where none are. */
function wordsOfName(words: readonly string[], names: ReadonlySet<string>): number {
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count--) {
    if (names.has(words.slice(0, count).join("_"))) return count;
  }
  return 0;
}

/** "p31" is a setting, where there is one that is called "p"; any other word is a word. */
function conditionOf(word: string, names: ReadonlySet<string>): Condition {
  const [, letters = "", value = ""] = LETTERS_AND_NUMBER.exec(word) ?? [];
  const name = letters.replace(/_$/, "");
  return names.has(name) ? { name, value } : { name: null, value: word };
}

type Comparison = (setting: Setting, value: string) => boolean;

const isEqual: Comparison = (setting, value) =>
  typeof setting === "number" ? value !== "" && setting === Number(value) : setting.toLowerCase() === value;
const beginsLike: Comparison = (setting, value) => String(setting).toLowerCase().startsWith(value);

function has(variant: Searched, { name, value }: Condition, shortNames: ShortNames, isSo: Comparison): boolean {
  const { id, family, label, state, settings = {} } = variant;
  if (name === null) return `${id} ${label} ${state}`.toLowerCase().includes(value);
  const setting = settings[shortNames[family]?.[name] ?? name];
  return setting !== undefined && isSo(setting, value);
}
