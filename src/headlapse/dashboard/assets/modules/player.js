/* Play through the checkpoints, forward or back. A frame that has not arrived is waited for, never skipped. */

const CHECKPOINTS_PER_SECOND = 12; // at speed 1
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export class Player {
  /** `timeline` is moved; `onChange()` is called when playing starts, stops or changes. */
  constructor(timeline, onChange) {
    this.timeline = timeline;
    this.onChange = onChange;
    this.direction = 0;
    this.speed = 1;
    this.loops = false;
    this.tick = this.tick.bind(this);
  }

  toggle(direction = 1) {
    this.direction = this.direction === 0 ? direction : 0;
    this.due = performance.now();
    if (this.direction) {
      if (!this.timeline.hasRoom(this.direction)) this.rewind();
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

  toggleLoop() {
    this.loops = !this.loops;
    this.onChange();
  }

  tick(now) {
    if (!this.direction) return;
    requestAnimationFrame(this.tick);
    const interval = 1000 / (CHECKPOINTS_PER_SECOND * this.speed);
    let steps = Math.floor((now - this.due) / interval);
    if (steps < 1) return;
    while (steps > 1 && !this.timeline.isReady(steps * this.direction)) steps -= 1;
    if (!this.timeline.isReady(steps * this.direction)) {
      this.due = now;
    } else {
      this.due = Math.max(this.due + steps * interval, now - interval);
      this.advance(steps);
    }
  }

  advance(steps) {
    if (this.timeline.hasRoom(this.direction)) this.timeline.move(steps * this.direction);
    else if (this.loops) this.rewind();
    else this.stop();
  }

  rewind() {
    this.timeline.jump(this.direction > 0 ? 0 : Infinity);
  }
}
