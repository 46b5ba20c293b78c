/** What the columns of the table of runs are called on the page. */
import * as texts from "../core/texts.ts";

/** "weight_decay" → "weight decay", "prime" → "modulus p", "lock_in_head_0" → "lock-in head 0". */
export const heading = (column: string): string =>
  texts.settings[column] ?? column.replace(/^lock_in_/, "lock-in_").replaceAll("_", " ");
