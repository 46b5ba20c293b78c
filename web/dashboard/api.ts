/** What the server is asked. Every failure is an ApiError in words; `isOffline` tells that nobody answered. */

import { addUp } from "../core/cells.ts";
import type { Control } from "../core/control_bar.ts";
import type { Arrival, Batch } from "../core/frame_cache.ts";
import type { Curve as Overlay, Range, Values } from "../core/grids.ts";
import type { Mark } from "../core/lines.ts";
import type { Described, Scales } from "../core/look.ts";
import type { Curve, LossesByEpoch } from "../core/losses.ts";
import type { Chart } from "../core/plots.ts";
import type { Scalar } from "../core/scalars.ts";
import * as texts from "../core/texts.ts";
import { folder } from "./folder.ts";
import type { Table } from "./run_rows.ts";
import type { Facts } from "./story.ts";
import type { ShortNames } from "./variant_search.ts";

const NOT_MODIFIED = 304;

export class ApiError extends Error {
  readonly isOffline: boolean;

  constructor(message: string, isOffline = false) {
    super(message);
    this.isOffline = isOffline;
  }
}

/** One row of the list of variants. */
export interface Entry {
  readonly id: string;
  readonly family: string;
  readonly label: string;
  readonly state: string;
  readonly analysed: number;
  readonly problem: string;
  readonly settings?: Readonly<Record<string, string | number>>;
  /** In nats, where the run stands; null where it is not known. */
  readonly train_loss?: number | null;
  readonly test_loss?: number | null;
}

export interface VariantList {
  readonly variants: readonly Entry[];
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
  /** The command that starts this server. */
  readonly command: string;
  readonly short_names: ShortNames;
}

/** One view of a variant: what it needs to be drawn, or the problem why it cannot. */
export interface Panel {
  readonly view: string;
  readonly title: string;
  readonly problem?: string;
  /** If the problem is that its analyzer has not run, which runs only when it is asked for: the line that runs it. */
  readonly command?: string;
  readonly shows?: "grids" | "lines" | "figure";
  /** Whether all epochs show the same, since it tells of all. */
  readonly isOfRun?: boolean;
  /** Whether frames are computed from weights when they are asked for, which takes a while. */
  readonly isComputed?: boolean;
  readonly epochs?: readonly number[];
  readonly stamps?: readonly string[];
  /** The names of its panels, which are the heads of all layers in most views. */
  readonly heads?: readonly string[];
  /** The longest side of its grids, in cells. */
  readonly cells?: number;
  readonly controls?: readonly Control[];
}

/** What somebody noted on a run. */
export interface Notes {
  readonly label: string;
  readonly tags: readonly string[];
  readonly is_hidden: boolean;
  readonly epochs: Readonly<Record<string, string>>;
}

/** All about a variant except its arrays and losses. */
export interface Detail {
  readonly id: string;
  readonly name: string;
  readonly family: { readonly name: string; readonly title: string };
  readonly label: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly state: string;
  readonly problem?: string;
  readonly epochs: readonly number[];
  readonly analysed: number;
  readonly unanalysed: readonly string[];
  readonly panels: readonly Panel[];
  readonly marks: readonly Mark[];
  /** What somebody noted; `notes_problem` says why that cannot be read. */
  readonly notes?: Notes;
  readonly notes_problem?: string;
  readonly losses: number;
  /** Changes whenever a scalar does that is no loss; empty where there is none. */
  readonly scalars: string;
  readonly losses_problem: string;
  /** The epoch at which it groks; null where it does not, or where that is not known. */
  readonly grokked_at?: number | null;
  /** What the line under the heads is made of. */
  readonly story?: Facts;
  readonly checkpoint_losses?: LossesByEpoch | null;
}

/** The list of variants and its tag; null where it is still that of `tag`. */
export async function variants(tag: string): Promise<{ list: VariantList; tag: string } | null> {
  const found = await changed<VariantList>("data/variants", tag);
  return found && { list: found.content, tag: found.tag };
}

export const variant = async (id: string): Promise<Detail> => {
  if (!/^[^/]+\/[^/]+$/.test(id)) throw new ApiError(texts.api.noVariant(id));
  return json(`data/variants/${path(id)}`);
};
/** Runs as rows; `left` are not ready yet. */
export interface RunTable extends Table {
  readonly left: number;
}

/** The table of runs and its tag; null where it is still that of `tag`. */
export async function runs(tag: string): Promise<{ table: RunTable; tag: string } | null> {
  const found = await changed<RunTable>("data/runs", tag);
  return found && { table: found.content, tag: found.tag };
}

/** A run at a glance, as dashboard/glances.py describes it. */
export interface Glance {
  readonly train: Curve;
  readonly test: Curve;
  readonly strip: Strip | null;
}

/** One panel at a few epochs: steps of the range of the colours. */
export interface Strip {
  readonly subject: string;
  readonly epochs: readonly number[];
  readonly size: readonly [rows: number, columns: number];
  readonly hasGaps: boolean;
  /** uint8 `(frame, row, column)` as base64. */
  readonly cells: string;
}

export const glance = (id: string): Promise<Glance> => json(`data/glances/${path(id)}`);

/** A run in the trash; `token` names it there. */
export interface Deleted {
  readonly token: string;
  readonly family: string;
  readonly run: string;
  readonly label: string;
}

export const trash = async (): Promise<readonly Deleted[]> => (await json<{ runs: readonly Deleted[] }>("data/trash")).runs;

export const colors = (): Promise<Scales> => json("data/colors");

