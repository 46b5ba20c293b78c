/** How a text breaks into lines. Nothing here draws. */

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
