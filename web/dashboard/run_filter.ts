/**
 * Which runs have what somebody typed: conditions on columns ("p=31", "wd>0.5", "grokking epoch > 100", "tag=paper"), and
 * words. Nothing here draws.
 */
import { heading } from "./headings.ts";
import type { Row, Table, Value } from "./run_rows.ts";

type Test = (row: Row) => boolean;

const CONDITION = /^([^<>=!]+)(<=|>=|!=|=|<|>)(.*)$/;
const COMPARISON = /[<>=]/;
const HIDDEN = "hidden";

/** The test of a row. Runs that are hidden pass only where the text has the word "hidden". */
export function filterOf({ columns }: Table, text: string): Test {
  const wanted = wordsOf(columns, text.toLowerCase());
  const at = columns.indexOf(HIDDEN);
  const tests = wanted.filter((word) => word !== HIDDEN).map((word) => conditionOf(columns, word) ?? containing(word));
  const isWanted: Test = (row) => wanted.includes(HIDDEN) === (at >= 0 && row[at] !== null);
  return (row) => isWanted(row) && tests.every((test) => test(row));
}

/** Words of a filter that compare something, but no column that there is. */
export function wordsWithoutColumn(columns: readonly string[], text: string): string[] {
  return wordsOf(columns, text).filter((word) => COMPARISON.test(word) && !conditionOf(columns, word.toLowerCase()));
}

/** The words of a filter, each condition as one: without spaces, and with the name of a column in the place of its heading. */
function wordsOf(columns: readonly string[], text: string): string[] {
  const joined = text.replace(/\s+(<=|>=|!=|=|<|>)\s*/g, "$1").replace(/(<=|>=|<|>)\s+/g, "$1");
  const longestFirst = columns.toSorted((one, other) => heading(other).length - heading(one).length);
  const named = longestFirst.reduce((found, column) => withName(found, column), joined);
  return named.split(/\s+/).filter(Boolean);
}

/** A text with the name of a column in the place of its heading, where that is compared with something. */
function withName(text: string, column: string): string {
  const words = heading(column)
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll(" ", "\\s+");
  return text.replaceAll(new RegExp(`(^|\\s)${words}(?=[<>=!])`, "giu"), (_, before: string) => before + column.toLowerCase());
}

const containing =
  (word: string): Test =>
  (row) =>
    row.some((value) => textOf(value).includes(word));

/** null where it names no column. */
function conditionOf(columns: readonly string[], word: string): Test | null {
  const [, name = "", operator = "", value = ""] = CONDITION.exec(word) ?? [];
  const at = columnOf(columns, name);
  return at < 0 ? null : (row) => isSo(row[at] ?? null, operator, value);
}

/** The column of that name, or the first that begins with it or has its letters as initials: "wd" is weight_decay. */
export function columnOf(columns: readonly string[], name: string): number {
  if (!name) return -1;
  const exact = columns.findIndex((column) => column.toLowerCase() === name);
  if (exact >= 0) return exact;
  const initials = (column: string) => column.replaceAll(/([a-z0-9])[a-z0-9]*_?/gi, "$1").toLowerCase();
  const alike = columns.findIndex((column) => column.includes("_") && initials(column) === name);
  return alike >= 0 ? alike : columns.findIndex((column) => column !== "id" && column.toLowerCase().startsWith(name));
}

function isSo(value: Value, operator: string, wanted: string): boolean {
  const isNumber = typeof value === "number" && wanted !== "" && Number.isFinite(Number(wanted));
  const isEqual = isNumber ? value === Number(wanted) : wanted === "" ? value === null : textOf(value).includes(wanted);
  if (operator === "=") return isEqual;
  if (operator === "!=") return !isEqual;
  if (!isNumber) return false;
  const difference = value - Number(wanted);
  if (difference === 0) return operator.length === 2;
  return operator.startsWith(">") === difference > 0;
}

const textOf = (value: Value): string => String(value ?? "").toLowerCase();
