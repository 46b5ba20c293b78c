/** Rows of the table of runs: which columns matter, in which order, and what is written. Nothing here draws. */
import { epochWords, lossWords, valueWords } from "../core/format.ts";
import { filterOf } from "./run_filter.ts";

export type Value = string | number | null;

/** A run: one value per column. */
export type Row = readonly Value[];

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

const NAMES = ["id", "family", "run", "label", "tags", "hidden"];
const UNSEEN = ["id", "label", "hidden"]; // the label stands in the place of the name
const COUNTS = /^(epoch|grokking_epoch|lock_in_.*)$/;

/** The order that the address states: a column, with "-" before it where the largest come first. */
export function orderOf(sort: string | null): Order | null {
  if (sort === null) return null;
  return sort.startsWith("-") ? { column: sort.slice(1), isDescending: true } : { column: sort, isDescending: false };
}

/** The values of a column. */
export function valuesOf({ columns, rows }: Table, column: string): Value[] {
  const at = columns.indexOf(column);
  return rows.map((row) => row[at] ?? null);
}

/** The label that a user has given to the run of a row; null without one. */
export const givenLabel = (table: Table, row: number): string | null =>
  String(table.rows[row][table.columns.indexOf("label")] ?? "") || null;

/** What a run is called: its label, or its name. */
export const calledAs = (table: Table, row: number): string =>
  givenLabel(table, row) ?? String(table.rows[row][table.columns.indexOf("run")]);

/** What stands in the column of names: the label of a run, or its name without that of its family. */
export function nameInTable({ columns }: Pick<Table, "columns">, row: Row): string {
  const text = (column: string) => String(row[columns.indexOf(column)] ?? "");
  return text("label") || text("run").replace(`${text("family")}_`, "");
}

/** Those of the rows whose run can be read. */
export function usable(table: Table, rows: readonly number[]): number[] {
  const states = valuesOf(table, "state");
  return rows.filter((row) => states[row] !== "unusable");
}

/** The columns to show, and those that have the same in all rows: they say nothing that tells runs apart. */
export function split(table: Table): { shown: string[]; same: string[] } {
  const same = table.columns.filter((column) => isSame(table, column));
  const shown = table.columns.filter((column) => !UNSEEN.includes(column) && !same.includes(column));
  return { shown: shown.includes("run") ? shown : ["run", ...shown], same };
}

function isSame(table: Table, column: string): boolean {
  if (NAMES.includes(column) && column !== "family") return false;
  const values = new Set(valuesOf(table, column));
  return values.size <= 1 && (table.rows.length > 1 || values.has(null));
}

/** Whether a column has two values that differ; what is not known is no value. */
export const isVaried = (table: Table, column: string): boolean =>
  new Set(valuesOf(table, column).filter((value) => value !== null)).size > 1;

/** Columns that hold nothing but numbers, of which there is one at least. */
export function numeric(table: Table): string[] {
  return table.columns.filter((column) => {
    const known = valuesOf(table, column).filter((value) => value !== null);
    return known.length > 0 && known.every((value) => typeof value === "number");
  });
}

/** Whether a column says how a run came out, or where it stands. */
export const isOutcome = (column: string): boolean => /epoch|_loss$|^(lock_in|frequency)_/.test(column);

/** Indices of the rows that a filter leaves, in this order. What is not known comes last. */
export function arranged(table: Table, order: Order | null, text: string): number[] {
  const isWanted = filterOf(table, text);
  const found = table.rows.flatMap((row, index) => (isWanted(row) ? [index] : []));
  const at = order ? table.columns.indexOf(order.column) : -1;
  if (!order || at < 0) return found;
  const seen = (row: number) => (order.column === "run" ? nameInTable(table, table.rows[row]) : table.rows[row][at]);
  return found.sort((one, other) => compared(seen(one), seen(other), order.isDescending) || one - other);
}

function compared(one: Value, other: Value, isDescending: boolean): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const [first, second] = isDescending ? [other, one] : [one, other];
  if (typeof first === "number" && typeof second === "number") return first - second;
  return String(first).localeCompare(String(second), "en", { numeric: true });
}

/** A value as it is read: losses with two digits, epochs with commas. */
export function words(column: string, value: Value): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (column.endsWith("_loss")) return lossWords(value);
  return COUNTS.test(column) ? epochWords(value) : valueWords(value);
}
