/** How a text breaks into lines, and what of it there is room for. Nothing here draws. */
import { common } from "../core/texts.ts";

/** The lines of a text in `room`, broken between words; a word alone may be wider. */
export function linesOf(text: string, room: number, widthOf: (text: string) => number): string[] {
  const [first, ...words] = text.split(" ");
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (widthOf(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The first of `parts`, and as many of those after it as there is `room` for beside it. */
export function asManyAsFit(parts: readonly string[], room: number, widthOf: (text: string) => number): string {
  for (let count = parts.length; count > 1; count--) {
    const text = common.join(parts.slice(0, count));
    if (widthOf(text) <= room) return text;
  }
  return parts[0];
}
