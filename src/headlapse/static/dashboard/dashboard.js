"use strict";
(() => {
  // dashboard/dash.ts
  var CHOICE = "headlapse:choice";
  var setProps = (id, props) => window.dash_clientside.set_props(id, props);
  function install() {
    const dash = window.dash_clientside ?? {};
    dash.headlapse = {
      choose(value) {
        const { callback_context: context, no_update: nothing } = window.dash_clientside;
        const detail = { id: context.triggered_id, value };
        document.dispatchEvent(new CustomEvent(CHOICE, { detail }));
        return nothing;
      }
    };
    window.dash_clientside = dash;
  }
  var theme = () => document.documentElement.dataset.mantineColorScheme ?? "light";
  function onTheme(listener) {
    const options = { attributes: true, attributeFilter: ["data-mantine-color-scheme"] };
    new MutationObserver(listener).observe(document.documentElement, options);
  }

  // core/dom.ts
  function byId(id) {
    const element = document.getElementById(id);
    if (element === null) throw new Error(`there is no element #${id}`);
    return element;
  }
  function find(root, selector) {
    const element = root.querySelector(selector);
    if (element === null) throw new Error(`there is no element ${selector}`);
    return element;
  }
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children);
    return element;
  }
  function contextOf(canvas) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no canvas");
    return context;
  }
  var cssValue = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();
  function fit(canvas, width, height) {
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = contextOf(canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  // core/keys.ts
  var TYPING = "input:not([type=range]), textarea, select, [contenteditable=true], [role=listbox]";
  var PRESSING = "button, a, [role=option]";
  var FAR = 10;
  function stepKeys(steps) {
    return {
      ArrowLeft: () => steps.step(-1),
      ArrowRight: () => steps.step(1),
      "Shift+ArrowLeft": () => steps.step(-FAR),
      "Shift+ArrowRight": () => steps.step(FAR),
      Home: () => steps.first(),
      End: () => steps.last(),
      " ": () => steps.play()
    };
  }
  function listen(target, keys) {
    const onKey = (event) => {
      if (!(event instanceof KeyboardEvent) || isTaken(event)) return;
      const action = keys[event.shiftKey ? `Shift+${event.key}` : event.key] ?? keys[event.key];
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    };
    target.addEventListener("keydown", onKey);
    return () => target.removeEventListener("keydown", onKey);
  }
  function isTaken(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
    if (!(event.target instanceof Element)) return false;
    return event.target.closest(TYPING) !== null || event.key === " " && event.target.closest(PRESSING) !== null;
  }

  // core/format.ts
  var NOT_KNOWN = "–";
  var epochWords = (epoch) => epoch.toLocaleString("en-US");
  function lossWords(loss) {
    if (loss === null || !Number.isFinite(loss)) return NOT_KNOWN;
    if (loss === 0) return "0.0";
    const [mantissa, power] = scientific(loss, 2);
    return power >= -3 && power < 2 ? fixed(loss, 2, power) : `${mantissa}e${power}`;
  }
  function valueWords(value, digits = 6) {
    if (!Number.isFinite(value)) return NOT_KNOWN;
    if (value === 0) return "0";
    const [mantissa, power] = scientific(value, digits);
    if (power >= -4 && power < digits) return trimmed(fixed(value, digits, power));
    return `${trimmed(mantissa)}e${power}`;
  }
  function quantisedWords(value, step) {
    if (!Number.isFinite(value)) return NOT_KNOWN;
    const decimals = step > 0 ? Math.floor(-Math.log10(step)) : 0;
    return value.toFixed(Math.min(Math.max(decimals, 0), 20));
  }
  var powerWords = (power) => power > -3 && power < 3 ? String(10 ** power) : `1e${power}`;
  function scientific(value, digits) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e");
    return [mantissa, Number(power)];
  }
  var fixed = (value, digits, power) => value.toFixed(Math.max(digits - 1 - power, 0));
  var trimmed = (number) => number.includes(".") ? number.replace(/\.?0+$/, "") : number;

  // core/grids.ts
  function topStep(values) {
    if (values instanceof Float32Array) return null;
    return values instanceof Uint16Array ? 65535 : 255;
  }
  function decoder({ values, range: [low, high] }) {
    const top = topStep(values);
    return top === null ? (stored) => stored : (stored) => low + stored / top * (high - low);
  }
  function cellsOf({ axes: [down, right] }) {
    return down.size * right.size;
  }
  function panelValues(grids, frame, panel) {
    const cells = cellsOf(grids);
    return frame.values.subarray(panel * cells, (panel + 1) * cells);
  }
  function hasCell({ axes: [down, right] }, { row, column }) {
    return row < down.size && column < right.size;
  }
  function extent(frame) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of frame.values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const decode = decoder(frame);
    return [decode(low), decode(high)];
  }
  function around(ranges) {
    return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
  }
  function subtract(first, second) {
    const [one, other] = [decoder(first), decoder(second)];
    const values = Float32Array.from(second.values, (value, i) => other(value) - one(first.values[i]));
    return { values, range: extent({ values, range: [0, 1] }) };
  }
  function placeWords({ ticks }, index) {
    return ticks?.[index] ?? String(index);
  }
  function cellWords(grids, frame, panel, cell) {
    if (!hasCell(grids, cell)) return "–";
    const [down, right] = grids.axes;
    const place2 = `${down.name} ${placeWords(down, cell.row)}, ${right.name} ${placeWords(right, cell.column)}`;
    const stored = panelValues(grids, frame, panel)[cell.row * right.size + cell.column];
    return `${place2}: ${storedWords(frame, stored)}`;
  }
  function storedWords(frame, stored) {
    const top = topStep(frame.values);
    const number = decoder(frame)(stored);
    const [low, high] = frame.range;
    return top === null ? valueWords(number) : quantisedWords(number, (high - low) / top);
  }

  // core/colors.ts
  var STEPS = 256;
  var NO_VALUE = 0;
  var Palette = class _Palette {
    low;
    high;
    table;
    #levels = null;
    constructor([low, high], table) {
      this.low = low;
      this.high = high;
      this.table = table;
    }
    /** From stops. Around a `midpoint`, equal distances above and below it are equally strong. */
    static of(stops, range, midpoint = null) {
      const used = midpoint === null ? stops : crop(stops, whole(range, midpoint), range);
      const colors2 = Array.from({ length: STEPS }, (_, step) => pack(colorAt(used, step / (STEPS - 1))));
      return new _Palette(range, Uint32Array.from(colors2));
    }
    /** From red, green and blue bytes of 256 colours. */
    static fromBytes(bytes, range) {
      const colors2 = Array.from({ length: STEPS }, (_, step) => pack(bytes.subarray(3 * step, 3 * step + 3)));
      return new _Palette(range, Uint32Array.from(colors2));
    }
    /** The pixel of a number; beyond the range that of its end, for NaN a transparent one. */
    pixel(value) {
      if (Number.isNaN(value)) return NO_VALUE;
      const step = (value - this.low) / (this.high - this.low) * (STEPS - 1) + 0.5;
      return this.table[Math.min(Math.max(step, 0), STEPS - 1) | 0];
    }
    /** Write the pixels of one panel, `columns` wide, into `pixels`, its first row at the top or at the bottom. */
    paint(panel, columns, origin, pixels) {
      const { values } = panel;
      const levels = this.#levelsOf(panel);
      const rows = values.length / columns;
      for (let row = 0; row < rows; row++) {
        const start2 = row * columns;
        const target = (origin === "lower" ? rows - 1 - row : row) * columns;
        if (levels) for (let i = 0; i < columns; i++) pixels[target + i] = levels[values[start2 + i]];
        else for (let i = 0; i < columns; i++) pixels[target + i] = this.pixel(values[start2 + i]);
      }
    }
    /** The pixel of every step of a frame that stores steps, kept for the next one; null for floats. */
    #levelsOf(frame) {
      const top = topStep(frame.values);
      if (top === null) return null;
      const key = `${top} ${frame.range}`;
      if (this.#levels?.key !== key) {
        const decode = decoder(frame);
        this.#levels = { key, pixels: Uint32Array.from({ length: top + 1 }, (_, step) => this.pixel(decode(step))) };
      }
      return this.#levels.pixels;
    }
  };
  function whole([low, high], midpoint) {
    const reach = Math.max(Math.abs(high - midpoint), Math.abs(low - midpoint));
    return [midpoint - reach, midpoint + reach];
  }
  function crop(stops, [wholeLow, wholeHigh], range) {
    const [first, last] = range.map((value) => (value - wholeLow) / (wholeHigh - wholeLow));
    const inside = stops.map(([place2]) => place2).filter((place2) => first < place2 && place2 < last);
    return [first, ...inside, last].map((place2) => [(place2 - first) / (last - first), colorAt(stops, place2)]);
  }
  function colorAt(stops, place2) {
    const before = stops.findLastIndex(([at]) => at <= place2);
    if (before < 0) return stops[0][1];
    if (before === stops.length - 1) return stops[before][1];
    const [[from, low], [to, high]] = [stops[before], stops[before + 1]];
    return low.map((channel, i) => (high[i] - channel) / (to - from) * (place2 - from) + channel);
  }
  var pack = ([red, green, blue]) => (255 << 24 | Math.round(blue) << 16 | Math.round(green) << 8 | Math.round(red)) >>> 0;

  // dashboard/api.ts
  var ApiError = class extends Error {
    isOffline;
    constructor(message, isOffline = false) {
      super(message);
      this.isOffline = isOffline;
    }
  };
  var variants = () => json("/data/variants");
  var variant = (id) => json(`/data/variants/${path(id)}`);
  var colors = () => json("/data/colors");
  async function losses(id, from) {
    return new Float32Array(await binary(`/data/losses/${path(id)}?from=${from}`));
  }
  async function frames(id, { to, from }, epochs, isExact, signal) {
    const query = `to=${to}&from=${from}&epochs=${epochs.join(",")}&dtype=${isExact ? "float32" : "uint16"}`;
    return unpack(await binary(`/data/frames/${path(id)}?${query}`, signal));
  }
  async function file(id, query) {
    const answer = await ask(`/export/${path(id)}?${new URLSearchParams(query)}`);
    const name = /filename="([^"]*)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "headlapse";
    return { name, blob: await answer.blob() };
  }
  var STEPS_SPAN = [0, 1];
  function unpack(buffer) {
    const size = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
    const Kind = header.dtype === "float32" ? Float32Array : Uint16Array;
    let offset = 4 + size;
    const arrivals = header.epochs.map((epoch, i) => {
      const count = header.shapes[i].reduce((product, n) => product * n, 1);
      const values = new Kind(buffer, offset, count);
      offset += values.byteLength;
      return { epoch, frame: { values, range: STEPS_SPAN }, stamp: header.stamps[i], extent: header.ranges[i] };
    });
    const failed = Object.entries(header.failed).map(([epoch, { error }]) => [Number(epoch), error]);
    return { arrivals, failed: new Map(failed) };
  }
  var path = (id) => id.split("/").map(encodeURIComponent).join("/");
  var json = async (url) => (await ask(url)).json();
  var binary = async (url, signal) => (await ask(url, signal)).arrayBuffer();
  async function ask(url, signal) {
    const answer = await fetch(url, signal ? { signal } : {}).catch((error) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError("The server does not answer.", true);
    });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
    throw new ApiError(problem.error);
  }

  // dashboard/color_settings.ts
  var WHOLE_RUN = { value: "run", label: "Range of this run", arguments: { color_range: "run" } };
  var scales = null;
  async function load() {
    scales ??= await colors();
  }
  function palette(scale, range, midpoint = null) {
    if (scales === null) throw new Error("the colour scales are not loaded");
    const name = scale === "auto" ? scales[midpoint === null ? "sequential" : "diverging"] : scale;
    return Palette.of(scales.stops[name] ?? scales.stops[scales.sequential], range, midpoint);
  }
  var ColorSettings = class {
    #key = "";
    #last = null;
    /** `option` is that of the colour control. */
    palette(option, scale, ranges) {
      const { color_range: choice, midpoint } = option?.arguments ?? {};
      const [low, high] = choice === "epoch" ? ranges.epoch() : choice === "run" ? ranges.run() : ranges.fixed();
      const range = low < high ? [low, high] : ranges.fixed();
      const center = typeof midpoint === "number" ? midpoint : null;
      const key = `${scale} ${range} ${center}`;
      if (this.#last === null || this.#key !== key) {
        this.#key = key;
        this.#last = palette(scale, range, center);
      }
      return this.#last;
    }
  };

  // core/color_bar.ts
  var ColorBar = class {
    #canvas = make("canvas", { width: 1, height: 256, "aria-hidden": "true" });
    #high = make("span", { class: "color-high" });
    #low = make("span", { class: "color-low" });
    #name = make("span", { class: "color-name" });
    #drawn = null;
    constructor(mount) {
      mount.replaceChildren(this.#high, this.#canvas, this.#low, this.#name);
    }
    draw(palette2, name) {
      this.#name.textContent = name;
      if (palette2 === this.#drawn) return;
      this.#drawn = palette2;
      const context = contextOf(this.#canvas);
      const image = context.createImageData(1, 256);
      new Uint32Array(image.data.buffer).set(palette2.table.toReversed());
      context.putImageData(image, 0, 0);
      this.#high.textContent = valueWords(palette2.high, 3);
      this.#low.textContent = valueWords(palette2.low, 3);
    }
  };

  // core/epochs.ts
  function nearest(epochs, epoch) {
    let low = 0;
    let high = epochs.length - 1;
    while (low < high) {
      const middle = low + high >> 1;
      if (epochs[middle] < epoch) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && epoch - epochs[low - 1] <= epochs[low] - epoch) return low - 1;
    return epochs.length ? low : -1;
  }
  function union(one, other) {
    return [.../* @__PURE__ */ new Set([...one, ...other])].sort((x, y) => x - y);
  }

  // core/envelope.ts
  function envelope({ x, y }, first, last, columns) {
    const kept = [];
    let current = -1;
    let [least, largest] = [-1, -1];
    const close = () => {
      if (current >= 0) kept.push(...least === largest ? [least] : [least, largest].sort((one, other) => one - other));
    };
    for (let i = 0; i < x.length; i++) {
      if (!(y[i] > 0) || y[i] === Infinity || x[i] < first || x[i] > last) continue;
      const column = Math.min(Math.floor((x[i] - first) / (last - first) * columns), columns - 1);
      if (column !== current) {
        close();
        current = column;
        least = largest = i;
      }
      if (y[i] < y[least]) least = i;
      if (y[i] > y[largest]) largest = i;
    }
    close();
    return kept;
  }
  function decades(all) {
    let [low, high] = [Infinity, -Infinity];
    for (const { y } of all) {
      for (let i = 0; i < y.length; i++) {
        if (!(y[i] > 0) || y[i] === Infinity) continue;
        low = Math.min(low, y[i]);
        high = Math.max(high, y[i]);
      }
    }
    if (low > high) return [-1, 1];
    const first = Math.floor(Math.log10(low));
    return [first, Math.max(Math.ceil(Math.log10(high)), first + 1)];
  }

  // core/line_chart.ts
  var GUTTER = { left: 46, right: 14 };
  var ROOM = { top: 8, bottom: 22 };
  var TICK_HEIGHT = 5;
  var LEAST_HEIGHT = 40;
  var NOTHING = { series: [], marks: [], stops: [], last: 0 };
  var LineChart = class {
    #mount;
    #canvas;
    #marker = make("div", { class: "loss-marker", hidden: true });
    #lines = NOTHING;
    #epoch = null;
    #width = 0;
    #height = 0;
    #decades = [-1, 1];
    /** `onEpoch(epoch)` is told where the user points. */
    constructor(mount, label, onEpoch) {
      this.#mount = mount;
      this.#canvas = make("canvas", { role: "img", "aria-label": label });
      mount.replaceChildren(this.#canvas, this.#marker);
      this.#listen(onEpoch);
      new ResizeObserver(() => this.draw()).observe(mount);
    }
    show(lines) {
      this.#lines = lines;
      this.#mount.title = lines.marks.map(({ epoch, label }) => `${label}: epoch ${epochWords(epoch)}`).join("\n");
      this.draw();
    }
    /** Where the picture is. */
    mark(epoch) {
      this.#epoch = epoch;
      this.#marker.hidden = epoch === null;
      this.#marker.style.transform = `translateX(${this.#x(epoch ?? 0)}px)`;
    }
    /** Draw anew: after a change of size or of the theme. */
    draw() {
      const box = this.#mount.getBoundingClientRect();
      if (!this.#lines.series.length || box.width < GUTTER.left * 2 || box.height < LEAST_HEIGHT) return;
      this.#width = box.width - GUTTER.left - GUTTER.right;
      this.#height = box.height - ROOM.top - ROOM.bottom;
      const context = fit(this.#canvas, box.width, box.height);
      context.font = `11px ${getComputedStyle(this.#mount).fontFamily}`;
      this.#decades = decades(this.#lines.series);
      this.#drawGrid(context);
      this.#drawStops(context);
      for (const series of this.#lines.series) this.#drawCurve(context, series);
      for (const mark of this.#lines.marks) this.#drawMark(context, mark);
      this.mark(this.#epoch);
    }
    #x(epoch) {
      return GUTTER.left + epoch / Math.max(this.#lines.last, 1) * this.#width;
    }
    #y(value) {
      const [low, high] = this.#decades;
      return ROOM.top + (1 - (Math.log10(value) - low) / (high - low)) * this.#height;
    }
    #color(name) {
      return name.startsWith("--") ? cssValue(this.#mount, name) : name;
    }
    #drawGrid(context) {
      const [low, high] = this.#decades;
      const step = Math.max(1, Math.ceil((high - low) / Math.max(1, Math.floor(this.#height / 22))));
      const [ink, line2] = [this.#color("--faint"), this.#color("--grid")];
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (let power = high; power >= low; power -= step) {
        const y = Math.round(this.#y(10 ** power)) + 0.5;
        context.fillStyle = ink;
        context.fillText(powerWords(power), GUTTER.left - 8, y);
        context.fillStyle = line2;
        context.fillRect(GUTTER.left, y, this.#width, 1);
      }
    }
    #drawStops(context) {
      const bottom = ROOM.top + this.#height;
      context.fillStyle = this.#color("--faint");
      let drawn = -Infinity;
      for (const epoch of this.#lines.stops) {
        const x = this.#x(epoch);
        if (x - drawn < 2) continue;
        context.fillRect(x - 0.5, bottom, 1, TICK_HEIGHT);
        drawn = x;
      }
      context.textBaseline = "alphabetic";
      context.textAlign = "left";
      context.fillText("0", GUTTER.left, bottom + 18);
      context.textAlign = "right";
      context.fillText(`epoch ${epochWords(this.#lines.last)}`, GUTTER.left + this.#width, bottom + 18);
    }
    #drawCurve(context, series) {
      context.strokeStyle = this.#color(series.color);
      context.lineWidth = series.width;
      context.setLineDash(series.isDashed ? [4, 3] : []);
      context.beginPath();
      for (const i of envelope(series, 0, Math.max(this.#lines.last, 1), Math.ceil(this.#width))) {
        context.lineTo(this.#x(series.x[i]), this.#y(series.y[i]));
      }
      context.stroke();
    }
    /** A triangle that stands on the axis. */
    #drawMark(context, { epoch, color }) {
      const x = this.#x(epoch);
      const bottom = ROOM.top + this.#height;
      context.fillStyle = this.#color(color);
      context.beginPath();
      context.moveTo(x, bottom);
      context.lineTo(x - 4, bottom - 8);
      context.lineTo(x + 4, bottom - 8);
      context.fill();
    }
    #listen(onEpoch) {
      const go = (event) => {
        const x = event.clientX - this.#mount.getBoundingClientRect().left - GUTTER.left;
        onEpoch(Math.min(Math.max(x / this.#width, 0), 1) * this.#lines.last);
      };
      this.#mount.addEventListener("pointerdown", (event) => {
        this.#mount.setPointerCapture(event.pointerId);
        go(event);
      });
      this.#mount.addEventListener("pointermove", (event) => {
        if (this.#mount.hasPointerCapture(event.pointerId)) go(event);
      });
    }
  };

  // core/player.ts
  var SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
  var Player = class {
    #playable;
    #rate;
    #onChange;
    #direction = 0;
    #speed = 1;
    #loops = false;
    #due = 0;
    /** `rate` is in checkpoints a second, at speed 1; `onChange()` is called when playing starts, stops or changes. */
    constructor(playable, rate, onChange) {
      this.#playable = playable;
      this.#rate = rate;
      this.#onChange = onChange;
    }
    /** 1 while playing forward, -1 backwards, 0 at rest. */
    get direction() {
      return this.#direction;
    }
    get speed() {
      return this.#speed;
    }
    get loops() {
      return this.#loops;
    }
    toggle(direction = 1) {
      this.#direction = this.#direction === 0 ? direction : 0;
      this.#due = performance.now();
      if (this.#direction) {
        if (!this.#playable.hasRoom(this.#direction)) this.#rewind();
        requestAnimationFrame(this.#tick);
      }
      this.#onChange();
    }
    stop() {
      if (this.#direction) this.toggle();
    }
    nextSpeed() {
      this.#speed = SPEEDS[(SPEEDS.indexOf(this.#speed) + 1) % SPEEDS.length];
      this.#onChange();
    }
    toggleLoop() {
      this.#loops = !this.#loops;
      this.#onChange();
    }
    #tick = (now) => {
      if (!this.#direction) return;
      requestAnimationFrame(this.#tick);
      const interval = 1e3 / (this.#rate * this.#speed);
      const steps = this.#readySteps(Math.floor((now - this.#due) / interval));
      if (steps > 0) {
        this.#due = Math.max(this.#due + steps * interval, now - interval);
        this.#advance(steps);
      } else if (now - this.#due >= interval) {
        this.#due = now - interval;
      }
    };
    /** The most steps, up to those that are due, that lead to a frame that is ready. */
    #readySteps(due) {
      let steps = due;
      while (steps > 0 && !this.#playable.isReady(steps * this.#direction)) steps -= 1;
      return steps;
    }
    #advance(steps) {
      if (this.#playable.hasRoom(this.#direction)) this.#playable.move(steps * this.#direction);
      else if (this.#loops) this.#rewind();
      else this.stop();
    }
    #rewind() {
      this.#playable.jump(this.#direction > 0 ? "first" : "last");
    }
  };

  // core/slider.ts
  var EpochSlider = class {
    #input = make("input", { type: "range", class: "epoch", min: 0, max: 0, step: 1, "aria-label": "Epoch" });
    #epochs = [];
    constructor(mount, onEpoch) {
      mount.replaceChildren(this.#input);
      this.#input.addEventListener("input", () => onEpoch(Number(this.#input.value)));
    }
    setEpochs(epochs, last) {
      this.#epochs = epochs;
      this.#input.max = String(last);
    }
    mark(epoch) {
      this.#input.value = String(epoch);
      const last = Number(this.#input.max);
      this.#input.style.setProperty("--done", String(last ? epoch / last : 0));
      const index = nearest(this.#epochs, epoch);
      const place2 = index < 0 ? "" : `, checkpoint ${index + 1} of ${this.#epochs.length}`;
      this.#input.setAttribute("aria-valuetext", `epoch ${epochWords(epoch)}${place2}`);
    }
  };

  // core/timeline.ts
  var LABEL = "Train and test loss by epoch, log axis";
  var RATE = 12;
  var Timeline = class {
    player;
    chart;
    #root;
    #host;
    #slider;
    #shown = "";
    #series = [];
    /** `root` holds the elements: .loss, .transport, .epoch-slider and buttons with a `data-action`. */
    constructor(root, host, rate = RATE) {
      this.#root = root;
      this.#host = host;
      this.#slider = new EpochSlider(find(root, ".epoch-slider"), (epoch) => this.#goTo(epoch));
      this.chart = new LineChart(find(root, ".loss"), LABEL, (epoch) => this.#goTo(epoch));
      this.player = new Player(this, rate, () => this.showPlayer());
      this.#listen();
    }
    /** The curves, their marks and the end of the axis. Draws only what is new; series are compared by identity. */
    show(series, marks, last) {
      const { epochs } = this.#host;
      find(this.#root, ".transport").hidden = !epochs.length;
      find(this.#root, ".loss").hidden = !series.some(({ x }) => x.length);
      const shown2 = JSON.stringify([last, epochs.length, epochs.at(-1), marks]);
      if (shown2 === this.#shown && isSame(series, this.#series)) return;
      this.#shown = shown2;
      this.#series = series;
      this.#slider.setEpochs(epochs, last);
      this.chart.show({ series, marks, stops: epochs, last });
    }
    mark(epoch) {
      this.#slider.mark(epoch);
      this.chart.mark(epoch);
    }
    /** Move by checkpoints. */
    step(steps) {
      this.player.stop();
      this.move(steps);
    }
    move(steps) {
      const { epochs } = this.#host;
      if (epochs.length) this.#host.go(epochs[this.#clamp(this.#index + steps)]);
    }
    first() {
      this.#goTo(0);
    }
    /** The newest checkpoint; in a running training that means to follow it. */
    last() {
      if (this.#host.isLive) this.#host.go(null);
      else this.#goTo(Infinity);
    }
    play() {
      this.player.toggle(1);
    }
    jump(end) {
      this.#show(end === "first" ? 0 : Infinity);
    }
    hasRoom(direction) {
      return this.#clamp(this.#index + direction) !== this.#index;
    }
    isReady(steps) {
      return this.#host.isReady(this.#host.epochs[this.#clamp(this.#index + steps)]);
    }
    showPlayer() {
      const { direction, speed, loops } = this.player;
      this.#button("play").dataset.icon = direction > 0 ? "pause" : "play";
      this.#button("back").dataset.icon = direction < 0 ? "pause" : "back";
      this.#button("speed").textContent = `${speed}x`;
      this.#button("loop").setAttribute("aria-pressed", String(loops));
      const follow = this.#root.querySelector('[data-action="follow"]');
      if (follow === null) return;
      follow.hidden = !this.#host.isLive;
      follow.setAttribute("aria-pressed", String(this.#host.isFollowing));
    }
    #button(action) {
      return find(this.#root, `[data-action="${action}"]`);
    }
    #goTo(epoch) {
      this.player.stop();
      this.#show(epoch);
      if (this.#host.epoch !== null) this.mark(this.#host.epoch);
    }
    #show(epoch) {
      const { epochs } = this.#host;
      if (epochs.length) this.#host.go(epochs[nearest(epochs, epoch)]);
    }
    get #index() {
      return nearest(this.#host.epochs, this.#host.epoch ?? 0);
    }
    #clamp(index) {
      return Math.min(Math.max(index, 0), this.#host.epochs.length - 1);
    }
    #listen() {
      const actions = {
        first: () => this.first(),
        last: () => this.last(),
        play: () => this.play(),
        back: () => this.player.toggle(-1),
        speed: () => this.player.nextSpeed(),
        loop: () => this.player.toggleLoop(),
        follow: () => this.#host.go(this.#host.isFollowing ? this.#host.epoch : null)
      };
      this.#root.addEventListener("click", (event) => {
        const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
        if (button) actions[button.dataset.action ?? ""]?.();
      });
    }
  };
  var isSame = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);

  // dashboard/alignment.ts
  var ALIGNMENTS = [
    { value: "epoch", label: "Same epoch" },
    { value: "grokking", label: "Aligned at grokking" }
  ];
  function shiftOf(run, runs, align) {
    if (align !== "grokking" || run.grokkedAt === null) return 0;
    const first = runs.find(({ grokkedAt }) => grokkedAt !== null);
    return (first?.grokkedAt ?? run.grokkedAt) - run.grokkedAt;
  }
  function moments(runs, align) {
    const lists = runs.map((run) => run.epochs.map((epoch) => epoch + shiftOf(run, runs, align)));
    return lists.reduce(union, []).filter((moment) => moment >= 0);
  }
  function alignmentWords({ grokkedAt }, align) {
    if (align !== "grokking") return "";
    return grokkedAt === null ? "does not grok" : `groks at ${epochWords(grokkedAt)}`;
  }

  // core/ticks.ts
  function indexTicks(size, most = 6) {
    return size > 1 ? ticksAt(Math.max(niceStep(size - 1, most), 1), 0, size - 1) : [0];
  }
  function niceStep(length, most) {
    const power = 10 ** Math.floor(Math.log10(length / most));
    const steps = [1, 2, 5, 10].map((step) => step * power);
    return steps.find((step) => length / step < most) ?? 20 * power;
  }
  function ticksAt(step, low, high) {
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    return Array.from({ length: last - first + 1 }, (_, i) => step * (first + i));
  }

  // core/heat_map.ts
  var GUTTER2 = { left: 34, bottom: 34, top: 26, right: 2 };
  var PIXELS_PER_TICK = 42;
  var MOST_TICKS = 6;
  var HeatMap = class {
    element;
    plot;
    caption;
    #grids;
    #context;
    #image;
    #pixels;
    #words = make("bdi");
    #cross = make("div", { class: "cross", hidden: true });
    #xAxis = make("div", { class: "axis axis-x", "aria-hidden": "true" });
    #yAxis = make("div", { class: "axis axis-y", "aria-hidden": "true" });
    /** `onCell(cell)` is told where the pointer is, `onCell(null)` when it leaves. */
    constructor(grids, title, onCell) {
      this.#grids = grids;
      const [down, right] = grids.axes;
      const label = `${title}, ${grids.valueName} by ${down.name} and ${right.name}`;
      const canvas = make("canvas", { width: right.size, height: down.size, role: "img", "aria-label": label });
      this.#context = contextOf(canvas);
      this.#image = this.#context.createImageData(right.size, down.size);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.plot = make("div", { class: "plot" }, canvas, this.#cross);
      const words = make("span", { class: "head-value" }, this.#words);
      this.caption = make("figcaption", {}, make("span", { class: "head-name" }, title), words);
      this.element = make("figure", { class: "head" }, this.caption, this.plot, this.#xAxis, this.#yAxis);
      this.plot.addEventListener("pointermove", (event) => onCell(this.#cellAt(event)));
      this.plot.addEventListener("pointerleave", () => onCell(null));
    }
    setSize({ width, height }) {
      this.element.style.setProperty("--width", `${width}px`);
      this.element.style.setProperty("--height", `${height}px`);
      const [down, right] = this.#grids.axes;
      this.#xAxis.replaceChildren(...axisParts(right, width, "left", (column) => column));
      this.#yAxis.replaceChildren(...axisParts(down, height, "top", (row) => this.#rowOnScreen(row)));
    }
    /** Paint the values of this panel. */
    paint(panel, palette2) {
      palette2.paint(panel, this.#grids.axes[1].size, this.#grids.origin, this.#pixels);
      this.#context.putImageData(this.#image, 0, 0);
    }
    /** Mark a cell and write its words beside the title; null marks nothing. */
    mark(cell, words) {
      const isHere = cell !== null && hasCell(this.#grids, cell);
      this.#cross.hidden = !isHere;
      this.#words.textContent = words;
      if (!isHere) return;
      const [down, right] = this.#grids.axes;
      this.#cross.style.setProperty("--x", String((cell.column + 0.5) / right.size));
      this.#cross.style.setProperty("--y", String((this.#rowOnScreen(cell.row) + 0.5) / down.size));
    }
    #rowOnScreen(row) {
      return this.#grids.origin === "lower" ? this.#grids.axes[0].size - 1 - row : row;
    }
    #cellAt(event) {
      const box = this.plot.getBoundingClientRect();
      const [down, right] = this.#grids.axes;
      const column = place((event.clientX - box.left) / box.width, right.size);
      return { row: this.#rowOnScreen(place((event.clientY - box.top) / box.height, down.size)), column };
    }
  };
  var place = (share, size) => Math.min(Math.max(Math.floor(share * size), 0), size - 1);
  function axisParts(axis, length, side, onScreen) {
    const most = Math.min(Math.max(Math.floor(length / PIXELS_PER_TICK), 2), MOST_TICKS);
    const ticks = indexTicks(axis.size, most).map((index) => {
      const style = `${side}:${(onScreen(index) + 0.5) / axis.size * 100}%`;
      return make("span", { class: "tick", style }, placeWords(axis, index));
    });
    return [...ticks, make("span", { class: "axis-name" }, axis.name)];
  }

  // core/layout.ts
  var WORTH = 0.85;
  function fitPanel(room, { rows, columns }, gutter, least, ratio = 1) {
    const [width, height] = [room.width - gutter.left - gutter.right, room.height - gutter.top - gutter.bottom];
    const cell = Math.max(Math.min(width / columns, height / rows), least / Math.max(rows, columns));
    const whole2 = Math.floor(cell * ratio) / ratio;
    if (whole2 >= cell * WORTH) return { width: whole2 * columns, height: whole2 * rows };
    return { width: Math.floor(cell * columns), height: Math.floor(cell * rows) };
  }
  function arrange(count, room, shape, gutter, { gap, least, ratio = 1 }) {
    const choices = Array.from({ length: count }, (_, index) => {
      const [columns, rows] = [index + 1, Math.ceil(count / (index + 1))];
      const share = { width: (room.width - gap * (columns - 1)) / columns, height: (room.height - gap * (rows - 1)) / rows };
      return { columns, panel: fitPanel(share, shape, gutter, 0, ratio) };
    });
    const best = choices.reduce((one, other) => other.panel.width > one.panel.width ? other : one);
    return Math.max(best.panel.width, best.panel.height) >= least ? best : {
      columns: fitting(count, room, shape, gutter, gap, least),
      panel: fitPanel({ width: 0, height: 0 }, shape, gutter, least, ratio)
    };
  }
  function fitting(count, room, { rows, columns }, gutter, gap, least) {
    const width = least * columns / Math.max(rows, columns) + gutter.left + gutter.right + gap;
    return Math.min(Math.max(Math.floor((room.width + gap) / width), 1), count);
  }

  // core/panels.ts
  var GAP = 14;
  var LEAST = 72;
  var Panels = class {
    element;
    #grids;
    #maps;
    constructor(grids, calls) {
      this.#grids = grids;
      this.#maps = grids.titles.map((title, panel) => makeMap(grids, title, panel, calls));
      this.element = make("div", { class: "head-grid" }, ...this.#maps.map((map) => map.element));
    }
    layout(room) {
      const [down, right] = this.#grids.axes;
      const shape = { rows: down.size, columns: right.size };
      const options = { gap: GAP, least: LEAST, ratio: devicePixelRatio };
      const { columns, panel } = arrange(this.#maps.length, room, shape, GUTTER2, options);
      this.element.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
      this.element.style.gap = `${GAP}px`;
      for (const map of this.#maps) map.setSize(panel);
    }
    paint(frame, palette2) {
      this.#maps.forEach((map, panel) => {
        map.paint({ values: panelValues(this.#grids, frame, panel), range: frame.range }, palette2);
      });
    }
    mark(cell, frame) {
      this.#maps.forEach((map, panel) => {
        map.mark(cell, cell && cellWords(this.#grids, frame, panel, cell));
      });
    }
  };
  function makeMap(grids, title, panel, { onCell, onPanel }) {
    const map = new HeatMap(grids, title, onCell);
    if (onPanel) {
      map.plot.append(make("button", { class: "open-head", "aria-label": `${title} large`, type: "button" }));
      map.plot.addEventListener("click", () => onPanel(panel));
    }
    return map;
  }

  // core/profile.ts
  var STRIP = 76;
  var DRAWN = STRIP - 16;
  var LEAST2 = 140;
  var Profile = class {
    element;
    #grids;
    #panel;
    #map;
    #below;
    #beside;
    #size = { width: LEAST2, height: LEAST2 };
    #contexts = null;
    #shown = null;
    constructor(grids, panel, calls) {
      const [down, right] = grids.axes;
      this.#grids = grids;
      this.#panel = Math.min(panel, grids.titles.length - 1);
      this.#map = new HeatMap(grids, grids.titles[this.#panel], calls.onCell);
      this.#below = strip("profile-x", `Mean over ${down.name}, for every ${right.name}`);
      this.#beside = strip("profile-y", `Mean over ${right.name}, for every ${down.name}`);
      const back = make("button", { class: "text-button", type: "button" }, `all ${grids.panelName}s`);
      back.addEventListener("click", () => calls.onPanel?.(null));
      this.#map.caption.append(back);
      const names = [profileName("over-first", down.name), profileName("over-second", right.name)];
      this.element = make("div", { class: "single-head" }, this.#map.element, this.#below, this.#beside, ...names);
    }
    layout(room) {
      const [down, right] = this.#grids.axes;
      const left = { width: room.width - STRIP, height: room.height - STRIP };
      this.#size = fitPanel(left, { rows: down.size, columns: right.size }, GUTTER2, LEAST2, devicePixelRatio);
      this.#map.setSize(this.#size);
      this.element.style.setProperty("--strip", `${STRIP}px`);
      const { width, height } = this.#size;
      this.#contexts = { below: fit(this.#below, width, DRAWN), beside: fit(this.#beside, DRAWN, height) };
      this.#draw();
    }
    paint(frame, palette2) {
      const values = panelValues(this.#grids, frame, this.#panel);
      this.#map.paint({ values, range: frame.range }, palette2);
      this.#shown = { means: means(this.#grids, { values, range: frame.range }), palette: palette2 };
      this.#draw();
    }
    mark(cell, frame) {
      this.#map.mark(cell, cell && cellWords(this.#grids, frame, this.#panel, cell));
    }
    #draw() {
      if (!this.#shown || !this.#contexts) return;
      const { width, height } = this.#size;
      const { below, beside } = this.#contexts;
      const { means: means2, palette: palette2 } = this.#shown;
      below.clearRect(0, 0, width, DRAWN);
      beside.clearRect(0, 0, DRAWN, height);
      const color = cssValue(this.element, "--accent");
      const across = (mean) => (mean - palette2.low) / (palette2.high - palette2.low) * (DRAWN - 4) + 2;
      line(
        below,
        color,
        along(means2.overFirst, width, (mean) => DRAWN - across(mean))
      );
      const rows = this.#grids.origin === "lower" ? means2.overSecond.toReversed() : means2.overSecond;
      line(
        beside,
        color,
        along(rows, height, across).map(([y, x]) => [x, y])
      );
    }
  };
  function means({ axes: [down, right] }, panel) {
    const decode = decoder(panel);
    const overFirst = new Array(right.size).fill(0);
    const overSecond = new Array(down.size).fill(0);
    for (let row = 0; row < down.size; row++) {
      for (let column = 0; column < right.size; column++) {
        const value = decode(panel.values[row * right.size + column]);
        overFirst[column] += value / down.size;
        overSecond[row] += value / right.size;
      }
    }
    return { overFirst, overSecond };
  }
  function along(values, length, across) {
    return values.map((value, i) => [(i + 0.5) / values.length * length, across(value)]);
  }
  var strip = (kind, label) => make("canvas", { class: `profile ${kind}`, role: "img", "aria-label": label });
  var profileName = (place2, axis) => make("span", { class: `profile-name ${place2}` }, `mean over ${axis}`);
  function line(context, color, points) {
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  }

  // core/picture.ts
  var Picture = class {
    #mount;
    #calls;
    #onReady;
    #painter = null;
    #key = "";
    /** `onReady()` is called when a frame has to be painted (anew). */
    constructor(mount, calls, onReady) {
      this.#mount = mount;
      this.#calls = calls;
      this.#onReady = onReady;
      new ResizeObserver(() => this.layout()).observe(mount);
    }
    /** Make room for frames of `grids`; `panel` is the one to show large, null for all. */
    prepare(grids, panel = null) {
      const key = JSON.stringify([grids, panel]);
      if (this.#key === key) return;
      this.#key = key;
      this.#painter = panel === null ? new Panels(grids, this.#calls) : new Profile(grids, panel, this.#calls);
      this.#mount.replaceChildren(this.#painter.element);
      this.layout();
    }
    clear() {
      this.#key = "";
      this.#painter = null;
      this.#mount.replaceChildren();
    }
    layout() {
      const { width, height } = this.#mount.getBoundingClientRect();
      if (!this.#painter || !width) return;
      this.#painter.layout({ width, height });
      this.#onReady();
    }
    /** Paint a frame and what it has at `cell`; without a frame the old picture fades. */
    paint(frame, palette2, cell) {
      this.#mount.classList.toggle("waiting", !frame);
      if (!this.#painter || !frame || !palette2) return;
      this.#painter.paint(frame, palette2);
      this.#painter.mark(cell, frame);
    }
  };

  // core/frame_cache.ts
  var BATCH = 8;
  var IN_FLIGHT = 3;
  var MAX_BYTES = 4e8;
  var MOST_EXACT = 8;
  var RETRY_MS = 1500;
  var FrameCache = class {
    failed = /* @__PURE__ */ new Map();
    #fetch;
    #onArrival;
    #frames = /* @__PURE__ */ new Map();
    #exact = /* @__PURE__ */ new Map();
    #extents = /* @__PURE__ */ new Map();
    #pending = /* @__PURE__ */ new Set();
    #abort = new AbortController();
    #stamps = /* @__PURE__ */ new Map();
    #epochs = [];
    #requests = 0;
    #bytes = 0;
    #focus = 0;
    /** `onArrival()` is called whenever frames came or failed. */
    constructor(fetch2, onArrival) {
      this.#fetch = fetch2;
      this.#onArrival = onArrival;
    }
    /** The epochs that can be had. What is known of an artifact that was replaced or removed since is forgotten. */
    setEpochs(epochs, stamps) {
      const now = new Map(epochs.map((epoch, index) => [epoch, stamps[index]]));
      for (const [epoch, stamp] of this.#stamps) {
        if (now.get(epoch) === stamp) continue;
        this.#forget(epoch);
        this.#extents.delete(epoch);
      }
      this.#stamps = now;
      this.#epochs = epochs;
      this.#pump();
    }
    /** Least and largest number of all frames seen so far; null before the first. */
    get range() {
      return this.#extents.size ? around([...this.#extents.values()]) : null;
    }
    /** The frame of `epoch` for painting, or undefined while it is on its way. */
    get(epoch) {
      return this.#exact.get(epoch) ?? this.#frames.get(epoch);
    }
    /** Whether there is an artifact of this epoch. */
    exists(epoch) {
      return this.#stamps.has(epoch);
    }
    /** Whether waiting for this epoch is of no use: it is here, cannot be read, or does not exist. */
    isSettled(epoch) {
      return this.#frames.has(epoch) || this.failed.has(epoch) || !this.#stamps.has(epoch);
    }
    /** Where the eye is: what is near comes first. */
    look(epoch) {
      this.#focus = epoch;
      this.#pump();
    }
    /** The share of all frames that are here, or cannot be. */
    get progress() {
      return this.#epochs.length ? (this.#frames.size + this.failed.size) / this.#epochs.length : 1;
    }
    /** Fetch the exact numbers of one epoch. */
    async fetchExact(epoch) {
      if (this.#exact.has(epoch) || !this.#frames.has(epoch)) return;
      const batch = await this.#fetch([epoch], true, this.#abort.signal);
      const arrival = batch?.arrivals[0];
      if (!arrival || arrival.stamp !== this.#stamps.get(epoch)) return;
      if (this.#exact.size > MOST_EXACT) this.#exact.clear();
      this.#exact.set(epoch, arrival.frame);
      this.#onArrival();
    }
    close() {
      this.#abort.abort();
      this.#frames.clear();
    }
    #forget(epoch) {
      this.#bytes -= this.#frames.get(epoch)?.values.byteLength ?? 0;
      this.#frames.delete(epoch);
      this.#exact.delete(epoch);
      this.failed.delete(epoch);
    }
    #pump() {
      while (this.#requests < IN_FLIGHT && !this.#abort.signal.aborted) {
        const batch = this.#nextBatch();
        if (!batch.length) return;
        void this.#fetchBatch(batch);
      }
    }
    /** The missing epochs nearest to the focus, the focus first. */
    #nextBatch() {
      const batch = [];
      const start2 = nearest(this.#epochs, this.#focus);
      const room = this.#bytes < MAX_BYTES ? this.#epochs.length : BATCH;
      for (let step = 0; step < room && batch.length < BATCH; step++) {
        for (const index of step ? [start2 + step, start2 - step] : [start2]) {
          if (this.#isMissing(this.#epochs[index]) && batch.length < BATCH) batch.push(this.#epochs[index]);
        }
      }
      return batch;
    }
    #isMissing(epoch) {
      return epoch !== void 0 && !this.#frames.has(epoch) && !this.failed.has(epoch) && !this.#pending.has(epoch);
    }
    async #fetchBatch(epochs) {
      const { signal } = this.#abort;
      this.#requests += 1;
      for (const epoch of epochs) this.#pending.add(epoch);
      const batch = await this.#fetch(epochs, false, signal);
      if (batch) this.#keep(batch);
      else if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      for (const epoch of epochs) this.#pending.delete(epoch);
      this.#requests -= 1;
      if (signal.aborted) return;
      this.#makeRoom();
      this.#onArrival();
      this.#pump();
    }
    #keep({ arrivals, failed }) {
      for (const { epoch, frame, stamp, extent: extent2 } of arrivals) {
        this.#frames.set(epoch, frame);
        this.#stamps.set(epoch, stamp);
        this.#extents.set(epoch, extent2);
        this.#bytes += frame.values.byteLength;
      }
      for (const [epoch, problem] of failed) this.failed.set(epoch, problem);
    }
    #makeRoom() {
      if (this.#bytes <= MAX_BYTES) return;
      const farthest = [...this.#frames.keys()].sort((x, y) => Math.abs(y - this.#focus) - Math.abs(x - this.#focus));
      for (const epoch of farthest) {
        if (this.#bytes <= MAX_BYTES * 0.8) return;
        this.#forget(epoch);
      }
    }
  };

  // core/losses.ts
  function lossSeries(train, test, { shift = 0, color = null } = {}) {
    const moved = ({ x, y }) => ({ x: shift ? Array.from(x, (epoch) => epoch + shift) : x, y });
    return [
      { ...moved(test), color: color ?? "--test", width: 1.75, isDashed: false },
      { ...moved(train), color: color ?? "--train", width: 1.25, isDashed: color !== null }
    ];
  }
  function lossesAt({ train, test, ofCheckpoints }, epoch) {
    if (ofCheckpoints) {
      const [trainLoss, testLoss] = ofCheckpoints[epoch] ?? [];
      return [trainLoss ?? NaN, testLoss ?? NaN];
    }
    const step = Math.max(epoch - 1, 0);
    if (step >= train.length) return [NaN, NaN];
    let evaluated = step;
    while (evaluated > 0 && !Number.isFinite(test[evaluated])) evaluated--;
    return [train[step], test[evaluated]];
  }

  // dashboard/heads.ts
  var viewOf = (head) => head === null ? "attention_heads_grid" : "attention_single_head";
  function gridsOf(panel, origin) {
    const titles = panel?.shapes?.patterns ? panel.heads : void 0;
    const [down, across] = panel?.axes ?? [];
    if (!titles || !down || !across || panel?.axes?.length !== 2) return null;
    const axes = [down, across];
    return { titles, axes, origin: originOf(origin), panelName: "head", valueName: "attention", range: [0, 1] };
  }
  var originOf = (text) => text === "lower" ? "lower" : "upper";

  // dashboard/session.ts
  var POLL_MS = { training: 1e3, other: 4e3 };
  var GROKKED = 0.1;
  var KEPT_CACHES = 3;
  var Session = class {
    id;
    detail = null;
    /** Where a slider stops. */
    epochs = [];
    #onChange;
    #caches = /* @__PURE__ */ new Map();
    #losses = { train: new Float32Array(0), test: new Float32Array(0) };
    #grokkedAt = null;
    #series = { key: "", made: [] };
    #isClosed = false;
    /** `onChange(problem)` is called whenever something arrived, or with the error that came instead. */
    constructor(id, onChange) {
      this.id = id;
      this.#onChange = onChange;
    }
    /** Look now, and again and again until closed. */
    async watch() {
      try {
        if (!document.hidden || !this.detail) await this.#refresh();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!this.#isClosed && !error.isOffline) this.#onChange(error);
      }
      if (!this.#isClosed) setTimeout(() => this.watch(), this.isTraining ? POLL_MS.training : POLL_MS.other);
    }
    get isTraining() {
      return this.detail?.state === "training";
    }
    /** The end of the epoch axis: the losses may be ahead of the newest checkpoint. */
    get last() {
      return Math.max(this.epochs.at(-1) ?? 0, this.#losses.train.length);
    }
    /** The first panel that the browser draws itself and that has something to show. */
    get panel() {
      return this.detail?.panels.find((panel) => panel.painted && !panel.problem) ?? null;
    }
    /** The epochs that the picture can show. */
    get pictured() {
      return this.panel?.epochs ?? [];
    }
    grids(origin) {
      return gridsOf(this.panel, origin);
    }
    /** The choices of a control. */
    options(name) {
      const options = this.panel?.controls?.find((control) => control.name === name)?.options ?? [];
      return name === "color" && options.length ? [...options, WHOLE_RUN] : options;
    }
    /** The option of a control with this value, or its default. */
    option(name, value) {
      const options = this.options(name);
      return options.find((option) => option.value === value) ?? options[0] ?? null;
    }
    /** Train and test loss that belong to the weights of `epoch`. */
    lossesAt(epoch) {
      return lossesAt({ ...this.#losses, ofCheckpoints: this.detail?.checkpoint_losses }, epoch);
    }
    /** The loss curves; the same ones until losses or style change. */
    series(style = {}) {
      const { train, test } = this.#losses;
      const key = JSON.stringify([style, train.length]);
      if (this.#series.key !== key) {
        const x = Array.from(train, (_, step) => step);
        const made = lossSeries({ x, y: train }, { x: x.map((step) => step + 1), y: test }, style);
        this.#series = { key, made };
      }
      return this.#series.made;
    }
    /** The epoch from which on the test loss is below `GROKKED` for the first time; null where it never is. */
    get grokkedAt() {
      return this.#grokkedAt;
    }
    /** The frames of a position pair; the ones used least recently are let go. */
    cache(pair) {
      const option = this.option("pair", pair);
      if (!option) return null;
      const cache = this.#caches.get(option.value) ?? this.#newCache(option);
      this.#caches.delete(option.value);
      this.#caches.set(option.value, cache);
      const [oldest] = this.#caches.keys();
      if (this.#caches.size > KEPT_CACHES) this.#drop(oldest);
      return cache;
    }
    close() {
      this.#isClosed = true;
      for (const key of [...this.#caches.keys()]) this.#drop(key);
    }
    #newCache({ arguments: given }) {
      const pair = { to: Number(given.to_position), from: Number(given.from_position) };
      const cache = new FrameCache(
        (epochs, isExact, signal) => answered(frames(this.id, pair, epochs, isExact, signal)),
        () => this.#isClosed || this.#onChange(null)
      );
      this.#update(cache);
      return cache;
    }
    #drop(key) {
      this.#caches.get(key)?.close();
      this.#caches.delete(key);
    }
    #update(cache) {
      if (this.panel) cache.setEpochs(this.pictured, this.panel.stamps ?? []);
    }
    async #refresh() {
      const detail = await variant(this.id);
      if (detail.problem) throw new ApiError(detail.problem);
      const isNew = JSON.stringify(detail) !== JSON.stringify(this.detail);
      this.detail = detail;
      if (isNew) this.epochs = union(detail.epochs, this.pictured);
      await this.#refreshLosses(detail.losses);
      for (const cache of this.#caches.values()) this.#update(cache);
      if (isNew && !this.#isClosed) this.#onChange(null);
    }
    async #refreshLosses(count) {
      const have = count < this.#losses.train.length ? 0 : this.#losses.train.length;
      if (count === have) return;
      const fresh = await losses(this.id, have);
      const joined = (known, column) => {
        const all = new Float32Array(have + fresh.length / 2);
        for (let i = 0; i < have; i++) all[i] = known[i];
        for (let i = have; i < all.length; i++) all[i] = fresh[2 * (i - have) + column];
        return all;
      };
      const test = joined(this.#losses.test, 1);
      this.#losses = { train: joined(this.#losses.train, 0), test };
      this.#series.key = "";
      const step = test.findIndex((loss) => loss < GROKKED);
      this.#grokkedAt = step < 0 ? null : step + 1;
    }
  };
  async function answered(asked) {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof ApiError || error instanceof DOMException && error.name === "AbortError") return null;
      throw error;
    }
  }

  // dashboard/url_state.ts
  var DEFAULTS = Object.freeze({
    page: "explore",
    variant: null,
    epoch: null,
    pair: null,
    head: null,
    view: null,
    color: "fixed",
    scale: "auto",
    origin: "upper",
    with: null,
    align: "epoch"
  });
  var FIELDS = Object.keys(DEFAULTS);
  var PAGES = ["explore", "compare", "jobs"];
  var NUMBERS = ["epoch", "head"];
  var QUIET = ["epoch"];
  var WRITE_DELAY_MS = 200;
  var state = read(location.pathname, location.search);
  var timer;
  var listeners = /* @__PURE__ */ new Set();
  var get = () => state;
  function subscribe(listener) {
    listeners.add(listener);
  }
  function set(patch) {
    const changed = new Set(FIELDS.filter((field) => field in patch && patch[field] !== state[field]));
    if (!changed.size) return;
    const isStep = [...changed].some((field) => !QUIET.includes(field)) && state.variant !== null;
    if (isStep) flush();
    state = { ...state, ...patch };
    if (isStep) history.pushState(null, "", address(state));
    else timer ??= setTimeout(flush, WRITE_DELAY_MS);
    notify(changed);
  }
  function address(of) {
    const query = new URLSearchParams();
    for (const field of FIELDS) {
      if (field !== "page" && of[field] !== DEFAULTS[field]) query.set(field, String(of[field]));
    }
    const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");
    return (of.page === "explore" ? "/" : `/${of.page}`) + (text ? `?${text}` : "");
  }
  function read(pathname, search) {
    const query = new URLSearchParams(search);
    const page = pathname.slice(1);
    const found = { ...DEFAULTS };
    for (const field of FIELDS) {
      const given = query.get(field);
      if (given !== null) found[field] = NUMBERS.includes(field) ? wholeNumber(given) : given;
    }
    return { ...found, page: PAGES.includes(page) ? page : "explore" };
  }
  function wholeNumber(text) {
    return /^\d{1,12}$/.test(text) ? Number(text) : null;
  }
  function flush() {
    stopTimer();
    if (address(state) !== location.pathname + location.search) history.replaceState(null, "", address(state));
  }
  function stopTimer() {
    clearTimeout(timer);
    timer = void 0;
  }
  function notify(changed) {
    for (const listener of listeners) listener(state, changed);
  }
  addEventListener("pagehide", flush);
  addEventListener("popstate", () => {
    stopTimer();
    const before = state;
    state = read(location.pathname, location.search);
    notify(new Set(FIELDS.filter((field) => before[field] !== state[field])));
  });

  // dashboard/compare_panel.ts
  var ComparePanel = class {
    element;
    picture;
    session;
    #name;
    #words = make("p");
    #color = "";
    #problem = null;
    constructor(id, calls, onReady) {
      this.#name = make("h2", {}, id);
      const mount = make("div", { class: "heads" });
      this.element = make("section", { class: "side" }, make("header", {}, this.#name, this.#words), mount);
      this.picture = new Picture(mount, calls, onReady);
      this.session = new Session(id, (problem) => {
        this.#problem = problem;
        onReady();
      });
    }
    /** The CSS variable of its curve. */
    get color() {
      return this.#color;
    }
    set color(variable) {
      this.#color = variable;
      this.#name.style.setProperty("--run", `var(${variable})`);
    }
    close() {
      this.session.close();
      this.element.remove();
    }
    /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
    at(moment, shift) {
      const epochs = this.session.pictured;
      const index = nearest(epochs, moment === null ? Infinity : moment - shift);
      return index < 0 ? null : epochs[index];
    }
    cache(pair) {
      return this.session.cache(pair);
    }
    /** The frame to paint now, undefined while it is on its way. */
    frame(epoch, pair) {
      if (epoch === null) return void 0;
      const cache = this.cache(pair);
      cache?.look(epoch);
      return cache?.get(epoch);
    }
    describe(epoch) {
      const { detail, id } = this.session;
      this.#name.textContent = detail?.label ?? id.split("/").at(-1) ?? id;
      this.#words.textContent = this.#problem?.message ?? this.#state(epoch);
    }
    #state(epoch) {
      if (!this.session.detail) return "loading …";
      if (epoch === null) return "no attention patterns yet; analyse it first";
      const [train, test] = this.session.lossesAt(epoch);
      const losses2 = `test loss ${lossWords(test)} · train loss ${lossWords(train)}`;
      return [`Epoch ${epochWords(epoch)}`, losses2, alignmentWords(this.session, get().align)].filter(Boolean).join(" · ");
    }
  };

  // dashboard/controls.ts
  var handlers = /* @__PURE__ */ new Map();
  var shown = /* @__PURE__ */ new Map();
  document.addEventListener(CHOICE, (event) => {
    const { id, value } = event.detail;
    const before = shown.get(id);
    if (!isValue(value) || value === null || isSame2(value, before?.value)) return;
    shown.set(id, { ...before, value });
    handlers.get(id)?.(value);
  });
  var isValue = (value) => value === null || typeof value === "string" || Array.isArray(value);
  var isSame2 = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  function onChoice(id, handler) {
    handlers.set(id, (value) => {
      if (typeof value === "string") handler(value);
    });
  }
  function onChoices(id, handler) {
    handlers.set(id, (value) => {
      if (Array.isArray(value)) handler(value);
    });
  }
  function show(id, value, options) {
    const before = shown.get(id);
    const data = options?.map(({ value: value2, label }) => ({ value: value2, label }));
    const offered = data ? JSON.stringify(data) : before?.offered;
    const isNew = offered !== before?.offered;
    if (!isNew && isSame2(value, before?.value)) return;
    shown.set(id, { value, offered });
    setProps(id, isNew ? { data, value } : { value });
  }
  function put(id, data) {
    const text = JSON.stringify(data);
    if (shown.get(id)?.value === text) return;
    shown.set(id, { value: text });
    setProps(id, { data });
  }
  function onAction(actions) {
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
      if (button) actions[button.dataset.action ?? ""]?.(button);
    });
  }

  // dashboard/difference.ts
  var Difference = class {
    element;
    #bar = new ColorBar(byId("difference-bar"));
    #picture;
    #colors = null;
    constructor(calls, onReady) {
      const mount = make("div", { class: "heads" });
      const name = make("h2", { class: "plain" }, "Second minus first");
      this.element = make("section", { class: "side", hidden: true }, make("header", {}, name, make("p")), mount);
      this.#picture = new Picture(mount, calls, onReady);
      byId("sides").append(this.element);
    }
    /** Show the place for it where exactly two grids have the same panels and axes. */
    prepare(all, panel) {
      const [one, other] = all;
      const isPossible = all.length === 2 && JSON.stringify(one) === JSON.stringify(other);
      this.element.hidden = byId("difference-bar").hidden = !isPossible;
      if (!isPossible) return;
      this.#picture.prepare(one, panel);
      this.#bar.draw(this.#palette(one.range), "difference");
    }
    /** Paint the second frame minus the first; what has not arrived fades. */
    paint([first, second], cell) {
      if (this.element.hidden || this.#colors === null) return;
      const frame = first && second ? subtract(first, second) : void 0;
      this.#picture.paint(frame, this.#colors.palette, cell);
    }
    #palette([low, high]) {
      const reach = high - low;
      if (this.#colors?.reach !== reach) this.#colors = { reach, palette: palette("auto", [-reach, reach], 0) };
      return this.#colors.palette;
    }
  };

  // dashboard/empty_state.ts
  function show2(state2, mount = byId("notice")) {
    const key = JSON.stringify(state2);
    if (mount.dataset.key === key) return;
    mount.dataset.key = key;
    mount.hidden = state2 === null;
    mount.replaceChildren(...state2 ? parts(state2) : []);
  }
  function parts({ title, text, command, job }) {
    const made = [make("h2", {}, title), make("p", {}, text)];
    if (command) made.push(commandLine(command));
    if (job) made.push(jobButton(job));
    return made;
  }
  function jobButton({ label, request: request2 }) {
    const start2 = make("button", { class: "main-button", type: "button" }, label);
    start2.addEventListener("click", () => {
      start2.disabled = true;
      start2.textContent = "started; see Jobs";
      put("job-request", { ...request2, asked: Date.now() });
    });
    return start2;
  }
  function commandLine(command) {
    const copy = make("button", { class: "text-button", type: "button" }, "copy");
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(command);
      copy.textContent = "copied";
    });
    return make("div", { class: "command" }, make("code", {}, command), copy);
  }
  function find2(picker, session, problem) {
    if (picker.problem) return unreachable(picker.problem);
    if (problem) return { title: "This variant cannot be shown", text: problem.message };
    if (picker.variants === null) return null;
    if (!picker.variants.length) return nothingYet(picker.broken);
    if (!picker.preferred && !session) return noneUsable(picker.variants);
    return session?.detail ? ofVariant(session.detail, session.panel !== null) : null;
  }
  function unreachable(problem) {
    if (!problem.isOffline) return { title: "The results cannot be read", text: problem.message };
    return {
      title: "The server is gone",
      text: "It was stopped, or its machine sleeps. Start it again; this page goes on where it stands.",
      command: "headlapse dashboard"
    };
  }
  var SMALL_RUN = { prime: 31, train_fraction: 0.6, epochs: 3e3, checkpoint_every: 20 };
  function nothingYet(broken) {
    const families = broken.map(({ name, reason }) => ` Family ${name} cannot be used: ${reason}.`).join("");
    return {
      title: "Nothing trained yet",
      text: `Train a model and its heads appear here while they form. This small one takes about a minute.${families}`,
      command: "headlapse train modulo_addition_1layer --prime 31 --train-fraction 0.6 --epochs 3000",
      job: { label: "Train it now", request: { kind: "train", family: "modulo_addition_1layer", texts: SMALL_RUN } }
    };
  }
  function noneUsable(variants2) {
    const others = variants2.length > 1 ? ` And ${variants2.length - 1} more.` : "";
    return { title: "No variant can be shown", text: `${variants2[0].problem}${others}`, command: "headlapse check --all" };
  }
  function notTrained({ family, settings }) {
    const options = Object.entries(settings).map(([name, value]) => `--set ${name}=${value}`);
    return {
      title: "Not trained yet",
      text: "This variant has no checkpoint. Train it:",
      command: ["headlapse train", family.name, ...options].join(" "),
      job: { label: "Train it now", request: { kind: "train", family: family.name, texts: settings } }
    };
  }
  function ofVariant(detail, hasPicture) {
    if (hasPicture) return null;
    const broken = detail.panels.find(({ problem }) => problem);
    const analyze = `headlapse analyze ${detail.name}`;
    if (broken) return { title: `${broken.title} cannot be shown`, text: broken.problem ?? "", command: analyze };
    if (!detail.epochs.length) {
      return detail.state === "training" ? { title: "Training has begun", text: "The first checkpoint appears here in a moment." } : notTrained(detail);
    }
    if (!detail.unanalysed.length) return null;
    return {
      title: "Not analysed yet",
      text: `${detail.epochs.length} checkpoints are there, but no attention patterns. Extract them:`,
      command: analyze,
      job: { label: "Analyse now", request: { kind: "analyze", variant: detail.id } }
    };
  }

  // dashboard/compare.ts
  var MOST = 4;
  var COLORS = ["--run-0", "--run-1", "--run-2", "--run-3"];
  var CONTROLS = { "compare-pair": "pair", "compare-color": "color", "compare-scale": "scale" };
  var INVITATION = {
    title: "Compare variants",
    text: "Choose two to four above: a run that groks beside one without weight decay, other seeds, another prime."
  };
  var Compare = class {
    timeline;
    #picker;
    #colors = new ColorSettings();
    #bar = new ColorBar(byId("compare-bar"));
    #difference;
    #calls = {
      onCell: (cell) => this.#point(cell),
      onPanel: (head) => set({ head })
    };
    #panels = [];
    #cell = null;
    #scheduled = 0;
    constructor(picker) {
      this.#picker = picker;
      this.#difference = new Difference(this.#calls, () => this.#schedule());
      this.timeline = new Timeline(byId("page-compare"), this);
      onTheme(() => this.timeline.chart.draw());
      onChoices("compared", (ids) => this.#choose(ids));
      onChoice("align", (align) => set({ align }));
      for (const [id, field] of Object.entries(CONTROLS)) onChoice(id, (value) => set({ [field]: value }));
    }
    /** Have one panel for each chosen variant; those that stay keep what they have loaded. */
    open() {
      const ids = this.#ids;
      const before = new Map(this.#panels.map((panel) => [panel.session.id, panel]));
      for (const [id, panel] of before) if (!ids.includes(id)) panel.close();
      this.#panels = ids.map((id) => before.get(id) ?? this.#start(id));
      this.#panels.forEach((panel, index) => {
        panel.color = COLORS[index];
        byId("sides").insertBefore(panel.element, this.#difference.element);
      });
      this.update();
    }
    close() {
      for (const panel of this.#panels) panel.close();
      this.#panels = [];
    }
    get epochs() {
      return moments(this.#sessions, get().align);
    }
    get epoch() {
      const { epochs } = this;
      const index = nearest(epochs, get().epoch ?? Infinity);
      return index < 0 ? null : epochs[index];
    }
    get isLive() {
      return this.#sessions.some((session) => session.isTraining);
    }
    get isFollowing() {
      return get().epoch === null;
    }
    isReady(moment) {
      const { pair } = get();
      return this.#panels.every((panel) => {
        const epoch = panel.at(moment, this.#shift(panel.session));
        return epoch === null || (panel.cache(pair)?.isSettled(epoch) ?? true);
      });
    }
    go(epoch) {
      set({ epoch });
    }
    choosePair(index) {
      const option = this.#sessions[0]?.options("pair")[index];
      if (option) set({ pair: option.value });
    }
    update() {
      if (get().page !== "compare") return;
      this.#showControls();
      show2(this.#empty, byId("compare-notice"));
      const { head, origin } = get();
      const all = this.#panels.map((panel) => panel.session.grids(origin));
      this.#panels.forEach((panel, index) => {
        const grids = all[index];
        if (grids) panel.picture.prepare(grids, head);
      });
      this.#difference.prepare(
        all.filter((grids) => grids !== null),
        head
      );
      this.#showTimeline();
      this.#schedule();
    }
    /** Only the epoch changed. */
    move() {
      this.timeline.showPlayer();
      this.#schedule();
    }
    get #ids() {
      const { variant: variant2, with: others } = get();
      return [.../* @__PURE__ */ new Set([variant2 ?? "", ...others?.split(",") ?? []])].filter(Boolean).slice(0, MOST);
    }
    #choose(ids) {
      const [variant2, ...others] = ids.slice(0, MOST);
      if (variant2) set({ variant: variant2, with: others.join(",") || null });
      else show("compared", this.#ids);
    }
    #start(id) {
      const panel = new ComparePanel(id, this.#calls, () => this.update());
      void panel.session.watch();
      return panel;
    }
    get #sessions() {
      return this.#panels.map((panel) => panel.session).filter((session) => session.detail);
    }
    #shift(session) {
      return shiftOf(session, this.#sessions, get().align);
    }
    get #empty() {
      if (this.#picker.problem || !this.#panels.length) return find2(this.#picker, null, null);
      return this.#panels.length < 2 ? INVITATION : null;
    }
    #showControls() {
      const state2 = get();
      const [first] = this.#sessions;
      show("compared", this.#ids, this.#picker.options);
      show("align", state2.align, ALIGNMENTS);
      for (const [id, field] of Object.entries(CONTROLS)) {
        const options = first?.options(field) ?? [];
        if (options.length) show(id, first?.option(field, state2[field])?.value ?? null, options);
      }
    }
    #showTimeline() {
      const series = this.#panels.flatMap(({ session, color }) => session.series({ shift: this.#shift(session), color }));
      const ends = this.#sessions.map((session) => session.last + this.#shift(session));
      this.timeline.show(series, [], Math.max(0, ...ends));
      this.timeline.showPlayer();
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(this.#draw);
    }
    #draw = () => {
      this.#scheduled = 0;
      const moment = this.epoch;
      if (moment !== null) this.timeline.mark(moment);
      this.#paint(
        this.#panels.map((panel) => {
          const epoch = panel.at(moment, this.#shift(panel.session));
          panel.describe(epoch);
          return panel.frame(epoch, get().pair);
        })
      );
    };
    #paint(frames2) {
      const { color, scale, pair, origin } = get();
      const here = frames2.filter((frame) => frame !== void 0);
      const [first] = this.#sessions;
      const grids = first?.grids(origin);
      if (!here.length || !first || !grids) return;
      const palette2 = this.#colors.palette(first.option("color", color), scale, {
        fixed: () => grids.range,
        epoch: () => around(here.map(extent)),
        run: () => around(this.#panels.map((panel) => panel.cache(pair)?.range ?? grids.range))
      });
      this.#panels.forEach((panel, index) => {
        panel.picture.paint(frames2[index], palette2, this.#cell);
      });
      this.#bar.draw(palette2, grids.valueName);
      this.#difference.paint(frames2, this.#cell);
    }
    #point(cell) {
      this.#cell = cell;
      this.#schedule();
    }
  };

  // core/readout.ts
  var Readout = class {
    #mount;
    #title;
    #note = make("em");
    #test = make("span", { class: "of-test" });
    #train = make("span", { class: "of-train" });
    /** `id` is that of the title. */
    constructor(mount, id = null) {
      this.#title = make("strong", { class: "picture-title", id });
      this.#mount = mount;
    }
    show({ epoch, subject, train, test, note }) {
      if (!this.#mount.childElementCount) this.#mount.replaceChildren(this.#note, this.#title, this.#test, this.#train);
      this.#note.textContent = note;
      this.#title.textContent = [`Epoch ${epochWords(epoch)}`, subject].filter(Boolean).join(" · ");
      this.#test.textContent = `test loss ${lossWords(test)}`;
      this.#train.textContent = `train loss ${lossWords(train)}`;
    }
  };

  // dashboard/figure_view.ts
  var HEADS = "heads";
  var FigureView = class {
    #host;
    constructor(host) {
      this.#host = host;
      onChoice("view", (view) => set({ view: view === HEADS ? null : view }));
      onTheme(() => this.draw());
    }
    /** The view shown instead of the heads: the chosen one, or the only thing there is; null for the heads. */
    get shown() {
      const chosen = this.#panels.find(({ view }) => view === get().view);
      return (chosen ?? (this.#host.session?.panel ? null : this.#panels[0]))?.view ?? null;
    }
    /** Offer the views there are; one alone is no choice. */
    offer() {
      const heads = this.#host.session?.panel;
      const options = this.#panels.map(({ view, title }) => ({ value: view, label: title }));
      if (heads) options.unshift({ value: HEADS, label: heads.title });
      byId("view-choice").hidden = options.length < 2;
      show("view", this.shown ?? HEADS, options);
    }
    /** Ask the server for the view at the epoch of now. */
    draw() {
      const { session, epoch } = this.#host;
      const view = this.shown;
      if (!view || !session) return;
      put("moment", { variant: session.id, epoch, theme: theme() });
      put("panels", { variant: session.id, view });
    }
    get #panels() {
      return this.#host.session?.detail?.panels.filter(({ painted }) => !painted) ?? [];
    }
  };

  // dashboard/state_words.ts
  function stateWords(state2, detail) {
    const { epochs = [], analysed = 0 } = detail ?? {};
    const isPart = analysed < epochs.length && analysed > 0 && state2 !== "training";
    return isPart ? `${state2} · ${analysed} of ${epochs.length} analysed` : state2;
  }
  function remark(detail, cache, epoch) {
    const isHere = cache?.get(epoch) !== void 0;
    if (detail.losses_problem && (!cache || isHere)) return detail.losses_problem;
    if (!cache) return "";
    if (isHere) return cache.progress < 1 ? `loading ${Math.round(cache.progress * 100)} %` : "";
    return cache.failed.get(epoch) ?? (cache.exists(epoch) ? "loading …" : "this checkpoint is not analysed yet");
  }

  // dashboard/explore.ts
  var REST_MS = 120;
  var CONTROLS2 = ["pair", "color", "scale", "origin"];
  var Explore = class {
    timeline;
    session = null;
    #picker;
    #colors = new ColorSettings();
    #bar = new ColorBar(byId("color-bar"));
    #readout = new Readout(byId("readout"), "picture-title");
    #picture;
    #figures;
    #problem = null;
    #cell = null;
    #scheduled = 0;
    #rest;
    #resting = null;
    constructor(picker) {
      this.#picker = picker;
      this.timeline = new Timeline(byId("page-explore"), this);
      const calls = { onCell: (cell) => this.#point(cell), onPanel: (head) => set({ head }) };
      this.#picture = new Picture(byId("heads"), calls, () => this.#schedule());
      this.#figures = new FigureView(this);
      onTheme(() => this.#redraw());
      for (const name of CONTROLS2) onChoice(name, (value) => set({ [name]: value }));
    }
    /** Open the variant that the address names. */
    async open() {
      const { variant: variant2 } = get();
      this.session?.close();
      this.session = this.#problem = null;
      this.#picture.clear();
      if (variant2 !== null) {
        this.session = new Session(variant2, (problem) => this.#onSession(problem));
        await this.session.watch();
      }
      this.update();
    }
    /** The shown epoch: the one of the address, else the newest that can be shown. */
    get epoch() {
      const { epoch } = get();
      const epochs = (epoch === null && this.session?.panel ? this.session.pictured : this.session?.epochs) ?? [];
      const index = nearest(epochs, epoch ?? Infinity);
      return index < 0 ? null : epochs[index];
    }
    get epochs() {
      return this.session?.epochs ?? [];
    }
    get isLive() {
      return this.session?.isTraining ?? false;
    }
    get isFollowing() {
      return get().epoch === null;
    }
    get runRange() {
      return this.#cache?.range ?? null;
    }
    isReady(epoch) {
      return this.#cache?.isSettled(epoch) ?? true;
    }
    go(epoch) {
      set({ epoch });
    }
    choosePair(index) {
      const option = this.session?.options("pair")[index];
      if (option) set({ pair: option.value });
    }
    /** Everything but the picture: called when the session or the state changed. */
    update() {
      const { session } = this;
      const found = find2(this.#picker, session, this.#problem);
      show2(found);
      const figure = found === null ? this.#figures.shown : null;
      const hasPicture = found === null && session?.panel != null && !figure;
      byId("stage").hidden = !hasPicture;
      byId("other-panels").hidden = !figure;
      this.#figures.offer();
      byId("choices").hidden = byId("export").hidden = !hasPicture;
      if (hasPicture && session) this.#updatePicture(session);
      this.#showState();
      this.timeline.show(session?.series() ?? [], session?.detail?.marks ?? [], session?.last ?? 0);
      this.timeline.showPlayer();
      this.#schedule();
    }
    /** Only the epoch changed. */
    move() {
      this.timeline.showPlayer();
      this.#schedule();
    }
    get #cache() {
      return this.session?.cache(get().pair) ?? null;
    }
    get #grids() {
      return this.session?.grids(get().origin) ?? null;
    }
    #onSession(problem) {
      this.#problem = problem;
      this.update();
    }
    #updatePicture(session) {
      const state2 = get();
      for (const name of CONTROLS2) {
        show(name, session.option(name, state2[name])?.value ?? null, session.options(name));
      }
      const grids = this.#grids;
      if (grids) this.#picture.prepare(grids, state2.head);
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(this.#draw);
    }
    /** Colours of the theme are drawn into canvases. */
    #redraw() {
      this.timeline.chart.draw();
      this.#schedule();
    }
    /** Paint the shown epoch. Only what is in memory is touched, so this takes a fraction of a millisecond. */
    #draw = () => {
      this.#scheduled = 0;
      const { epoch, session } = this;
      if (epoch === null || !session?.detail) return;
      this.timeline.mark(epoch);
      const cache = this.#cache;
      cache?.look(epoch);
      const frame = cache?.get(epoch);
      this.#paint(session, frame, cache);
      this.#read(session, epoch, remark(session.detail, cache, epoch));
      this.#restLater(epoch, cache);
    };
    #paint(session, frame, cache) {
      const grids = this.#grids;
      const palette2 = frame && grids ? this.#palette(session, frame, grids, cache) : void 0;
      this.#picture.paint(frame, palette2, this.#cell);
      if (palette2 && grids) this.#bar.draw(palette2, grids.valueName);
    }
    #palette(session, frame, grids, cache) {
      const { color, scale } = get();
      return this.#colors.palette(session.option("color", color), scale, {
        fixed: () => grids.range,
        epoch: () => extent(frame),
        run: () => cache?.range ?? grids.range
      });
    }
    #read(session, epoch, note) {
      const [train, test] = session.lossesAt(epoch);
      const subject = this.#figures.shown ? "" : session.option("pair", get().pair)?.label ?? "";
      this.#readout.show({ epoch, subject, train, test, note });
    }
    #point(cell) {
      this.#cell = cell;
      this.#schedule();
    }
    /** Once the eye rests, paint and read the artifact's own float32 numbers. */
    #restLater(epoch, cache) {
      if (this.#resting?.epoch === epoch && this.#resting.cache === cache) return;
      this.#resting = { epoch, cache };
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => {
        this.#resting = null;
        if (!this.timeline.player.direction && this.epoch !== null) void this.#cache?.fetchExact(this.epoch);
        this.#figures.draw();
      }, REST_MS);
    }
    #showState() {
      const detail = this.session?.detail ?? null;
      const state2 = detail?.state ?? this.#picker.entry(get().variant)?.state ?? "";
      byId("variant-state").dataset.state = state2;
      byId("variant-state").textContent = stateWords(state2, detail);
    }
  };

  // dashboard/export_menu.ts
  async function save(shown2, { dataset: { ending = "", span = "" } }) {
    if (!shown2.session) return;
    const say = (text) => byId("export-message").replaceChildren(text);
    say("drawing …");
    try {
      const { name, blob } = await file(shown2.session.id, request(shown2, shown2.session, ending, span));
      const link = make("a", { href: URL.createObjectURL(blob), download: name });
      link.click();
      URL.revokeObjectURL(link.href);
      say(`saved: ${name}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.message);
    }
  }
  function request(shown2, session, ending, span) {
    const { head, color, scale, origin, pair } = get();
    const asked = { ending, view: viewOf(head), theme: theme(), scale, origin };
    asked.pair = session.option("pair", pair)?.value ?? "";
    const range = session.option("color", color);
    asked.color = range === WHOLE_RUN && shown2.runRange ? shown2.runRange.join("..") : range?.value ?? color;
    if (head !== null) asked.head = String(head);
    if (span === "epoch") asked.epoch = String(shown2.epoch);
    return asked;
  }

  // dashboard/variant_picker.ts
  var EVERY_MS = 3e3;
  var VariantPicker = class {
    variants = null;
    broken = [];
    /** Why the list could not be had. */
    problem = null;
    #onChange;
    #offered = { of: null, options: [] };
    /** `onChange()` is called after every look. */
    constructor(onChange) {
      this.#onChange = onChange;
    }
    async watch() {
      await this.#look();
      setTimeout(() => this.watch(), EVERY_MS);
    }
    /** What to open when the address names nothing: a running variant, else one with pictures, else any. */
    get preferred() {
      const usable = (this.variants ?? []).filter((variant2) => variant2.state !== "unusable");
      const best = usable.find(({ state: state2 }) => state2 === "training") ?? usable.find(({ analysed }) => analysed > 0) ?? usable[0];
      return best?.id ?? null;
    }
    entry(id) {
      return this.variants?.find((variant2) => variant2.id === id) ?? null;
    }
    /** The variants as options of a selection. */
    get options() {
      if (this.#offered.of !== this.variants) this.#offered = { of: this.variants, options: optionsOf(this.variants ?? []) };
      return this.#offered.options;
    }
    offer(id) {
      if (this.variants !== null) show("variant", id, this.options);
    }
    async #look() {
      if (document.hidden && this.variants) return;
      try {
        const { variants: variants2, broken } = await variants();
        Object.assign(this, { variants: variants2, broken, problem: null });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.problem = error;
      }
      this.#onChange();
    }
  };
  function optionsOf(variants2) {
    const hasSeveral = new Set(variants2.map(({ family }) => family)).size > 1;
    return variants2.map(({ id, family, label }) => ({ value: id, label: hasSeveral ? `${family} · ${label}` : label }));
  }

  // dashboard/start.ts
  var MOST_PAIRS = 9;
  async function start() {
    const picker = new VariantPicker(() => onVariants());
    const explore = new Explore(picker);
    const compare = new Compare(picker);
    const shown2 = () => get().page === "compare" ? compare : explore;
    function onVariants() {
      if (get().variant === null && picker.preferred) set({ variant: picker.preferred });
      picker.offer(get().variant);
      shown2().update();
    }
    function onState(state2, changed) {
      if (changed.size === 1 && changed.has("epoch")) {
        shown2().move();
        return;
      }
      if (changed.has("page") && state2.page !== "compare") compare.close();
      if (changed.has("variant")) {
        picker.offer(state2.variant);
        void explore.open();
      }
      if (state2.page === "compare" && ["variant", "with", "page"].some((field) => changed.has(field))) compare.open();
      showPage(state2.page);
      shown2().update();
    }
    subscribe(onState);
    onChoice("variant", (variant2) => set({ variant: variant2, epoch: null, head: null }));
    listen2(shown2, explore);
    followLinks();
    showPage(get().page);
    await load();
    await picker.watch();
    if (!explore.session && get().variant) await explore.open();
    if (get().page === "compare") compare.open();
  }
  function listen2(shown2, explore) {
    const help = byId("help");
    onAction({
      export: (button) => void save(explore, button),
      help: () => help.showModal(),
      "close-help": () => help.close()
    });
    const toggleHead = () => set({ head: get().head === null ? 0 : null });
    const pairs = Array.from({ length: MOST_PAIRS }, (_, index) => [String(index + 1), () => shown2().choosePair(index)]);
    listen(window, {
      ...stepKeys({
        step: (steps) => shown2().timeline.step(steps),
        first: () => shown2().timeline.first(),
        last: () => shown2().timeline.last(),
        play: () => shown2().timeline.play()
      }),
      ...Object.fromEntries(pairs),
      h: toggleHead,
      H: toggleHead,
      "?": () => help.showModal()
    });
  }
  function followLinks() {
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[data-page]") : null;
      if (!link?.dataset.page || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      set({ page: link.dataset.page });
    });
  }
  function showPage(page) {
    for (const section of document.querySelectorAll(".page")) section.hidden = section.id !== `page-${page}`;
    setProps("jobs-clock", { disabled: page !== "jobs" });
    for (const link of document.querySelectorAll(".page-link")) {
      link.toggleAttribute("aria-current", link.dataset.page === page);
      link.href = address({ ...get(), page: link.dataset.page ?? "explore" });
    }
  }

  // dashboard/main.ts
  install();
  var observer = new MutationObserver(startWhenDrawn);
  function startWhenDrawn() {
    if (!document.getElementById("shell")) return;
    observer.disconnect();
    void start();
  }
  observer.observe(document.documentElement, { childList: true, subtree: true });
  startWhenDrawn();
})();
