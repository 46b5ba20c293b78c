/** The model that anywidget shares with the kernel; notebook/widget.py says what the traits are. */
import type { Control } from "../core/control_bar.ts";
import type { Mark } from "../core/lines.ts";
import type { Described, Scales } from "../core/look.ts";
import type { Curve } from "../core/losses.ts";
import type { Chart } from "../core/plots.ts";
import type { Scalar } from "../core/scalars.ts";

/** Train and test loss at an epoch; null is not known. */
export type Moment = readonly [epoch: number, train: number | null, test: number | null];

export interface Setting {
  readonly subject: string;
  readonly grids: Described | null;
  readonly lines: Chart | null;
}

export interface Traits {
  readonly index: number;
  readonly choices: Readonly<Record<string, string>>;
  readonly controls: readonly Control[];
  readonly scales: Scales;
  readonly moments: readonly Moment[];
  readonly curves: { readonly train: Curve; readonly test: Curve };
  readonly marks: readonly Mark[];
  readonly scalars: readonly Scalar[];
  /** Least and largest value of all epochs, where the choices ask for it; else empty. */
  readonly range: readonly number[];
  readonly setting: Setting;
  readonly frame: DataView;
  readonly problem: string;
}

type Event = "change:frame" | "change:choices";

export interface Model {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends "index" | "choices">(name: Name, value: Traits[Name]): void;
  save_changes(): void;
  on(event: Event, listener: () => void): void;
  off(event: Event, listener: () => void): void;
}

/** The numbers of a frame, from `offset` bytes on. */
export function numbersOf(view: DataView, offset: number): Float32Array {
  return new Float32Array(view.buffer.slice(view.byteOffset + offset, view.byteOffset + view.byteLength));
}
