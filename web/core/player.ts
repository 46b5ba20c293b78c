/** Play through checkpoints, forward or back. A frame that has not arrived is waited for, never skipped. */

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

/** What is played; steps are checkpoints from the one shown, backwards where they are negative. */
export interface Playable {
  /** Whether there is another checkpoint in this direction. */
  hasRoom(direction: number): boolean;
  /** Whether the checkpoint that many steps away can be painted at once, or never. */
  isReady(steps: number): boolean;
  move(steps: number): void;
  /** Go to the first checkpoint, or to the last. */
  jump(end: "first" | "last"): void;
}

export class Player {
  readonly #playable: Playable;
  readonly #rate: number;
  readonly #onChange: () => void;
  #direction = 0;
  #speed = 1;
  #loops = false;
  #due = 0;

  /** `rate` is in checkpoints a second, at speed 1; `onChange()` is called when playing starts, stops or changes. */
  constructor(playable: Playable, rate: number, onChange: () => void) {
    this.#playable = playable;
    this.#rate = rate;
    this.#onChange = onChange;
  }

  /** 1 while playing forward, -1 backwards, 0 at rest. */
  get direction(): number {
    return this.#direction;
  }

  get speed(): number {
    return this.#speed;
  }

  get loops(): boolean {
    return this.#loops;
  }

  toggle(direction = 1): void {
    this.#direction = this.#direction === 0 ? direction : 0;
    this.#due = performance.now();
    if (this.#direction) {
      if (!this.#playable.hasRoom(this.#direction)) this.#rewind();
      requestAnimationFrame(this.#tick);
    }
    this.#onChange();
  }

  stop(): void {
    if (this.#direction) this.toggle();
  }

  nextSpeed(): void {
    this.#speed = SPEEDS[(SPEEDS.indexOf(this.#speed) + 1) % SPEEDS.length];
    this.#onChange();
  }

  toggleLoop(): void {
    this.#loops = !this.#loops;
    this.#onChange();
  }

  readonly #tick = (now: number): void => {
    if (!this.#direction) return;
    requestAnimationFrame(this.#tick);
    const interval = 1000 / (this.#rate * this.#speed);
    const steps = this.#readySteps(Math.floor((now - this.#due) / interval));
    if (steps > 0) {
      this.#due = Math.max(this.#due + steps * interval, now - interval);
      this.#advance(steps);
    } else if (now - this.#due >= interval) {
      this.#due = now - interval; // the next frame is shown as soon as it is there
    }
  };

  /** The most steps, up to those that are due, that lead to a frame that is ready. */
  #readySteps(due: number): number {
    let steps = due;
    while (steps > 0 && !this.#playable.isReady(steps * this.#direction)) steps -= 1;
    return steps;
  }

  #advance(steps: number): void {
    if (this.#playable.hasRoom(this.#direction)) this.#playable.move(steps * this.#direction);
    else if (this.#loops) this.#rewind();
    else this.stop();
  }

  #rewind(): void {
    this.#playable.jump(this.#direction > 0 ? "first" : "last");
  }
}
