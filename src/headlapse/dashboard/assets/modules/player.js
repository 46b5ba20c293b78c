/* Play through the checkpoints, forward or back. A frame that has not arrived is waited for, never skipped. */

const CHECKPOINTS_PER_SECOND = 12; // at speed 1
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export class Player {
  /** `stepBy(n)` moves by checkpoints and returns whether it could; `isReady(n)` tells whether that frame is there. */
  constructor({ stepBy, isReady, jump, onChange }) {
    Object.assign(this, { stepBy, isReady, jump, onChange });
    this.direction = 0;
    this.speed = 1;
    this.loops = false;
    this.tick = this.tick.bind(this);
  }

  toggle(direction = 1) {
    this.direction = this.direction === 0 ? direction : 0;
    this.due = performance.now();
    if (this.direction) {
      if (!this.stepBy(0, this.direction)) this.jump(this.direction > 0 ? "first" : "last");
      requestAnimationFrame(this.tick);
    }
    this.onChange();
  }

  stop() {
    if (this.direction) this.toggle();
  }

  nextSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.onChange();
  }

  tick(now) {
    if (!this.direction) return;
    requestAnimationFrame(this.tick);
    const interval = 1000 / (CHECKPOINTS_PER_SECOND * this.speed);
    let steps = Math.floor((now - this.due) / interval);
    if (steps < 1) return;
    while (steps > 1 && !this.isReady(steps * this.direction)) steps -= 1;
    if (!this.isReady(steps * this.direction)) {
      this.due = now;
      return;
    }
    this.due = Math.max(this.due + steps * interval, now - interval);
    if (!this.stepBy(steps * this.direction)) this.atEnd();
  }

  atEnd() {
    if (this.loops) this.jump(this.direction > 0 ? "first" : "last");
    else this.stop();
  }
}
