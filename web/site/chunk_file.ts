/** A file of chunks on a static host: read by range, or as it comes where the host does not know of ranges. */
import * as texts from "../core/texts.ts";
import { ApiError } from "../dashboard/api.ts";

const PARTIAL = 206;

export class ChunkFile {
  readonly #url: string;
  #first: Promise<unknown> | null = null;
  #whole: Stream | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /** `length` bytes from `start` on. Throws an `ApiError` where they are not to be had. */
  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#first) await this.#first.catch(() => {}); // which tells whether the host knows of ranges
    if (this.#whole) return this.#whole.read(start, length);
    const asked = this.#ask(start, length);
    this.#first ??= asked;
    return asked;
  }

  async #ask(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const headers = { Range: `bytes=${start}-${start + length - 1}` };
    const answer = await fetch(this.#url, { headers }).catch(() => null);
    if (!answer?.ok || answer.body === null) throw new ApiError(texts.api.unreadable(this.#url), answer === null);
    if (answer.status === PARTIAL) return new Uint8Array(await answer.arrayBuffer());
    this.#whole ??= new Stream(answer.body.getReader());
    return this.#whole.read(start, length);
  }
}

/** The beginning of a file, as far as it has come. */
class Stream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16);
  #length = 0;
  #reading: Promise<void> | null = null;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#length < start + length) {
      this.#reading ??= this.#more();
      await this.#reading;
    }
    return this.#bytes.slice(start, start + length);
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#reader.read();
    this.#reading = null;
    if (done) throw new ApiError(texts.site.shorter);
    if (this.#length + value.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + value.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }
}
