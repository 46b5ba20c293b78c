/** Numbers as researchers read them; the Python side says the same, see tests/data/web. */

const NOT_KNOWN = "–";

/** 10400 → "10,400". */
const whole = new Intl.NumberFormat("en-US");

export const epochWords = (epoch: number): string => whole.format(epoch);

/** Two digits: "1.6e-7", "0.11"; a dash where it is not known. */
export function lossWords(loss: number | null): string {
  if (loss === null || !Number.isFinite(loss)) return NOT_KNOWN;
  if (loss === 0) return "0.0";
  const [mantissa, power] = scientific(loss, 2);
  return power >= -3 && power < 2 ? fixed(loss, 2, power) : `${mantissa}e${power}`;
}

/** Up to `digits` digits, without zeros at the end: "0.123456", "3.2e-7", "1e6". */
export function valueWords(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return NOT_KNOWN;
  if (value === 0) return "0";
  const [mantissa, power] = scientific(value, digits);
  if (power >= -4 && power < digits) return trimmed(fixed(value, digits, power));
  return `${trimmed(mantissa)}e${power}`;
}

/** A number that is known to one `step`, with the decimals which that gives: 0.5 at 1/255 → "0.50". */
export function quantisedWords(value: number, step: number): string {
  if (!Number.isFinite(value)) return NOT_KNOWN;
  const decimals = step > 0 ? Math.floor(-Math.log10(step)) : 0;
  const words = value.toFixed(Math.min(Math.max(decimals, 0), 20));
  return Number(words) === 0 ? words.replace("-", "") : words; // -0.00001 at 1/65535 is no number below zero
}

/** A power of ten on a log axis: "0.01", "100", "1e-7". */
export const powerWords = (power: number): string => (power > -3 && power < 3 ? String(10 ** power) : `1e${power}`);

/** Says so where all values are the same: the causal mask fixes some pairs of positions. */
export const constantWords = (extent: readonly [low: number, high: number] | null): string =>
  extent !== null && extent[0] === extent[1] ? `always ${valueWords(extent[0])}` : "";

/** Mantissa and power of ten after rounding to `digits` digits. */
function scientific(value: number, digits: number): [mantissa: string, power: number] {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  return [mantissa, Number(power)];
}

const fixed = (value: number, digits: number, power: number): string => value.toFixed(Math.max(digits - 1 - power, 0));

const trimmed = (number: string): string => (number.includes(".") ? number.replace(/\.?0+$/, "") : number);
