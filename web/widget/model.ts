/** The model that anywidget shares with the kernel; notebook/widget.py says what the traits are. */
import type { Grids } from "../core/grids.ts";
import type { Curve } from "../core/losses.ts";

/** Train and test loss at an epoch; null is not known. */
export type Moment = readonly [epoch: number, train: number | null, test: number | null];

export interface Traits {
  readonly index: number;
  readonly choice: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly moments: readonly Moment[];
  readonly curves: { readonly train: Curve; readonly test: Curve };
  readonly setting: { readonly subject: string; readonly grids: Grids };
  readonly table: DataView;
  readonly frame: DataView;
  readonly problem: string;
}

type Event = "change:frame" | "change:choice";

export interface Model {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends "index" | "choice">(name: Name, value: Traits[Name]): void;
  save_changes(): void;
  on(event: Event, listener: () => void): void;
  off(event: Event, listener: () => void): void;
}

/** The bytes of a trait from `offset` on. */
export function bytesOf(view: DataView, offset = 0): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, view.byteLength - offset);
}
