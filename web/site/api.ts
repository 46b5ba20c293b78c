/** What the page asks, answered from the files of a site. It stands in the place of dashboard/api.ts, see build.ts. */

import { frameOf, inflated } from "../core/cells.ts";
import type { Choices } from "../core/control_bar.ts";
import type { Arrival, Batch } from "../core/frame_cache.ts";
import { type Curve, shapeOf } from "../core/grids.ts";
import type { Described, Scales } from "../core/look.ts";
import type { Chart } from "../core/plots.ts";
import type { Scalar } from "../core/scalars.ts";
import * as texts from "../core/texts.ts";
import {
  ApiError,
  type Deleted,
  type Detail,
  type DType,
  type Glance,
  type RunTable,
  type VariantList,
  type Wanted,
} from "../dashboard/api.ts";
import { ChunkFile } from "./chunk_file.ts";

export type * from "../dashboard/api.ts";
export { ApiError };

const KEPT_CHUNKS = 64;

/** The pictures of one view with one choice of values, as dashboard/site/parts.py writes them. */
interface Part {
  readonly choices: Choices;
  readonly subject: string;
  /** Per epoch; empty where all have the same. */
  readonly subjects: readonly string[];
  readonly epochs: readonly number[];
  readonly grids: Described | null;
  readonly lines?: readonly Chart[];
  readonly span: readonly [low: number, high: number];
  readonly hasGaps: boolean;
  readonly overlays: readonly (readonly Curve[])[];
  readonly perChunk: number;
  readonly chunks: readonly (readonly [start: number, length: number])[];
  readonly cells: string;
  readonly exact: string | null;
}

const documents = new Map<string, Promise<unknown>>();
const files = new Map<string, ChunkFile>();
const chunks = new Map<string, Promise<Uint8Array>>();

export async function variants(tag: string): Promise<{ list: VariantList; tag: string } | null> {
  return tag ? null : { list: await json("data/variants.json"), tag: "site" };
}

export const variant = (id: string): Promise<Detail> => json(`${folder(id)}/run.json`);
export const colors = (): Promise<Scales> => json("data/colors.json");

export async function runs(tag: string): Promise<{ table: RunTable; tag: string } | null> {
  return tag ? null : { table: await json("data/runs.json"), tag: "site" };
}

export const glance = (id: string): Promise<Glance> => json(`${folder(id)}/glance.json`);
export const trash = async (): Promise<readonly Deleted[]> => [];

export async function losses(id: string, from: number): Promise<Float32Array> {
  const answer = await ask(`${folder(id)}/losses.f32`);
  return new Float32Array(await answer.arrayBuffer()).subarray(2 * from);
}

export const scalars = async (id: string): Promise<readonly Scalar[]> =>
  (await json<{ scalars: readonly Scalar[] }>(`${folder(id)}/scalars.json`)).scalars;

export async function frames(id: string, wanted: Wanted, epochs: readonly number[], dtype: DType): Promise<Batch> {
  if (dtype === "float32") return { arrivals: [], failed: new Map(), shared: null }; // exact values are downloaded
  const part = (await partsOf(id, wanted.view)).find(({ choices }) => isSame(choices, wanted.choices));
  if (!part) return { arrivals: [], failed: new Map(epochs.map((epoch) => [epoch, texts.site.notHere])), shared: null };
  const arrivals = await Promise.all(epochs.map((epoch) => arrivalOf(id, part, epoch, wanted.panel)));
  const grids = part.grids && wanted.panel !== null ? only(part.grids, wanted.panel) : part.grids;
  return { arrivals, failed: new Map(), shared: { subject: part.subject, grids } };
}

export async function jobLog(): Promise<string> {
  throw new ApiError(texts.site.noJobs);
}

export async function python(): Promise<string> {
  throw new ApiError(texts.site.noPython);
}

export async function file(): Promise<{ name: string; blob: Blob }> {
  throw new ApiError(texts.site.noFiles);
}

