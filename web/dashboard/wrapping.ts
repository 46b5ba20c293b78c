/** How a text breaks into lines. Nothing here draws. */

/** How many lines a text takes in `room`, broken between words; Infinity where a word alone is wider. */
export function linesOf(text: string, room: number, widthOf: (text: string) => number): number {
  const words = text.split(" ");
  if (words.some((word) => widthOf(word) > room)) return Infinity;
  let [lines, line] = [1, words[0]];
  for (const word of words.slice(1)) {
    const longer = `${line} ${word}`;
    const hasRoom = widthOf(longer) <= room;
    if (!hasRoom) lines++;
    line = hasRoom ? longer : word;
  }
  return lines;
}
