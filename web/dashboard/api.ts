/** What the server is asked. Every failure is an ApiError in words; `isOffline` tells that nobody answered. */
import type { Stops } from "../core/colors.ts";
import type { Arrival, Batch } from "../core/frame_cache.ts";
import type { Axis, Range } from "../core/grids.ts";
import type { Mark } from "../core/lines.ts";
import type { LossesByEpoch } from "../core/losses.ts";

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
}

export interface VariantList {
  readonly variants: readonly Entry[];
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
}

export interface Option {
  readonly value: string;
  readonly label: string;
  /** The renderer's keywords. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Control {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
}

/** One view of a variant: what it needs to be drawn, or the problem why it cannot. */
export interface Panel {
  readonly view: string;
  readonly title: string;
  readonly problem?: string;
  readonly painted?: boolean;
  readonly epochs?: readonly number[];
  readonly stamps?: readonly string[];
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** The names of the heads, of all layers. */
  readonly heads?: readonly string[];
  /** What the inputs enumerate. */
  readonly axes?: readonly Axis[];
  readonly controls?: readonly Control[];
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
  readonly losses: number;
  readonly losses_problem: string;
  readonly checkpoint_losses?: LossesByEpoch | null;
}

export interface Scales {
  readonly stops: Readonly<Record<string, Stops>>;
  readonly sequential: string;
  readonly diverging: string;
}

export const variants = (): Promise<VariantList> => json("/data/variants");
export const variant = (id: string): Promise<Detail> => json(`/data/variants/${path(id)}`);
export const colors = (): Promise<Scales> => json("/data/colors");

/** Pairs (train, test) of losses from epoch `from` on, one after the other. */
export async function losses(id: string, from: number): Promise<Float32Array> {
  return new Float32Array(await binary(`/data/losses/${path(id)}?from=${from}`));
}

/** Which position attends to which. */
export interface Pair {
  readonly to: number;
  readonly from: number;
}

/** Frames of one position pair: as 16-bit steps, or the exact float32 numbers. */
export async function frames(
  id: string,
  { to, from }: Pair,
  epochs: readonly number[],
  isExact: boolean,
  signal: AbortSignal,
): Promise<Batch> {
  const query = `to=${to}&from=${from}&epochs=${epochs.join(",")}&dtype=${isExact ? "float32" : "uint16"}`;
  return unpack(await binary(`/data/frames/${path(id)}?${query}`, signal));
}

/** A file that the server draws, and its name. */
export async function file(id: string, query: Record<string, string>): Promise<{ name: string; blob: Blob }> {
  const answer = await ask(`/export/${path(id)}?${new URLSearchParams(query)}`);
  const name = /filename="([^"]*)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "headlapse";
  return { name, blob: await answer.blob() };
}

interface Header {
  readonly dtype: "float32" | "uint16";
  readonly epochs: readonly number[];
  readonly shapes: readonly (readonly number[])[];
  readonly stamps: readonly string[];
  readonly ranges: readonly Range[];
  readonly failed: Readonly<Record<string, { readonly error: string }>>;
}

const STEPS_SPAN: Range = [0, 1]; // of 16-bit frames

function unpack(buffer: ArrayBuffer): Batch {
  const size = new DataView(buffer).getUint32(0, true);
  const header: Header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const Kind = header.dtype === "float32" ? Float32Array : Uint16Array;
  let offset = 4 + size;
  const arrivals = header.epochs.map((epoch, i): Arrival => {
    const count = header.shapes[i].reduce((product, n) => product * n, 1);
    const values = new Kind(buffer, offset, count);
    offset += values.byteLength;
    return { epoch, frame: { values, range: STEPS_SPAN }, stamp: header.stamps[i], extent: header.ranges[i] };
  });
  const failed = Object.entries(header.failed).map(([epoch, { error }]) => [Number(epoch), error] as const);
  return { arrivals, failed: new Map(failed) };
}

const path = (id: string): string => id.split("/").map(encodeURIComponent).join("/");
const json = async <T>(url: string): Promise<T> => (await ask(url)).json();
const binary = async (url: string, signal?: AbortSignal): Promise<ArrayBuffer> => (await ask(url, signal)).arrayBuffer();

async function ask(url: string, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(url, signal ? { signal } : {}).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server does not answer.", true);
  });
  if (answer.ok) return answer;
  const problem: { error: string } = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
  throw new ApiError(problem.error);
}
