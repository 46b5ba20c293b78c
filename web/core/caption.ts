/** Whether the line above a panel has room for its title and the words of a cell. Nothing here draws. */
import { type Axis, type Grids, placeWords } from "./grids.ts";
import type { Gutter, Size } from "./layout.ts";

const TITLE_LETTER = 7.6; // pixels of a letter of a title, about
const WORD_LETTER = 6.6; // and of the words of a cell
const GAP = 10; // between title and words; the same in heat_map.css
const VALUE = "-0.0000"; // the longest that most values are
const BUTTON = 84; // the way back from one panel to all, with its gaps

/** How panels stand: `columns` of them side by side, centred in `width`. */
export interface Standing {
  readonly columns: number;
  readonly panel: Size;
  readonly gutter: Gutter;
  readonly gap: number;
  readonly width: number;
}

/** The room for words above any of the panels, those over its neighbours included: at the left they run right, and back. */
export function wordsRoom({ columns, panel, gutter, gap, width }: Standing): number {
  const across = gutter.left + panel.width + gutter.right + gap;
  const beside = columns - Math.floor((columns - 1) / 2); // the panel, and those on the side to which its words run
  const free = Math.max(width - (columns * across - gap), 0) / 2;
  return beside * across - gap + free;
}

/** Whether title and words of any cell have room in one line. */
export function isOneLine(grids: Grids, standing: Standing): boolean {
  const { axes, titles } = grids;
  const words = axes.map((axis) => `${axis.name} ${longest(axis)}`).join(", ").length + VALUE.length + 2;
  const needed = lettersOf(titles) * TITLE_LETTER + GAP + words * WORD_LETTER;
  return needed <= wordsRoom(standing) - standing.gutter.left;
}

/** Whether the title of one panel, the button beside it and a value have room in one line of `width` pixels. */
export const isValueBeside = (title: string, width: number): boolean =>
  title.length * TITLE_LETTER + BUTTON + VALUE.length * WORD_LETTER <= width;

const lettersOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));

function longest(axis: Axis): string {
  const places = axis.ticks ?? [placeWords(axis, axis.size - 1)];
  return places.reduce((one, other) => (other.length > one.length ? other : one), "");
}