/** Pairs (train, test) of losses from epoch `from` on, one after the other. */
export async function losses(id: string, from: number): Promise<Float32Array> {
  return new Float32Array(await binary(`data/losses/${path(id)}?from=${from}`));
}

/** All scalars but the losses. */
export const scalars = async (id: string): Promise<readonly Scalar[]> =>
  (await json<{ scalars: readonly Scalar[] }>(`data/scalars/${path(id)}`)).scalars;

/** Which frames: of a view with values of its controls, as many cells a side as `size` at most, of all panels or one. */
export interface Wanted {
  readonly view: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly size: number | null;
  readonly panel: number | null;
}

/** How values come: as steps, of which the larger have 16 bits, or as the exact numbers. */
export type DType = "uint8" | "uint16" | "float32";

/** Frames of a view. */
export async function frames(
  id: string,
  { view, choices, size, panel }: Wanted,
  epochs: readonly number[],
  dtype: DType,
  signal: AbortSignal,
): Promise<Batch> {
  const near = epochs.toSorted((one, other) => one - other); // so that differences between them are small
  const query = new URLSearchParams({ ...choices, view, epochs: near.join(","), dtype, coding: "difference" });
  if (size !== null) query.set("size", String(size));
  if (panel !== null) query.set("panels", String(panel));
  return unpack(await binary(`data/frames/${path(id)}?${query}`, signal));
}

/** The end of what the process of a job said. */
export const jobLog = async (job: string): Promise<string> => (await ask(`data/jobs/${encodeURIComponent(job)}/log`)).text();

/** A file that the server draws, of a run or "compared", and its name. */
export async function file(of: string, query: Readonly<Record<string, string>>): Promise<{ name: string; blob: Blob }> {
  const answer = await ask(`export/${path(of)}?${new URLSearchParams(query)}`);
  const name = /filename="([^"]*)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "headlapse";
  return { name, blob: await answer.blob() };
}

/** The Python that draws what `query` asks for. */
export const python = async (of: string, query: Readonly<Record<string, string>>): Promise<string> =>
  (await ask(`data/python/${path(of)}?${new URLSearchParams(query)}`)).text();

interface Header {
  readonly epochs: readonly number[];
  readonly stamps: readonly string[];
  readonly failed: Readonly<Record<string, { readonly error: string }>>;
  readonly subject?: string;
  readonly subjects?: readonly string[];
  readonly lines?: readonly Chart[];
  readonly grids?: Described;
  readonly block?: readonly [rows: number, columns: number];
  readonly dtype?: DType;
  readonly coding?: "plain" | "difference";
  /** What uint8 steps span. */
  readonly span?: Range;
  readonly shape?: readonly number[];
  readonly ranges?: readonly (Range | null)[];
  readonly curves?: readonly (readonly Overlay[])[];
}

/** The parts of an answer, as dashboard/frames.py describes it. */
export function unpack(buffer: ArrayBuffer): Batch {
  const size = new DataView(buffer).getUint32(0, true);
  const header: Header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const failed = Object.entries(header.failed).map(([epoch, { error }]) => [Number(epoch), error] as const);
  const described = header.grids && { ...header.grids, ...(header.block ? { block: header.block } : {}) };
  const shared = header.subject === undefined ? null : { subject: header.subject, grids: described ?? null };
  return { arrivals: [...arrivals(header, buffer, 4 + size)], failed: new Map(failed), shared };
}

function* arrivals(header: Header, buffer: ArrayBuffer, start: number): Generator<Arrival> {
  const { shape = [], grids, lines, ranges = [], curves, subjects = [] } = header;
  const count = shape.reduce((product, n) => product * n, 1);
  const all = grids ? valuesOf(header, buffer, start, count) : new Uint8Array();
  for (const [i, epoch] of header.epochs.entries()) {
    const moment = { epoch, stamp: header.stamps[i], subject: subjects[i] };
    if (lines) yield { ...moment, frame: lines[i], extent: null };
    if (!grids) continue;
    const values = all.subarray(i * count, (i + 1) * count);
    const frame = { values, range: header.span ?? grids.range, ...(curves ? { curves: curves[i] } : {}) };
    yield { ...moment, frame, extent: ranges[i] ?? null };
  }
}

/** The values of all frames, `count` each. */
function valuesOf({ dtype, coding, epochs }: Header, buffer: ArrayBuffer, start: number, count: number): Values {
  if (dtype === "float32") return new Float32Array(buffer, start);
  const steps = dtype === "uint8" ? new Uint8Array(buffer, start) : new Uint16Array(buffer, start, count * epochs.length);
  if (coding === "difference") addUp(steps, count);
  return steps;
}

const path = (id: string): string => id.split("/").map(encodeURIComponent).join("/");
const json = async <T>(url: string): Promise<T> => (await ask(url)).json();
const binary = async (url: string, signal?: AbortSignal): Promise<ArrayBuffer> =>
  (await ask(url, signal ? { signal } : {})).arrayBuffer();

/** What has another tag now; null where it is still that of `tag`. */
async function changed<T>(url: string, tag: string): Promise<{ content: T; tag: string } | null> {
  const answer = await ask(url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  return answer.status === NOT_MODIFIED ? null : { content: await answer.json(), tag: answer.headers.get("ETag") ?? "" };
}

async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(folder + url, options).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(texts.api.noAnswer, true);
  });
  if (answer.ok || answer.status === NOT_MODIFIED) return answer;
  const problem: { error: string } = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
  throw new ApiError(problem.error);
}
