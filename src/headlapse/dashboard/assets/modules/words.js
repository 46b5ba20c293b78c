/* Numbers as researchers read them; the Python side has the same in visualization/words.py. */

export const epochWords = (epoch) => epoch.toLocaleString("en-US");

/** 1.6e-7, 0.11; a dash where it is not known. */
export function lossWords(loss) {
  if (!Number.isFinite(loss)) return "–";
  const size = Math.abs(loss);
  if (size === 0) return "0.0";
  if (size >= 0.001 && size < 100) return loss.toPrecision(2);
  return loss.toExponential(1);
}