/** Where the exact values of a picture lie; null where the site has none. Without a view it is the first with grids. */
export async function exactOf(id: string, view: string | null, options: Choices): Promise<string | null> {
  const all = await json<Record<string, readonly Part[]>>(`${folder(id)}/frames.json`);
  const parts = all[view ?? ""] ?? Object.values(all).find(([first]) => first?.grids) ?? [];
  const defaults = parts[0]?.choices ?? {};
  const chosen = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, options[name] ?? value]));
  const exact = parts.find(({ choices }) => isSame(choices, chosen))?.exact;
  return exact ? `${folder(id)}/${exact}` : null;
}

const partsOf = async (id: string, view: string): Promise<readonly Part[]> =>
  (await json<Record<string, readonly Part[]>>(`${folder(id)}/frames.json`))[view] ?? [];

const isSame = (one: Choices, other: Choices): boolean =>
  Object.entries(one).every(([name, value]) => (other[name] ?? value) === value);

async function arrivalOf(id: string, part: Part, epoch: number, panel: number | null): Promise<Arrival> {
  const index = part.epochs.indexOf(epoch);
  const [stamp, subject] = [String(epoch), part.subjects[index]];
  if (part.grids === null) {
    const { lines = [] } = part;
    return { epoch, frame: lines[Math.min(index, lines.length - 1)], stamp, subject, extent: null };
  }
  const { rows, columns } = shapeOf({ ...part.grids, origin: "upper" });
  const [all, one] = [part.grids.titles.length * rows * columns, rows * columns];
  const steps = await chunkOf(id, part, Math.floor(index / part.perChunk), all);
  const start = (index % part.perChunk) * all;
  const mine =
    panel === null ? steps.subarray(start, start + all) : steps.subarray(start + panel * one, start + (panel + 1) * one);
  const frame = frameOf(mine, part.span, part.hasGaps);
  const curves = part.overlays.length ? { curves: part.overlays[index] } : {};
  return { epoch, frame: { ...frame, ...curves }, stamp, subject, extent: extentOf(mine, part) };
}

function extentOf(steps: Uint8Array, { span: [low, high], hasGaps }: Part): readonly [number, number] | null {
  const top = hasGaps ? 254 : 255;
  const known = hasGaps ? steps.filter((step) => step <= top) : steps;
  if (!known.length) return null;
  const [least, most] = known.reduce(([one, other], step) => [Math.min(one, step), Math.max(other, step)], [top, 0]);
  return [low + (least / top) * (high - low), low + (most / top) * (high - low)];
}

/** The steps of a chunk; those used least recently are let go. */
function chunkOf(id: string, part: Part, number: number, size: number): Promise<Uint8Array> {
  const url = `${folder(id)}/${part.cells}`;
  const key = `${url} ${number}`;
  const found = chunks.get(key) ?? readChunk(url, part.chunks[number], size);
  chunks.delete(key);
  chunks.set(key, found);
  const [oldest] = chunks.keys();
  if (chunks.size > KEPT_CHUNKS) chunks.delete(oldest);
  return found;
}

async function readChunk(url: string, [start, length]: Part["chunks"][number], size: number): Promise<Uint8Array> {
  const source = files.get(url) ?? new ChunkFile(url);
  files.set(url, source);
  return inflated(await source.read(start, length), size);
}

const only = (grids: Described, panel: number): Described => ({
  ...grids,
  titles: [grids.titles[panel]],
  ...(grids.groups ? { groups: [grids.groups[panel] ?? 0] } : {}),
});

const folder = (id: string): string => `data/${id.split("/").map(encodeURIComponent).join("/")}`;

function json<T>(url: string): Promise<T> {
  const found = documents.get(url) ?? ask(url).then((answer) => answer.json());
  documents.set(url, found);
  return found as Promise<T>;
}

async function ask(url: string): Promise<Response> {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) throw new ApiError(texts.api.unreadable(url), answer === null);
  return answer;
}
