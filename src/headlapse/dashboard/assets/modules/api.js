/* What the server is asked. Every failure is an ApiError in words; `offline` tells that nobody answered. */

export class ApiError extends Error {
  constructor(message, offline = false, state = "failed") {
    super(message);
    this.offline = offline;
    this.state = state;
  }
}

export const variants = () => json("/data/variants");
export const variant = (id) => json(`/data/variants/${path(id)}`);
export const colors = () => json("/data/colors");

/** Float32Array of (train, test) pairs from epoch `from` on. */
export async function losses(id, from) {
  return new Float32Array(await binary(`/data/losses/${path(id)}?from=${from}`));
}

/** Frames of one position pair: `{header, frames}`, one typed array per entry of `header.epochs`. */
export async function frames(id, pair, epochs, dtype = "uint16", signal = undefined) {
  const query = `to=${pair.to}&from=${pair.from}&epochs=${epochs.join(",")}&dtype=${dtype}`;
  return unpack(await binary(`/data/frames/${path(id)}?${query}`, signal));
}

/** A file that the server draws, and its name. */
export async function file(id, query) {
  const answer = await ask(`/export/${path(id)}?${new URLSearchParams(query)}`);
  const name = /filename="([^"]*)"/.exec(answer.headers.get("Content-Disposition"))[1];
  return { name, blob: await answer.blob() };
}

function unpack(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const Kind = header.dtype === "float32" ? Float32Array : Uint16Array;
  let offset = 4 + size;
  const frames = header.shapes.map((shape) => {
    const frame = new Kind(buffer, offset, shape.reduce((product, n) => product * n, 1));
    offset += frame.byteLength;
    return frame;
  });
  return { header, frames };
}

const path = (id) => id.split("/").map(encodeURIComponent).join("/");
const json = async (url) => (await ask(url)).json();
const binary = async (url, signal) => (await ask(url, signal)).arrayBuffer();

async function ask(url, signal = undefined) {
  let answer;
  try {
    answer = await fetch(url, { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("The server does not answer.", true);
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
  throw new ApiError(problem.error, false, problem.state);
}
