import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Playable, Player } from "./player.ts";

const RATE = 10; // one checkpoint in 100 ms
let frames: FrameRequestCallback[] = [];
let now = 0;

/** Ten checkpoints; those in `missing` have not arrived. */
class Track implements Playable {
  index = 0;
  readonly missing = new Set<number>();

  hasRoom(direction: number): boolean {
    return this.index + direction >= 0 && this.index + direction <= 9;
  }

  isReady(steps: number): boolean {
    return !this.missing.has(Math.min(Math.max(this.index + steps, 0), 9));
  }

  move(steps: number): void {
    this.index = Math.min(Math.max(this.index + steps, 0), 9);
  }

  jump(end: "first" | "last"): void {
    this.index = end === "first" ? 0 : 9;
  }
}

function pass(milliseconds: number): void {
  now += milliseconds;
  const due = frames;
  frames = [];
  for (const frame of due) frame(now);
}

beforeEach(() => {
  frames = [];
  now = performance.now();
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
});

function started(direction = 1, index = 0): { track: Track; player: Player } {
  const track = new Track();
  track.index = index;
  const player = new Player(track, RATE, () => undefined);
  player.toggle(direction);
  now = performance.now();
  return { track, player };
}

test("plays at its rate, and at twice that with speed 2", () => {
  const { track, player } = started();
  pass(105);
  assert.equal(track.index, 1);
  player.nextSpeed();
  pass(100);
  assert.equal(track.index, 3);
});

test("stops at the end, and starts over where it loops", () => {
  const { track, player } = started(1, 8);
  pass(105);
  pass(100);
  assert.deepEqual([track.index, player.direction], [9, 0]);
  player.toggle(1);
  assert.equal(track.index, 0, "played again from the start");
  player.toggle();
  track.index = 9;
  player.toggleLoop();
  player.toggle(-1);
  now = performance.now();
  track.index = 0;
  pass(105);
  assert.deepEqual([track.index, player.direction], [9, -1]);
});

test("waits for a frame that has not arrived, and shows it as soon as it has", () => {
  const { track } = started();
  track.missing.add(1);
  track.missing.add(2);
  pass(105);
  pass(30);
  assert.equal(track.index, 0);
  track.missing.clear();
  pass(1);
  assert.equal(track.index, 1);
});
