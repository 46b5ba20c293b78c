"use strict";
(() => {
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
    for (const [name2, value] of Object.entries(attributes)) {
      if (value !== false && value !== null) element.setAttribute(name2, value === true ? "" : String(value));
    }
    element.append(...children);
    return element;
  }
  function arrange(parent, nodes) {
    const wanted = new Set(nodes);
    for (const child of [...parent.childNodes]) if (!wanted.has(child)) parent.removeChild(child);
    let next = parent.firstChild;
    for (const node of nodes) {
      if (node === next) next = next.nextSibling;
      else parent.insertBefore(node, next);
    }
  }
  function contextOf(canvas) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no canvas");
    return context;
  }
  var cssValue = (element, name2) => getComputedStyle(element).getPropertyValue(name2).trim();
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

  // core/control_bar.ts
  function optionOf({ name: name2, options }, choices) {
    return options.find(({ value }) => value === choices[name2]) ?? options[0] ?? null;
  }
  function numbered(controls2, index) {
    const control = controls2.find(({ name: name2 }) => name2 === "from") ?? controls2.find(({ isLook }) => !isLook);
    const value = control?.options[index]?.value;
    return control && value !== void 0 ? { name: control.name, value } : null;
  }
  var ControlBar = class {
    #mount;
    #prefix;
    #onChoice;
    #selects = /* @__PURE__ */ new Map();
    #offered = "";
    /** `onChoice(name, value)` is told what the user chose. The selection of a control gets the id `prefix` + name. */
    constructor(mount, onChoice, prefix = "") {
      this.#mount = mount;
      this.#onChoice = onChoice;
      this.#prefix = prefix;
    }
    /** Offer the controls that leave a choice, and show what is chosen. */
    show(controls2, choices) {
      const choosable = controls2.filter(({ options }) => options.length > 1);
      const offered = JSON.stringify(
        choosable.map(({ name: name2, label, options }) => [name2, label, options.map((one) => [one.value, one.label])])
      );
      if (offered !== this.#offered) {
        this.#offered = offered;
        this.#selects.clear();
        this.#mount.replaceChildren(...choosable.map((control) => this.#made(control)));
      }
      for (const control of choosable) {
        const select = this.#selects.get(control.name);
        const value = optionOf(control, choices)?.value;
        if (select && value !== void 0 && select.value !== value) select.value = value;
      }
    }
    #made({ name: name2, label, options }) {
      const offers = options.map((option) => make("option", { value: option.value }, option.label));
      const select = make("select", { id: this.#prefix + name2, "aria-label": label }, ...offers);
      select.addEventListener("change", () => this.#onChoice(name2, select.value));
      leaveAfterPointing(select);
      this.#selects.set(name2, select);
      return make("label", { class: "control" }, make("span", {}, label), select);
    }
  };
  function leaveAfterPointing(select) {
    let isPointed = false;
    select.addEventListener("pointerdown", () => {
      isPointed = true;
    });
    select.addEventListener("keydown", () => {
      isPointed = false;
    });
    select.addEventListener("change", () => {
      if (isPointed) select.blur();
    });
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
  function listen(target, keys2) {
    const onKey = (event) => {
      if (!(event instanceof KeyboardEvent) || isTaken(event)) return;
      const action = keys2[event.shiftKey ? `Shift+${event.key}` : event.key] ?? keys2[event.key];
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
  var whole = new Intl.NumberFormat("en-US");
  var epochWords = (epoch) => whole.format(epoch);
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
    const words = value.toFixed(Math.min(Math.max(decimals, 0), 20));
    return Number(words) === 0 ? words.replace("-", "") : words;
  }
  var powerWords = (power) => power > -3 && power < 3 ? String(10 ** power) : `1e${power}`;
  var constantWords = (extent3) => extent3 !== null && extent3[0] === extent3[1] ? `always ${valueWords(extent3[0])}` : "";
  function scientific(value, digits) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e");
    return [mantissa, Number(power)];
  }
  var fixed = (value, digits, power) => value.toFixed(Math.max(digits - 1 - power, 0));
  var trimmed = (number) => number.includes(".") ? number.replace(/\.?0+$/, "") : number;

  // core/grids.ts
  function shapeOf({ axes: [down, right], block: [rows, columns] = [1, 1] }) {
    return { rows: Math.ceil(down.size / rows), columns: Math.ceil(right.size / columns) };
  }
  function topStep(values) {
    if (values instanceof Float32Array) return null;
    return values instanceof Uint16Array ? 65535 : 255;
  }
  function decoder({ values, range: [low, high] }) {
    const top = topStep(values);
    return top === null ? (stored) => stored : (stored) => low + stored / top * (high - low);
  }
  function cellsOf(grids) {
    const { rows, columns } = shapeOf(grids);
    return rows * columns;
  }
  function panelValues(grids, frame, panel) {
    const cells = cellsOf(grids);
    return frame.values.subarray(panel * cells, (panel + 1) * cells);
  }
  function hasCell(grids, { row, column }) {
    const { rows, columns } = shapeOf(grids);
    return row < rows && column < columns;
  }
  var extents = /* @__PURE__ */ new WeakMap();
  function extent(frame) {
    const known2 = extents.get(frame);
    if (known2) return known2;
    const found = measured(frame);
    extents.set(frame, found);
    return found;
  }
  function measured(frame) {
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
    const steps = [first, second].map(stepOf).filter((step) => step !== null);
    return { values, range: extent({ values, range: [0, 1] }), step: steps.length ? Math.max(...steps) : null };
  }
  function placeWords({ ticks }, index) {
    return ticks?.[index] ?? String(index);
  }
  function cellWords(grids, frame, panel, cell) {
    if (!hasCell(grids, cell)) return "–";
    const [down, right] = grids.axes;
    const [rows, columns] = grids.block ?? [1, 1];
    const place2 = `${down.name} ${blockWords(down, cell.row, rows)}, ${right.name} ${blockWords(right, cell.column, columns)}`;
    const stored = panelValues(grids, frame, panel)[cell.row * shapeOf(grids).columns + cell.column];
    return `${place2}: ${rows * columns > 1 ? "mean " : ""}${storedWords(frame, stored)}`;
  }
  function blockWords(axis, index, size) {
    const [first, last] = [index * size, Math.min((index + 1) * size, axis.size) - 1];
    return first === last ? placeWords(axis, first) : `${placeWords(axis, first)}–${placeWords(axis, last)}`;
  }
  function storedWords(frame, stored) {
    const [number, step] = [decoder(frame)(stored), stepOf(frame)];
    return step === null ? valueWords(number) : quantisedWords(number, step);
  }
  function stepOf({ values, range: [low, high], step = null }) {
    const top = topStep(values);
    return top === null ? step : (high - low) / top;
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
      const used = midpoint === null ? stops : crop(stops, whole2(range, midpoint), range);
      const colors = Array.from({ length: STEPS }, (_, step) => pack(colorAt(used, step / (STEPS - 1))));
      return new _Palette(range, Uint32Array.from(colors));
    }
    /** From red, green and blue bytes of 256 colours. */
    static fromBytes(bytes, range) {
      const colors = Array.from({ length: STEPS }, (_, step) => pack(bytes.subarray(3 * step, 3 * step + 3)));
      return new _Palette(range, Uint32Array.from(colors));
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
  function whole2([low, high], midpoint) {
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

  // core/texts.ts
  var MOST_NAMED = 24;
  var many = (n) => n.toLocaleString("en");
  var sentences = (parts) => parts.filter(Boolean).join(" · ");
  var common = {
    join: sentences,
    epoch: (epoch) => `epoch ${epochWords(epoch)}`,
    epochTitle: (epoch) => `Epoch ${epochWords(epoch)}`,
    loading: "loading…",
    allHeads: "All heads",
    tab: (parts) => sentences([...parts, "headlapse"]),
    runs: (n) => n === 1 ? "1 run" : `${many(n)} runs`
  };
  var losses = {
    test: "test loss",
    train: "train loss",
    testValue: (loss) => `test loss ${lossWords(loss)}`,
    trainValue: (loss) => `train loss ${lossWords(loss)}`,
    both: (test, train) => `test loss ${lossWords(test)} · train loss ${lossWords(train)}`,
    bothShort: (test, train) => `test ${lossWords(test)} · train ${lossWords(train)}`,
    chart: "Train and test loss by epoch, log axis",
    testChart: "Test losses by epoch, log axis",
    testPlot: (n) => `Test losses of ${n} runs`,
    axis: "epoch",
    besides: "Other curves"
  };
  var marks = {
    group: "Marked epochs",
    note: "note",
    pinned: "pinned",
    pinnedAt: (epoch) => `pinned ${epochWords(epoch)}`,
    ofNote: (epoch, text) => `Epoch ${epochWords(epoch)}: ${text}`,
    ofEvent: (epoch, label) => `${label}: epoch ${epochWords(epoch)}`,
    several: "several marks",
    ofSeveral: (what, names) => {
      const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
      return names.length ? `${what}: ${names.slice(0, MOST_NAMED).join(", ")}${more}` : what;
    },
    ofGroup: (first, last, events) => {
      const when = first === last ? `Epoch ${epochWords(first)}` : `Epochs ${epochWords(first)} to ${epochWords(last)}`;
      return [when, ...events].join("\n");
    }
  };
  var transport = {
    slider: "Epoch",
    place: (epoch, index, all) => `epoch ${epochWords(epoch)}${index < 0 ? "" : `, checkpoint ${index + 1} of ${all}`}`,
    first: "First checkpoint (Home)",
    back: "Play backwards",
    play: "Play (Space)",
    last: "Last checkpoint (End)",
    speed: "Playback speed",
    loop: "Loop",
    log: "log",
    logTitle: "Logarithmic epoch axis"
  };
  var picture = {
    histogram: "Histogram of the values shown",
    wholeGrid: "Show the whole grid (double-click)",
    map: (title, valueName, down, right) => `${title}, ${valueName} by ${down} and ${right}`,
    panels: (count, panelName) => `${count} ${panelName}s`,
    large: (title) => `Enlarge ${title}`,
    allPanels: (panelName) => `all ${panelName}s`,
    meanOver: (axis) => `mean over ${axis}`,
    meanOf: (axis, each) => `Mean over ${axis}, for each ${each}`,
    plot: (label, axis) => `${label} by ${axis}`,
    notShown: (epoch, problem) => `epoch ${epochWords(epoch)} cannot be shown: ${problem}`
  };
  var controls = {
    fold: "Controls",
    view: "View",
    heads: "Heads",
    unanalysed: (title) => `${title} (not analysed)`,
    beside: "Profiles",
    besideNothing: "None",
    besideProfiles: "Means and slices",
    wholeRun: "Range of this run",
    align: "Alignment",
    sameEpoch: "Same epoch",
    atGrokking: "At grokking"
  };
  var compare = {
    title: "Compare variants",
    invitation: "Choose two to four variants above, for example a run that groks and one without weight decay, or several seeds.",
    add: "Add a variant to compare",
    addShort: "Add a variant",
    remove: (label) => `Remove ${label}`,
    atEpoch: (label, epoch) => `${label} at epoch ${epochWords(epoch)}`,
    where: (epoch, isPinned) => `Epoch ${epochWords(epoch)}${isPinned ? ", pinned" : ""}`,
    notAnalysed: "not analysed yet",
    noView: "no artifacts for this view; analyse the run first",
    difference: "Second minus first",
    differenceValue: "difference"
  };
  var keys = {
    steps: "previous or next checkpoint; with Shift, ten at a time",
    ends: "first or last checkpoint",
    play: "play or pause",
    digits: "choose the position attended to",
    head: "one head or all heads",
    heads: "previous or next head",
    views: "next or previous view",
    pin: "pin this epoch to compare it",
    help: "show these shortcuts",
    sheet: "keys"
  };

  // core/look.ts
  var WHOLE_RUN = { value: "run", label: controls.wholeRun, arguments: { color_range: "run" } };
  var COLOR = "color";
  function withRunRange(controls2) {
    return controls2.map(
      (control) => control.isLook && control.name === COLOR ? { ...control, options: [...control.options, WHOLE_RUN] } : control
    );
  }
  function laidOut(described, controls2, choices) {
    const { origin, columns } = lookOf(controls2, choices);
    const wide = typeof columns === "number" || columns === "layer" ? columns : null;
    return { ...described, origin: origin === "lower" ? "lower" : "upper", columns: wide };
  }
  var Palettes = class {
    #scales;
    #key = "";
    #last = null;
    constructor(scales) {
      this.#scales = scales;
    }
    /** The palette of a scale, or with null of the scale that suits. */
    of(scale, range, midpoint = null) {
      const { stops, sequential, diverging } = this.#scales;
      const name2 = scale ?? (midpoint === null ? sequential : diverging);
      return Palette.of(stops[name2] ?? stops[sequential], range, midpoint);
    }
    chosen(controls2, choices, ranges) {
      const { color_range: wanted, midpoint, scale } = lookOf(controls2, choices);
      const [low, high] = rangeOf(wanted, ranges);
      const range = low < high ? [low, high] : ranges.fixed();
      const center = typeof midpoint === "number" ? midpoint : null;
      const name2 = typeof scale === "string" ? scale : null;
      const key = `${name2} ${range} ${center}`;
      if (this.#last === null || this.#key !== key) {
        this.#key = key;
        this.#last = this.of(name2, range, center);
      }
      return this.#last;
    }
  };
  function rangeOf(wanted, ranges) {
    if (wanted === "epoch") return ranges.epoch();
    if (wanted === "run") return ranges.run();
    if (Array.isArray(wanted)) return [Number(wanted[0]), Number(wanted[1])];
    return ranges.fixed();
  }
  function lookOf(controls2, choices) {
    const chosen = controls2.filter(({ isLook }) => isLook).map((control) => optionOf(control, choices)?.arguments ?? {});
    return Object.assign({}, ...chosen);
  }

  // core/shortcuts.ts
  var DIGITS = 9;
  var keysOf = (shortcuts) => Object.assign({}, ...shortcuts.map(({ keys: keys2 }) => keys2));
  function stepShortcuts(steps) {
    const { " ": play, Home, End, ...arrows } = stepKeys(steps);
    return [
      { shown: ["←", "→"], words: keys.steps, keys: arrows },
      { shown: ["Home", "End"], words: keys.ends, keys: { Home, End } },
      { shown: ["Space"], words: keys.play, keys: { " ": play } }
    ];
  }
  function pictureShortcuts(picture2) {
    const digits = Array.from({ length: DIGITS }, (_, index) => [String(index + 1), () => picture2.chooseNumber(index)]);
    const toggle = () => picture2.showPanel(picture2.panel === null ? 0 : null);
    const go = (step) => () => picture2.showPanel(neighbour(panelsOf(picture2), picture2.panel, step));
    return [
      { shown: ["1", "…", "9"], words: keys.digits, keys: Object.fromEntries(digits) },
      { shown: ["H"], words: keys.head, keys: { h: toggle, H: toggle } },
      { shown: ["[", "]"], words: keys.heads, keys: { "[": go(-1), "]": go(1) } }
    ];
  }
  function rowsOf(shortcuts) {
    return shortcuts.map(({ shown, words }) => {
      const keys2 = shown.map((key) => make("kbd", {}, key));
      return make("tr", {}, make("td", { class: "keys" }, ...keys2), make("td", {}, words));
    });
  }
  function keySheet(shortcuts) {
    const table = make("table", {}, make("tbody", {}, ...rowsOf(shortcuts)));
    return make("details", { class: "key-sheet" }, make("summary", {}, keys.sheet), table);
  }
  function neighbour(values, now, step) {
    return values[(values.indexOf(now) + step + values.length) % values.length];
  }
  var panelsOf = ({ panels }) => [null, ...Array(panels).keys()];

  // core/region.ts
  var LEAST = 2;
  function within(region, [down, right]) {
    if (!region || region.rows[0] >= down.size || region.columns[0] >= right.size) return null;
    const rows = widened(region.rows, down.size);
    const columns = widened(region.columns, right.size);
    const isAll = rows[1] - rows[0] + 1 >= down.size && columns[1] - columns[0] + 1 >= right.size;
    return isAll ? null : { rows, columns };
  }
  function widened([first, last], size) {
    const start2 = Math.max(0, Math.min(first, size - LEAST));
    return [start2, Math.min(Math.max(last, start2 + LEAST - 1), size - 1)];
  }
  function windowOf(grids) {
    const { rows, columns } = shapeOf(grids);
    const { region, block: [high, wide] = [1, 1] } = grids;
    if (!region) return { row: 0, column: 0, rows, columns };
    const [row, column] = [Math.floor(region.rows[0] / high), Math.floor(region.columns[0] / wide)];
    return {
      row,
      column,
      rows: Math.floor(region.rows[1] / high) - row + 1,
      columns: Math.floor(region.columns[1] / wide) - column + 1
    };
  }
  function placesShown(grids) {
    const { row, column, rows, columns } = windowOf(grids);
    const [down, right] = grids.axes;
    const [high, wide] = grids.block ?? [1, 1];
    return {
      rows: [row * high, Math.min((row + rows) * high, down.size) - 1],
      columns: [column * wide, Math.min((column + columns) * wide, right.size) - 1]
    };
  }
  function between(grids, one, other) {
    const [down, right] = grids.axes;
    const [high, wide] = grids.block ?? [1, 1];
    return {
      rows: spanOf(one.row, other.row, high, down.size),
      columns: spanOf(one.column, other.column, wide, right.size)
    };
  }
  function spanOf(one, other, block, size) {
    return [Math.min(one, other) * block, Math.min((Math.max(one, other) + 1) * block, size) - 1];
  }

  // core/histogram.ts
  var MOST_COUNTED = 1e5;
  function histogram(grids, frame, panel, range, bins) {
    const counts = new Uint32Array(bins);
    const binOf = binning(frame, range, bins);
    const wide = shapeOf(grids).columns;
    const { row, column, rows, columns } = windowOf(grids);
    const cells = cellsOf(grids);
    const [first, last] = panel === null ? [0, grids.titles.length] : [panel, panel + 1];
    const every = stride((last - first) * rows * columns, columns);
    let skipped = 0;
    for (let i = first; i < last; i++) {
      for (let down = row; down < row + rows; down++) {
        const end = i * cells + down * wide + column + columns;
        let at = end - columns + skipped;
        for (; at < end; at += every) {
          const bin = binOf(frame.values[at]);
          if (bin >= 0) counts[bin]++;
        }
        skipped = at - end;
      }
    }
    return counts;
  }
  var known = /* @__PURE__ */ new WeakMap();
  function counted(grids, frame, panel, range, bins) {
    const key = JSON.stringify([panel, range, bins, grids.region]);
    const last = known.get(frame);
    if (last?.key === key) return last.counts;
    const counts = histogram(grids, frame, panel, range, bins);
    known.set(frame, { key, counts });
    return counts;
  }
  function stride(total, columns) {
    let every = Math.max(1, Math.ceil(total / MOST_COUNTED));
    while (commonFactor(every, columns) > 1) every++;
    return every;
  }
  function commonFactor(a, b) {
    return b ? commonFactor(b, a % b) : a;
  }
  function binning(frame, [low, high], bins) {
    const decode = decoder(frame);
    const binOf = (stored) => {
      const share = (decode(stored) - low) / (high - low);
      return Number.isNaN(share) ? -1 : Math.min(Math.max(Math.floor(share * bins), 0), bins - 1);
    };
    const top = topStep(frame.values);
    if (top === null || top >= frame.values.length) return binOf;
    const table = Int16Array.from({ length: top + 1 }, (_, step) => binOf(step));
    return (stored) => table[stored];
  }
  function summed([first, ...others]) {
    return first ? others.reduce((sum, counts) => sum.map((count, i) => count + counts[i]), first) : null;
  }
  function barLengths(counts, least) {
    const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
    return Array.from(counts, (count) => count ? Math.max(count / most, least) : 0);
  }

  // core/color_bar.ts
  var LONGEST = 18;
  var endWords = (end) => valueWords(end, Number.isInteger(end) ? 6 : 3);
  var ColorBar = class {
    #canvas = make("canvas", { width: 1, height: 256, class: "color-scale", "aria-hidden": "true" });
    #counts = make("canvas", {
      class: "color-counts",
      role: "img",
      "aria-label": picture.histogram,
      title: picture.histogram,
      hidden: true
    });
    #marks = make("div", { class: "color-marks", "aria-hidden": "true" });
    #high = make("span", { class: "color-high" });
    #low = make("span", { class: "color-low" });
    #name = make("span", { class: "color-name" });
    #drawn = null;
    #counted = null;
    #height = 0;
    constructor(mount) {
      const scale = make("div", { class: "color-strip" }, this.#counts, this.#canvas, this.#marks);
      mount.replaceChildren(this.#high, scale, this.#low, this.#name);
      new ResizeObserver(() => {
        this.#height = this.#canvas.clientHeight;
        this.#drawCounts();
      }).observe(this.#canvas);
    }
    draw(palette, name2) {
      this.#name.textContent = name2;
      if (palette === this.#drawn) return;
      this.#drawn = palette;
      const context = contextOf(this.#canvas);
      const image = context.createImageData(1, 256);
      new Uint32Array(image.data.buffer).set(palette.table.toReversed());
      context.putImageData(image, 0, 0);
      this.#high.textContent = endWords(palette.high);
      this.#low.textContent = endWords(palette.low);
    }
    /** Draw how often values occur, in equal parts from the low end to the high end; null draws nothing. */
    count(counts) {
      this.#counts.hidden = counts === null;
      this.#counted = counts;
      this.#drawCounts();
    }
    #drawCounts() {
      const counts = this.#counted;
      if (!counts) return;
      const height = this.#height;
      const context = fit(this.#counts, LONGEST, height);
      context.fillStyle = cssValue(this.#counts, "--faint");
      const each = height / counts.length;
      barLengths(counts, 1 / LONGEST).forEach((length, i) => {
        const wide = length * LONGEST;
        context.fillRect(LONGEST - wide, height - (i + 1) * each, wide, Math.max(each - 0.5, 0.5));
      });
    }
    /** Mark values; those beyond an end, and NaN, have no mark. */
    point(values) {
      if (!values.length && !this.#marks.childElementCount) return;
      const { low, high } = this.#drawn ?? { low: 0, high: 1 };
      const inside = values.filter(({ value }) => value >= low && value <= high);
      this.#marks.replaceChildren(
        ...inside.map(({ value, color, isPointed }) => {
          const place2 = `top:${(1 - (value - low) / (high - low)) * 100}%`;
          return make("span", { class: isPointed && "pointed", style: color ? `${place2};--mark:${color}` : place2 });
        })
      );
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

  // core/plots.ts
  var EPOCH = "epoch";
  function span({ plots, xName }) {
    const ends = plots.flatMap(({ series }) => series.flatMap(({ x }) => x.length ? [x[0], x[x.length - 1]] : []));
    const [low, high] = ends.length ? [Math.min(...ends), Math.max(...ends)] : [0, 1];
    return [xName === EPOCH ? 0 : low, high > low ? high : low + 1];
  }
  function heights({ series, isLog, levels, range }) {
    if (range && !isLog) return range;
    const known2 = series.flatMap(({ y }) => y.filter((value) => value !== null));
    const values = isLog ? known2.filter((value) => value > 0).map(Math.log10) : [...known2, ...levels];
    if (!values.length) return [0, 1];
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Infinity, -Infinity]
    );
    if (isLog) return [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
    return Math.min(0, low) < Math.max(0, high) ? [Math.min(0, low), Math.max(0, high)] : [0, 1];
  }
  function valuesAt({ series }, x) {
    return series.flatMap(({ name: name2, color, x: places, y }) => {
      const index = nearest(places, x);
      return index < 0 ? [] : [{ name: name2, color, x: places[index], y: y[index] ?? null }];
    });
  }
  var MOST_Y_TICKS = 5;
  var LEAST_BETWEEN = 14;
  var mostTicks = (height) => Math.min(Math.floor(height / LEAST_BETWEEN) + 1, MOST_Y_TICKS);

  // core/ticks.ts
  function niceTicks(low, high, most = 6) {
    return low < high ? ticksAt(niceStep(high - low, most), low, high) : [low];
  }
  function indexTicks(size, most = 6) {
    return placeTicks(0, size - 1, most);
  }
  function placeTicks(first, last, most = 6) {
    return last > first ? ticksAt(Math.max(niceStep(last - first, most), 1), first, last) : [first];
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

  // core/line_plots.ts
  var ROOM = { left: 58, right: 16, top: 26, bottom: 40 };
  var GAP = 34;
  var LinePlots = class {
    element;
    #canvas = make("canvas", { role: "img" });
    #names = make("div", { class: "line-names" });
    #chart = null;
    #epoch = null;
    #size = { width: 0, height: 0 };
    #pointed = null;
    constructor() {
      this.element = make("div", { class: "line-plots" }, this.#canvas, this.#names);
      this.#canvas.addEventListener("pointermove", (event) => this.#point(event.offsetX));
      this.#canvas.addEventListener("pointerleave", () => this.#point(null));
    }
    layout(room) {
      this.#size = room;
      this.#draw();
    }
    /** Show `chart`, with the epoch of now marked on an axis of epochs. */
    show(chart, epoch) {
      this.#chart = chart;
      this.#epoch = epoch;
      this.#draw();
    }
    #point(x) {
      this.#pointed = x;
      this.#draw();
    }
    #draw() {
      const chart = this.#chart;
      const { width } = this.#size;
      if (!chart || width < 2 * ROOM.left) return;
      this.#showNames(chart);
      const height = Math.max(this.#size.height - this.#names.offsetHeight, 120);
      const context = fit(this.#canvas, width, height);
      this.#canvas.setAttribute("aria-label", chart.plots.map(({ label }) => picture.plot(label, chart.xName)).join(", "));
      context.font = `11px ${getComputedStyle(this.element).fontFamily}`;
      const each = (height - ROOM.top - ROOM.bottom - GAP * (chart.plots.length - 1)) / chart.plots.length;
      const boxes = chart.plots.map((_, i) => ({ top: ROOM.top + i * (each + GAP), height: each }));
      this.#drawXAxis(context, chart, height);
      for (const mark of chart.marks) this.#drawUpright(context, chart, mark.epoch, mark.color, boxes, [4, 3]);
      if (chart.xName === EPOCH && this.#epoch !== null) this.#drawUpright(context, chart, this.#epoch, "--text", boxes, []);
      chart.plots.forEach((plot, i) => {
        this.#drawPlot(context, chart, plot, boxes[i]);
      });
    }
    #x(chart, value) {
      const [low, high] = span(chart);
      return ROOM.left + (value - low) / (high - low) * (this.#size.width - ROOM.left - ROOM.right);
    }
    #color(name2) {
      return name2.startsWith("--") ? cssValue(this.element, name2) : name2;
    }
    #drawXAxis(context, chart, height) {
      const [low, high] = span(chart);
      const { xTicks } = chart;
      const ticks = xTicks ? indexTicks(xTicks.length) : niceTicks(low, high);
      const words = (tick) => xTicks?.[tick] ?? (chart.xName === EPOCH ? epochWords(tick) : valueWords(tick));
      const y = height - ROOM.bottom + 16;
      context.fillStyle = this.#color("--soft");
      context.textAlign = "center";
      for (const tick of ticks) context.fillText(words(tick), this.#x(chart, tick), y);
      context.fillText(chart.xName, (ROOM.left + this.#size.width - ROOM.right) / 2, y + 16);
    }
    #drawUpright(context, chart, at, color, boxes, dash) {
      context.strokeStyle = this.#color(color);
      context.lineWidth = 1;
      context.setLineDash(dash);
      for (const { top, height } of boxes) {
        context.beginPath();
        context.moveTo(this.#x(chart, at), top);
        context.lineTo(this.#x(chart, at), top + height);
        context.stroke();
      }
      context.setLineDash([]);
    }
    #drawPlot(context, chart, plot, box) {
      const [low, high] = heights(plot);
      const y = (value) => box.top + (high - value) / (high - low) * box.height;
      const scaled = (value) => y(plot.isLog ? Math.log10(value) : value);
      context.fillStyle = this.#color("--soft");
      context.textAlign = "left";
      context.fillText(plot.label, ROOM.left, box.top - 10);
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (const tick of niceTicks(low, high, mostTicks(box.height))) {
        context.fillStyle = this.#color("--soft");
        context.fillText(plot.isLog ? powerWords(tick) : valueWords(tick, 3), ROOM.left - 8, y(tick));
        context.fillStyle = this.#color("--grid");
        context.fillRect(ROOM.left, Math.round(y(tick)), this.#size.width - ROOM.left - ROOM.right, 1);
      }
      context.textBaseline = "alphabetic";
      context.fillStyle = this.#color("--faint");
      for (const level of plot.levels) context.fillRect(ROOM.left, scaled(level), this.#size.width - ROOM.left - ROOM.right, 1);
      for (const series of plot.series) this.#drawSeries(context, chart, series, scaled, plot.isLog);
    }
    #drawSeries(context, chart, series, y, isLog) {
      context.strokeStyle = this.#color(series.color);
      context.lineWidth = 1.75;
      context.setLineDash(series.isDashed ? [4, 3] : []);
      context.beginPath();
      let isOpen = false;
      series.x.forEach((place2, i) => {
        const value = series.y[i];
        const isShown = value !== null && (!isLog || value > 0);
        if (isShown && isOpen) context.lineTo(this.#x(chart, place2), y(value));
        else if (isShown) context.moveTo(this.#x(chart, place2), y(value));
        isOpen = isShown;
      });
      context.stroke();
      context.setLineDash([]);
    }
    /** The legend, with the values where the pointer is, or at the epoch of now. */
    #showNames(chart) {
      const x = this.#place(chart);
      const parts = chart.plots.flatMap(
        (plot) => (x === null ? plot.series.map(({ name: name2, color }) => ({ name: name2, color, y: null })) : valuesAt(plot, x)).map(
          ({ name: name2, color, y }) => {
            const words = y === null ? name2 : `${name2} ${valueWords(y, 3)}`;
            return make("span", { style: `color:${color.startsWith("--") ? `var(${color})` : color}` }, words);
          }
        )
      );
      const place2 = x === null ? "" : chart.xTicks?.[Math.round(x)] ?? (chart.xName === EPOCH ? epochWords(Math.round(x)) : valueWords(x, 4));
      this.#names.replaceChildren(...place2 ? [make("strong", {}, `${chart.xName} ${place2}`)] : [], ...parts);
    }
    /** The x that the names tell of. */
    #place(chart) {
      if (this.#pointed === null) return chart.xName === EPOCH ? this.#epoch : null;
      const [low, high] = span(chart);
      const share = (this.#pointed - ROOM.left) / (this.#size.width - ROOM.left - ROOM.right);
      return low + Math.min(Math.max(share, 0), 1) * (high - low);
    }
  };

  // core/caption.ts
  var TITLE_LETTER = 7.6;
  var WORD_LETTER = 6.6;
  var GAP2 = 10;
  var VALUE = "-0.0000";
  var BUTTON = 84;
  function wordsRoom({ columns, panel, gutter, gap, width }) {
    const across = gutter.left + panel.width + gutter.right + gap;
    const beside2 = columns - Math.floor((columns - 1) / 2);
    const free = Math.max(width - (columns * across - gap), 0) / 2;
    return beside2 * across - gap + free;
  }
  function isOneLine(grids, standing) {
    const { axes, titles } = grids;
    const words = axes.map((axis) => `${axis.name} ${longest(axis)}`).join(", ").length + VALUE.length + 2;
    const needed = lettersOf(titles) * TITLE_LETTER + GAP2 + words * WORD_LETTER;
    return needed <= wordsRoom(standing) - standing.gutter.left;
  }
  var isValueBeside = (title, width) => title.length * TITLE_LETTER + BUTTON + VALUE.length * WORD_LETTER <= width;
  var lettersOf = (texts) => Math.max(...texts.map((text) => text.length));
  function longest(axis) {
    const places = axis.ticks ?? [placeWords(axis, axis.size - 1)];
    return places.reduce((one, other) => other.length > one.length ? other : one, "");
  }

  // core/panel_canvas.ts
  var PanelCanvas = class {
    element;
    #columns;
    #origin;
    #context;
    #image;
    #pixels;
    constructor({ rows, columns }, origin, label) {
      this.element = make("canvas", { width: columns, height: rows, role: "img", "aria-label": label });
      this.#columns = columns;
      this.#origin = origin;
      this.#context = contextOf(this.element);
      this.#image = this.#context.createImageData(columns, rows);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    paint(panel, palette) {
      palette.paint(panel, this.#columns, this.#origin, this.#pixels);
      this.#context.putImageData(this.#image, 0, 0);
    }
  };

  // core/zoom.ts
  var LEAST2 = { touch: 12, other: 5 };
  function listenForZoom(plot, grids, cellAt, onRegion) {
    const frame = make("div", { class: "chosen-region", hidden: true });
    plot.append(frame);
    let drag = null;
    let wasDragged = false;
    const end = () => {
      drag = null;
      frame.hidden = true;
    };
    plot.addEventListener("pointerdown", (event) => {
      wasDragged = false;
      if (event.button === 0 && event.isPrimary)
        drag = { x: event.clientX, y: event.clientY, cell: cellAt(event), isLong: false };
    });
    plot.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const least = event.pointerType === "touch" ? LEAST2.touch : LEAST2.other;
      drag.isLong ||= Math.max(Math.abs(event.clientX - drag.x), Math.abs(event.clientY - drag.y)) >= least;
      if (!drag.isLong) return;
      if (!plot.hasPointerCapture(event.pointerId)) plot.setPointerCapture(event.pointerId);
      frame.hidden = false;
      surround(frame, plot, drag, event);
    });
    plot.addEventListener("pointerup", (event) => {
      if (drag?.isLong) {
        wasDragged = true;
        onRegion(between(grids, drag.cell, cellAt(event)));
      }
      end();
    });
    plot.addEventListener("pointercancel", end);
    const afterDrag = (event) => {
      if (wasDragged) event.stopImmediatePropagation();
      wasDragged = false;
    };
    plot.addEventListener("click", afterDrag, { capture: true });
    plot.addEventListener("dblclick", () => onRegion(null));
  }
  function surround(frame, plot, { x, y }, { clientX, clientY }) {
    const box = plot.getBoundingClientRect();
    const inside = (value, low, length) => Math.min(Math.max(value - low, 0), length);
    const across = [x, clientX].map((value) => inside(value, box.left, box.width));
    const down = [y, clientY].map((value) => inside(value, box.top, box.height));
    const [left, top] = [Math.min(...across), Math.min(...down)];
    const [width, height] = [Math.max(...across) - left, Math.max(...down) - top];
    Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  // core/heat_map.ts
  var GUTTER = { left: 34, bottom: 34, top: 26, right: 8 };
  var NARROW_GUTTER = { left: 0, bottom: 0, top: 18, right: 0 };
  var PIXELS_PER_TICK = 42;
  var MOST_TICKS = 6;
  var [LETTER, MOST_LETTERS] = [6.2, 14];
  var SVG = "http://www.w3.org/2000/svg";
  function gutterOf(grids) {
    return { ...GUTTER, left: Math.max(GUTTER.left, Math.ceil(longest2(grids.axes[0]) + 8)) };
  }
  var HeatMap = class {
    element;
    plot;
    caption;
    #grids;
    #shape;
    #window;
    #places;
    #label;
    #plane = make("div", { class: "plane" });
    #words = make("bdi");
    #cross = make("div", { class: "cross", hidden: true });
    #curves = document.createElementNS(SVG, "svg");
    #xAxis = make("div", { class: "axis axis-x", "aria-hidden": "true" });
    #yAxis = make("div", { class: "axis axis-y", "aria-hidden": "true" });
    #canvas = null;
    constructor(grids, panel, { onCell, onRegion }) {
      this.#grids = grids;
      this.#window = windowOf(grids);
      this.#places = placesShown(grids);
      const title = grids.titles[panel];
      const [down, right] = grids.axes;
      this.#shape = shapeOf(grids);
      this.#label = picture.map(title, grids.valueName, down.name, right.name);
      this.#curves.setAttribute("viewBox", `0 0 ${right.size} ${down.size}`);
      this.#curves.setAttribute("preserveAspectRatio", "none");
      this.#curves.setAttribute("class", "curves");
      Object.assign(this.#plane.style, this.#placed());
      this.plot = make("div", { class: "plot" }, make("div", { class: "seen" }, this.#plane), this.#cross);
      const words = make("span", { class: "head-value" }, this.#words);
      const color = grids.colors?.[panel] ?? null;
      const name2 = make("span", { class: "head-name", style: color && `--head:${color}` }, title);
      this.caption = make("figcaption", {}, name2, words);
      this.element = make("figure", { class: "head" }, this.caption, this.plot, this.#xAxis, this.#yAxis);
      const point = (event) => onCell({ ...this.cellAt(event), panel });
      this.plot.addEventListener("pointerdown", point);
      this.plot.addEventListener("pointermove", point);
      this.plot.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || onCell(null));
      if (!onRegion) return;
      listenForZoom(this.plot, grids, (event) => this.cellAt(event), onRegion);
      if (grids.region) this.element.append(wholeGrid(() => onRegion(null)));
    }
    setSize({ width, height }) {
      this.element.style.setProperty("--width", `${width}px`);
      this.element.style.setProperty("--height", `${height}px`);
      const [down, right] = this.#grids.axes;
      const { rows, columns } = this.#places;
      this.#xAxis.replaceChildren(...axisParts(right, columns, width, "left", false));
      this.#yAxis.replaceChildren(...axisParts(down, rows, height, "top", this.#grids.origin === "lower"));
    }
    /** Paint the values of this panel. */
    paint(panel, palette) {
      if (!this.#canvas) {
        this.#canvas = new PanelCanvas(this.#shape, this.#grids.origin, this.#label);
        this.#plane.prepend(this.#canvas.element);
      }
      this.#canvas.paint(panel, palette);
    }
    /** Leave the values to what lies under the panel. */
    clear() {
      this.#canvas?.element.remove();
      this.#canvas = null;
    }
    /** Draw lines over the cells; those drawn before go. */
    draw(curves) {
      if (!curves.length) {
        this.#curves.remove();
        return;
      }
      const [down] = this.#grids.axes;
      const y = (row) => (this.#grids.origin === "lower" ? down.size - 1 - row : row) + 0.5;
      const lines = curves.map(({ rows, columns }) => {
        const line = document.createElementNS(SVG, "polyline");
        line.setAttribute("points", columns.map((column, i) => `${column + 0.5},${y(rows[i])}`).join(" "));
        return line;
      });
      this.#curves.replaceChildren(...lines);
      if (!this.#curves.isConnected) this.#plane.append(this.#curves);
    }
    /** Mark a cell and write its words beside the title; null marks nothing. */
    mark(cell, words) {
      const { row, column, rows, columns } = this.#window;
      const at = cell && { x: (cell.column - column + 0.5) / columns, y: (this.#upright(cell.row - row, rows) + 0.5) / rows };
      const isHere = at !== null && hasCell(this.#grids, cell) && isShare(at.x) && isShare(at.y);
      if (this.#cross.hidden === isHere) this.#cross.hidden = !isHere;
      if (this.#words.textContent !== (words ?? "")) this.#words.textContent = words;
      if (!isHere) return;
      this.#cross.style.setProperty("--x", String(at.x));
      this.#cross.style.setProperty("--y", String(at.y));
    }
    /** Where row `row` of `rows` stands on the screen, and back. */
    #upright(row, rows) {
      return this.#grids.origin === "lower" ? rows - 1 - row : row;
    }
    /** Where all of the cells lie behind those that are seen. */
    #placed() {
      const { row, column, rows, columns } = this.#window;
      const above = this.#grids.origin === "lower" ? this.#shape.rows - row - rows : row;
      return {
        left: percent(-column, columns),
        top: percent(-above, rows),
        width: percent(this.#shape.columns, columns),
        height: percent(this.#shape.rows, rows)
      };
    }
    /** The cell at the place of the pointer. */
    cellAt(event) {
      const box = this.plot.getBoundingClientRect();
      const { row, column, rows, columns } = this.#window;
      return {
        row: row + this.#upright(place((event.clientY - box.top) / box.height, rows), rows),
        column: column + place((event.clientX - box.left) / box.width, columns)
      };
    }
  };
  var percent = (part, whole3) => `${part / whole3 * 100}%`;
  var isShare = (value) => value > 0 && value < 1;
  var place = (share, size) => Math.min(Math.max(Math.floor(share * size), 0), size - 1);
  function wholeGrid(onClick) {
    const label = picture.wholeGrid;
    const button = make("button", { class: "whole-grid", type: "button", title: label, "aria-label": label }, "⤢");
    button.addEventListener("click", onClick);
    return button;
  }
  function axisParts(axis, [first, last], length, side, isReversed) {
    const pixels = side === "left" ? Math.max(PIXELS_PER_TICK, longest2(axis) + 10) : PIXELS_PER_TICK;
    const most = Math.min(Math.max(Math.floor(length / pixels), 2), MOST_TICKS);
    const ticks = placeTicks(first, last, most).map((index) => {
      const onScreen = isReversed ? last - index : index - first;
      const style = `${side}:${percent(onScreen + 0.5, last - first + 1)}`;
      return make("span", { class: "tick", style }, shortened(placeWords(axis, index)));
    });
    return [...ticks, make("span", { class: "axis-name" }, axis.name)];
  }
  function longest2({ ticks }) {
    return LETTER * Math.max(0, ...(ticks ?? []).map((tick) => shortened(tick).length));
  }
  var shortened = (words) => words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS - 1)}…` : words;

  // core/layout.ts
  var WORTH = 0.85;
  function fitPanel(room, { rows, columns }, gutter, least, ratio = 1) {
    const [width, height] = [room.width - gutter.left - gutter.right, room.height - gutter.top - gutter.bottom];
    const cell = Math.max(Math.min(width / columns, height / rows), least / Math.max(rows, columns));
    const whole3 = Math.floor(cell * ratio) / ratio;
    if (whole3 >= cell * WORTH) return { width: whole3 * columns, height: whole3 * rows };
    return { width: Math.floor(cell * columns), height: Math.floor(cell * rows) };
  }
  function arrange2(count, room, shape, gutter, spacing) {
    const { gap, least, ratio = 1, fixed: fixed2 = null } = spacing;
    const shapes = fixed2 ? [fixed2] : Array.from({ length: count }, (_, i) => ({ columns: i + 1, rows: Math.ceil(count / (i + 1)) }));
    const choices = shapes.map(({ columns: columns2, rows }) => {
      const share = { width: (room.width - gap * (columns2 - 1)) / columns2, height: (room.height - gap * (rows - 1)) / rows };
      return { columns: columns2, panel: fitPanel(share, shape, gutter, 0, ratio) };
    });
    const best = choices.reduce((one, other) => other.panel.width > one.panel.width ? other : one);
    if (Math.max(best.panel.width, best.panel.height) >= least) return best;
    const columns = fixed2?.columns ?? fitting(count, room, shape, gutter, gap, least);
    return { columns, panel: fitPanel({ width: 0, height: 0 }, shape, gutter, least, ratio) };
  }
  function heightOfRow(count, width, shape, gutter, spacing) {
    const fixed2 = { columns: count, rows: 1 };
    const { panel } = arrange2(count, { width, height: Infinity }, shape, gutter, { ...spacing, fixed: fixed2 });
    return panel.height + gutter.top + gutter.bottom;
  }
  function fitting(count, room, { rows, columns }, gutter, gap, least) {
    const width = least * columns / Math.max(rows, columns) + gutter.left + gutter.right + gap;
    return Math.min(Math.max(Math.floor((room.width + gap) / width), 1), count);
  }

  // core/places.ts
  function placesOf({ titles, columns = null, groups = [] }) {
    if (columns === "layer" || columns === null && new Set(groups).size > 1)
      return byGroup(titles.map((_, i) => groups[i] ?? 0));
    if (columns === null) return null;
    const wide = Math.min(columns, titles.length);
    return titles.map((_, i) => ({ row: Math.floor(i / wide), column: i % wide }));
  }
  function rowsAndColumns(places) {
    return {
      rows: 1 + Math.max(...places.map(({ row }) => row)),
      columns: 1 + Math.max(...places.map(({ column }) => column))
    };
  }
  function byGroup(groups) {
    let place2 = { row: 0, column: -1 };
    return groups.map((group, i) => {
      const isNew = i > 0 && group !== groups[i - 1];
      place2 = isNew ? { row: place2.row + 1, column: 0 } : { row: place2.row, column: place2.column + 1 };
      return place2;
    });
  }

  // core/sampling.ts
  var sampled = (first, count, length) => Uint32Array.from({ length }, (_, pixel) => first + Math.floor((pixel + 0.5) * count / length));

  // core/sheet.ts
  var Sheet = class {
    element;
    #grids;
    #cells;
    #corners = [];
    #across = new Uint32Array();
    #down = new Uint32Array();
    #image = null;
    constructor(grids) {
      const { titles, valueName, panelName, axes } = grids;
      const [down, right] = axes;
      const label = picture.map(picture.panels(titles.length, panelName), valueName, down.name, right.name);
      this.#grids = grids;
      this.#cells = new Uint32Array(cellsOf(grids));
      this.element = make("canvas", { class: "sheet", role: "img", "aria-label": label });
    }
    /** Draw the panels there, in the pixels of the screen; `ratio` of them are a CSS pixel. */
    place({ panel, corners }, ratio) {
      const inPixels = (length) => Math.round(length * ratio);
      const { row, column, rows, columns } = windowOf(this.#grids);
      const shape = shapeOf(this.#grids);
      const above = this.#grids.origin === "lower" ? shape.rows - row - rows : row;
      this.#across = sampled(column, columns, inPixels(panel.width));
      this.#down = sampled(above, rows, inPixels(panel.height));
      this.#corners = corners.map(({ x, y }) => ({ x: inPixels(x), y: inPixels(y) }));
      const width = Math.max(...this.#corners.map(({ x }) => x)) + this.#across.length;
      const height = Math.max(...this.#corners.map(({ y }) => y)) + this.#down.length;
      Object.assign(this.element, { width, height });
      Object.assign(this.element.style, { width: `${width / ratio}px`, height: `${height / ratio}px` });
      this.#image = new ImageData(width, height);
    }
    paint(frame, palette) {
      if (!this.#image) return;
      const pixels = new Uint32Array(this.#image.data.buffer);
      this.#corners.forEach((corner, panel) => {
        const values = panelValues(this.#grids, frame, panel);
        palette.paint({ values, range: frame.range }, shapeOf(this.#grids).columns, this.#grids.origin, this.#cells);
        this.#enlarge(pixels, corner);
      });
      contextOf(this.element).putImageData(this.#image, 0, 0);
    }
    /** Copy the cells of a panel to where it stands. */
    #enlarge(pixels, { x, y }) {
      const { width } = this.element;
      const { columns } = shapeOf(this.#grids);
      this.#down.forEach((row, line) => {
        const target = (y + line) * width + x;
        const source = row * columns;
        for (let i = 0; i < this.#across.length; i++) pixels[target + i] = this.#cells[source + this.#across[i]];
      });
    }
  };

  // core/slices.ts
  function means(grids, panel) {
    const { row, column, rows, columns } = windowOf(grids);
    const wide = shapeOf(grids).columns;
    const decode = decoder(panel);
    const right = new Array(columns).fill(0);
    const down = new Array(rows).fill(0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const value = decode(panel.values[(row + i) * wide + column + j]);
        right[j] += value / rows;
        down[i] += value / columns;
      }
    }
    return { right, down };
  }
  function slices(grids, panel, cell) {
    const seen = windowOf(grids);
    if (!isIn(seen, cell)) return null;
    const wide = shapeOf(grids).columns;
    const decode = decoder(panel);
    const value = (row, column) => decode(panel.values[row * wide + column]);
    return {
      right: Array.from({ length: seen.columns }, (_, j) => value(cell.row, seen.column + j)),
      down: Array.from({ length: seen.rows }, (_, i) => value(seen.row + i, cell.column))
    };
  }
  var isIn = ({ row, column, rows, columns }, cell) => cell.row >= row && cell.row < row + rows && cell.column >= column && cell.column < column + columns;

  // core/strips.ts
  var MARGIN = 2;
  var Strips = class {
    elements;
    #grids;
    #depth;
    #below;
    #beside;
    #names;
    #size = { width: 0, height: 0 };
    #contexts = null;
    #shown = null;
    #cell = null;
    /** `depth` is the room for values, in CSS pixels. */
    constructor(grids, depth) {
      const [down, right] = grids.axes;
      this.#grids = grids;
      this.#depth = depth;
      this.#below = strip("profile-x", picture.meanOf(down.name, right.name));
      this.#beside = strip("profile-y", picture.meanOf(right.name, down.name));
      this.#names = [name("over-first"), name("over-second")];
      this.elements = [this.#below, this.#beside, ...this.#names];
    }
    setSize(size) {
      this.#size = size;
      this.#contexts = {
        below: fit(this.#below, size.width, this.#depth),
        beside: fit(this.#beside, this.#depth, size.height)
      };
      this.#draw();
    }
    /** The values of the panel; the colours say what the strips span. */
    paint(frame, palette) {
      this.#shown = { frame, palette, means: means(this.#grids, frame) };
      this.#draw();
    }
    /** Have slices go through a cell; null for none. */
    point(cell) {
      if (cell?.row === this.#cell?.row && cell?.column === this.#cell?.column) return;
      this.#cell = cell;
      this.#draw();
    }
    #draw() {
      if (!this.#shown || !this.#contexts) return;
      const { frame, palette, means: means2 } = this.#shown;
      const { width, height } = this.#size;
      this.#contexts.below.clearRect(0, 0, width, this.#depth);
      this.#contexts.beside.clearRect(0, 0, this.#depth, height);
      const found = this.#cell && slices(this.#grids, frame, this.#cell);
      this.#lines(means2, palette, found ? "--faint" : "--accent", 1.5);
      if (found) this.#lines(found, palette, "--accent", 2);
      this.#showNames(found !== null);
    }
    #lines({ right, down }, { low, high }, color, lineWidth) {
      if (!this.#contexts) return;
      const { below, beside: beside2 } = this.#contexts;
      const { width, height } = this.#size;
      const ink = cssValue(this.elements[0], color);
      const share = (value) => Math.min(Math.max((value - low) / (high - low), 0), 1);
      const across = (value) => share(value) * (this.#depth - 2 * MARGIN) + MARGIN;
      const rows = this.#grids.origin === "lower" ? down.toReversed() : down;
      const style = { ink, lineWidth };
      polyline(
        below,
        style,
        right.map((value, i) => [(i + 0.5) / right.length * width, this.#depth - across(value)])
      );
      polyline(
        beside2,
        style,
        rows.map((value, i) => [across(value), (i + 0.5) / rows.length * height])
      );
    }
    #showNames(isSliced) {
      const { axes, block = [1, 1] } = this.#grids;
      const places = this.#cell && [this.#cell.row * block[0], this.#cell.column * block[1]];
      this.#names.forEach((element, i) => {
        const axis = axes[i];
        const at = isSliced && places ? [make("strong", {}, `${axis.name} = ${placeWords(axis, places[i])}`)] : [];
        element.replaceChildren(...at, make("span", {}, picture.meanOver(axis.name)));
      });
    }
  };
  var strip = (kind, label) => make("canvas", { class: `profile ${kind}`, role: "img", "aria-label": label });
  var name = (place2) => make("span", { class: `profile-name ${place2}` });
  function polyline(context, { ink, lineWidth }, points) {
    context.strokeStyle = ink;
    context.lineWidth = lineWidth;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  }

  // core/panels.ts
  var GAP3 = 14;
  var STRIP = 68;
  var DRAWN = STRIP - 16;
  var NARROW_GAP = 6;
  var TWO_LINES = 32;
  var LEAST3 = 72;
  var LEAST_NARROW = 40;
  var DOUBLE_MS = 300;
  var LETTER2 = 7.6;
  var [NARROW_TITLE, SMALLEST_TITLE] = [11, 7.5];
  var NARROW_LETTER = 7.4;
  var MANY = 16;
  var Panels = class {
    element;
    enough = null;
    #grids;
    #gutter;
    #letters;
    // of the longest title
    #maps;
    /** Beside each map; empty where there are none. */
    #strips;
    #cells;
    #places;
    /** What draws all panels at once where they are small; null where each map draws its own. */
    #sheet = null;
    /** With `hasStrips` each map has its means, and its slices through the cell that is pointed at, beside it. */
    constructor(grids, calls, hasStrips2) {
      this.#grids = grids;
      this.#places = placesOf(grids);
      this.#maps = grids.titles.map((title, panel) => makeMap(grids, title, panel, calls));
      this.#strips = hasStrips2 ? this.#maps.map(() => new Strips(grids, DRAWN)) : [];
      this.#cells = this.#maps.map(({ element }, panel) => hasStrips2 ? beside(element, this.#strips[panel]) : element);
      this.#gutter = gutterOf(grids);
      this.#letters = Math.max(...grids.titles.map((title) => title.length));
      this.element = make(
        "div",
        { class: "head-grid", style: `--left:${this.#gutter.left}px;--title:${Math.ceil(this.#letters * LETTER2)}px` },
        ...this.#cells
      );
    }
    layout(room) {
      const fixed2 = this.#places && rowsAndColumns(this.#places);
      const spacing = { ratio: devicePixelRatio, fixed: fixed2 };
      const shape = windowOf(this.#grids);
      const count = this.#maps.length;
      const { right, bottom } = this.#gutter;
      const gutter = this.#strips.length ? { ...this.#gutter, right: right + STRIP, bottom: bottom + STRIP } : this.#gutter;
      const wide = arrange2(count, room, shape, gutter, { ...spacing, gap: GAP3, least: 0 });
      const isFree = !fixed2 && !this.#strips.length && count > 1;
      this.enough = isFree ? heightOfRow(count, room.width, shape, gutter, { ...spacing, gap: GAP3, least: LEAST3 }) : null;
      const isNarrow = !this.#strips.length && count > MANY && Math.max(wide.panel.width, wide.panel.height) < LEAST3;
      const gap = isNarrow ? NARROW_GAP : GAP3;
      const within2 = (around2) => ({ gutter: around2, gap, width: room.width });
      const arranged = (around2) => arrange2(count, room, shape, around2, { ...spacing, gap, least: isNarrow ? LEAST_NARROW : LEAST3 });
      const inOneLine = arranged(isNarrow ? NARROW_GUTTER : gutter);
      const isTight = !isNarrow && !isOneLine(this.#grids, { ...inOneLine, ...within2(gutter) });
      const { columns, panel } = isTight ? arranged({ ...gutter, top: TWO_LINES }) : inOneLine;
      this.element.classList.toggle("narrow", isNarrow);
      this.element.classList.toggle("tight", isTight);
      this.element.style.setProperty("--words", `${Math.floor(wordsRoom({ columns, panel, ...within2(gutter) }))}px`);
      if (isNarrow) this.element.style.setProperty("--narrow-title", `${narrowTitle(this.#letters, panel.width)}px`);
      this.element.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
      this.element.style.gap = `${gap}px`;
      for (const sized of [...this.#maps, ...this.#strips]) sized.setSize(panel);
      const places = this.#places ?? this.#maps.map((_, i) => ({ row: Math.floor(i / columns), column: i % columns }));
      places.forEach(({ row, column }, index) => {
        this.#maps[index].element.classList.toggle("at-right", column >= columns / 2);
        if (this.#places) this.#cells[index].style.gridArea = `${row + 1} / ${column + 1}`;
      });
      this.#lay(isNarrow ? places : null, panel);
    }
    /** A sheet under panels of this size at these places; without places none. */
    #lay(places, panel) {
      if (!places) {
        this.#sheet?.element.remove();
        this.#sheet = null;
        return;
      }
      if (!this.#sheet) {
        this.#sheet = new Sheet(this.#grids);
        this.element.prepend(this.#sheet.element);
        for (const map of this.#maps) map.clear();
      }
      const { left, top, right, bottom } = NARROW_GUTTER;
      const corners = places.map(({ row, column }) => ({
        x: column * (left + panel.width + right + NARROW_GAP) + left,
        y: row * (top + panel.height + bottom + NARROW_GAP) + top
      }));
      this.#sheet.place({ panel, corners }, devicePixelRatio);
    }
    paint(frame, palette) {
      this.#sheet?.paint(frame, palette);
      this.#maps.forEach((map, panel) => {
        const one = { values: panelValues(this.#grids, frame, panel), range: frame.range };
        if (!this.#sheet) map.paint(one, palette);
        this.#strips[panel]?.paint(one, palette);
        map.draw(frame.curves?.filter((curve) => curve.panel === panel) ?? []);
      });
    }
    mark(cell, frame) {
      this.#maps.forEach((map, panel) => {
        map.element.classList.toggle("pointed", cell?.panel === panel);
        map.mark(cell, cell && cellWords(this.#grids, frame, panel, cell));
        this.#strips[panel]?.point(cell);
      });
    }
  };
  function narrowTitle(letters, width) {
    const fitting2 = NARROW_TITLE * width / (letters * NARROW_LETTER);
    return Math.min(Math.max(fitting2, SMALLEST_TITLE), NARROW_TITLE);
  }
  function beside(map, strips) {
    const element = make("div", { class: "with-strips" }, map, ...strips.elements);
    element.style.setProperty("--strip", `${STRIP}px`);
    return element;
  }
  function makeMap(grids, title, panel, calls) {
    const map = new HeatMap(grids, panel, calls);
    const { onPanel } = calls;
    if (onPanel) {
      map.plot.append(make("button", { class: "open-head", "aria-label": picture.large(title), type: "button" }));
      const onClick = (event) => onPanel(panel, event.detail ? map.cellAt(event) : null);
      listenForClick(map.plot, onClick, grids.region ? DOUBLE_MS : 0);
    }
    return map;
  }
  function listenForClick(plot, onClick, wait) {
    let timer;
    plot.addEventListener("click", (event) => {
      clearTimeout(timer);
      if (wait) timer = setTimeout(onClick, wait, event);
      else onClick(event);
    });
    plot.addEventListener("dblclick", () => clearTimeout(timer));
  }

  // core/profile.ts
  var STRIP2 = 76;
  var DRAWN2 = STRIP2 - 16;
  var LEAST4 = 140;
  var TWO_LINES2 = 42;
  var Profile = class {
    element;
    #grids;
    #panel;
    #map;
    #strips;
    constructor(grids, panel, calls) {
      this.#grids = grids;
      this.#panel = Math.min(panel, grids.titles.length - 1);
      this.#map = new HeatMap(grids, this.#panel, calls);
      this.#strips = new Strips(grids, DRAWN2);
      if (grids.titles.length > 1) {
        const back = make("button", { class: "text-button", type: "button" }, picture.allPanels(grids.panelName));
        back.addEventListener("click", () => calls.onPanel?.(null));
        this.#map.caption.firstElementChild?.after(back);
      }
      this.element = make("div", { class: "single-head with-strips" }, this.#map.element, ...this.#strips.elements);
      this.element.style.setProperty("--strip", `${STRIP2}px`);
      this.element.style.setProperty("--left", `${gutterOf(grids).left}px`);
    }
    layout(room) {
      const left = { width: room.width - STRIP2, height: room.height - STRIP2 };
      const fitted = (gutter2) => fitPanel(left, windowOf(this.#grids), gutter2, LEAST4, devicePixelRatio);
      const gutter = gutterOf(this.#grids);
      const wide = fitted(gutter);
      const isTight = !isValueBeside(this.#grids.titles[this.#panel], wide.width);
      const size = isTight ? fitted({ ...gutter, top: TWO_LINES2 }) : wide;
      this.element.classList.toggle("tight", isTight);
      this.#map.setSize(size);
      this.#strips.setSize(size);
    }
    paint(frame, palette) {
      const panel = { values: panelValues(this.#grids, frame, this.#panel), range: frame.range };
      this.#map.paint(panel, palette);
      this.#map.draw(frame.curves?.filter((curve) => curve.panel === this.#panel) ?? []);
      this.#strips.paint(panel, palette);
    }
    mark(cell, frame) {
      this.#map.mark(cell, cell && cellWords(this.#grids, frame, this.#panel, cell));
      this.#strips.point(cell);
    }
  };

  // core/scroll_edges.ts
  function edgesOf({ scrollLeft, clientWidth, scrollWidth }) {
    const hidden = scrollWidth - clientWidth;
    return [scrollLeft >= 1 && "left", hidden - scrollLeft >= 1 && "right"].filter(Boolean).join(" ");
  }
  function markEdges(box) {
    const mark = () => {
      const edges = edgesOf(box);
      if (box.dataset.more !== edges) box.dataset.more = edges;
    };
    const sizes = new ResizeObserver(mark);
    const watch = () => {
      sizes.disconnect();
      for (const sized of [box, ...box.children]) sizes.observe(sized);
    };
    new MutationObserver(watch).observe(box, { childList: true });
    box.addEventListener("scroll", mark, { passive: true });
    watch();
  }

  // core/picture.ts
  var Picture = class {
    #mount;
    #calls;
    #onReady;
    #painter = null;
    #plots = null;
    #key = "";
    /** `onReady()` is called when a frame has to be painted (anew). */
    constructor(mount, calls, onReady) {
      this.#mount = mount;
      this.#calls = calls;
      this.#onReady = onReady;
      mount.tabIndex = -1;
      markEdges(mount);
      new ResizeObserver(() => this.layout()).observe(mount);
    }
    /** Make room for frames of `grids`; `panel` is the one to show large, null for all, then with strips beside each or not. */
    prepare(grids, panel = null, hasStrips2 = false) {
      const key = JSON.stringify([grids, panel, hasStrips2]);
      if (this.#key === key) return;
      const only = grids.titles.length === 1 ? 0 : panel;
      const painter = only === null ? new Panels(grids, this.#calls, hasStrips2) : new Profile(grids, only, this.#calls);
      this.#place(key, painter.element);
      this.#painter = painter;
      this.layout();
    }
    /** Show lines, with the epoch of now marked; without any the old ones fade. */
    show(chart, epoch) {
      this.#mount.classList.toggle("waiting", !chart);
      if (!chart) return;
      if (!this.#plots) {
        const plots = new LinePlots();
        this.#place("lines", plots.element);
        this.#plots = plots;
        plots.layout(this.#room);
      }
      this.#plots.show(chart, epoch);
    }
    /** See `Painter.enough`. */
    get enough() {
      return this.#painter?.enough ?? null;
    }
    /** How many pixels of the screen a side of one of `count` panels has at most. */
    pixelsPerPanel(count) {
      const { width, height } = this.#room;
      return Math.ceil(Math.sqrt(width * height / Math.max(count, 1)) * (devicePixelRatio || 1));
    }
    get #room() {
      const { width, height } = this.#mount.getBoundingClientRect();
      return { width, height };
    }
    #place(key, element) {
      this.#key = key;
      this.#painter = this.#plots = null;
      const hadFocus = this.#mount.matches(":focus-within");
      this.#mount.replaceChildren(element);
      if (hadFocus) this.#mount.focus({ preventScroll: true });
    }
    clear() {
      this.#key = "";
      this.#painter = this.#plots = null;
      this.#mount.replaceChildren();
    }
    layout() {
      const room = this.#room;
      if (!room.width) return;
      this.#plots?.layout(room);
      this.#painter?.layout(room);
      if (this.#painter) this.#onReady();
    }
    /** Paint a frame and what it has at `cell`; without a frame the old picture fades. */
    paint(frame, palette, cell) {
      this.#mount.classList.toggle("waiting", !frame);
      if (!this.#painter || !frame || !palette) return;
      this.#painter.paint(frame, palette);
      this.#painter.mark(cell, frame);
    }
  };

  // core/difference.ts
  var Difference = class {
    element;
    #bar;
    #mount;
    #picture;
    #colors = null;
    /** `bar` is the place of its colour bar. */
    constructor(bar, calls, onReady) {
      this.#mount = bar;
      this.#bar = new ColorBar(bar);
      const mount = make("div", { class: "heads" });
      const name2 = make("h2", { class: "plain" }, compare.difference);
      this.element = make("section", { class: "side", hidden: true }, make("header", {}, name2, make("p")), mount);
      this.#picture = new Picture(mount, calls, onReady);
    }
    /** Show the place for it where exactly two grids have the same panels and axes. */
    prepare(all, panel, palettes) {
      const [one, other] = all;
      const isPossible = all.length === 2 && JSON.stringify(one) === JSON.stringify(other);
      this.element.hidden = this.#mount.hidden = !isPossible;
      if (!isPossible) return;
      this.#picture.prepare(one, panel);
      this.#bar.draw(this.#palette(one.range, palettes), compare.differenceValue);
    }
    /** Paint the second frame minus the first; what has not arrived fades. */
    paint([first, second], cell) {
      if (this.element.hidden || this.#colors === null) return;
      const frame = first && second ? subtract(first, second) : void 0;
      this.#picture.paint(frame, this.#colors.palette, cell);
    }
    #palette([low, high], palettes) {
      const reach = high - low;
      if (this.#colors?.reach !== reach) this.#colors = { reach, palette: palettes.of(null, [-reach, reach], 0) };
      return this.#colors.palette;
    }
  };

  // core/pointed.ts
  function pointedValues(grids, frame, panel, cell) {
    if (!cell || !hasCell(grids, cell)) return [];
    const decode = decoder(frame);
    const at = cell.row * shapeOf(grids).columns + cell.column;
    const values = grids.titles.map((_, i) => ({
      value: decode(panelValues(grids, frame, i)[at]),
      color: grids.colors?.[i] ?? null,
      isPointed: i === (panel ?? cell.panel)
    }));
    const shown = panel === null ? values : values.slice(panel, panel + 1);
    return shown.sort((one, other) => Number(one.isPointed) - Number(other.isPointed));
  }

  // core/strips_control.ts
  var STRIPS = {
    name: "beside",
    label: controls.beside,
    isLook: true,
    options: [
      { value: "none", label: controls.besideNothing, arguments: {} },
      { value: "profiles", label: controls.besideProfiles, arguments: { strips: true } }
    ]
  };
  var hasStrips = ({ beside: beside2 = "" }) => optionOf(STRIPS, { beside: beside2 })?.arguments.strips === true;

  // core/sides_view.ts
  var BINS = 64;
  var RUN_COLORS = ["--run-0", "--run-1", "--run-2", "--run-3", "--soft"];
  var SidesView = class {
    /** Where the sides stand. */
    element = make("div", { class: "sides", id: "sides" });
    /** What a picture on a side has to call. */
    calls;
    #bar;
    #palettes;
    #difference;
    #cell = null;
    /** `stage` is the place of all of it. `onReady()` is called when frames have to be painted (anew). */
    constructor(stage, scales, calls, onReady) {
      const onCell = (cell) => {
        this.#cell = cell;
        onReady();
      };
      const [bar, other] = [make("div", { class: "color-bar" }), make("div", { class: "color-bar" })];
      this.calls = { ...calls, onCell };
      this.#bar = new ColorBar(bar);
      this.#palettes = new Palettes(scales);
      this.#difference = new Difference(other, this.calls, onReady);
      this.element.append(this.#difference.element);
      markEdges(this.element);
      stage.replaceChildren(this.element, make("div", { class: "bars" }, bar, other));
    }
    /** Have these sides, from left to right. */
    arrange(boxes) {
      boxes.forEach((box, index) => {
        box.color = RUN_COLORS[index];
        this.element.insertBefore(box.element, this.#difference.element);
      });
    }
    paint(sides, look) {
      const known2 = sides.flatMap(({ grids }) => grids ? [grids] : []);
      const here = sides.flatMap(({ frame }) => frame ? [frame] : []);
      this.#difference.prepare(sides.length === 2 ? known2 : [], look.panel, this.#palettes);
      if (!here.length || !known2.length) return;
      const [{ range, axes, block, valueName }] = known2;
      const palette = this.#palettes.chosen(look.controls, look.choices, {
        fixed: () => range,
        epoch: () => around(here.map(extent)),
        run: () => around(sides.map((side) => side.range ?? range))
      });
      for (const { box, grids, frame } of sides) {
        if (grids) box.picture.prepare(grids, look.panel, hasStrips(look.choices));
        const isSame2 = JSON.stringify([grids?.axes, grids?.block]) === JSON.stringify([axes, block]);
        box.picture.paint(frame, palette, isSame2 ? this.#cell : null);
      }
      this.#bar.draw(palette, valueName);
      this.#count(sides, look.panel, [palette.low, palette.high]);
      this.#difference.paint(
        sides.map(({ frame }) => frame),
        this.#cell
      );
    }
    /** How often values occur on all sides, and those at the cell that is pointed at, in the colours of the runs. */
    #count(sides, panel, range) {
      const shown = sides.flatMap(
        ({ box: { color }, grids, frame }) => frame && grids ? [{ frame, grids, color, only: panel === null ? null : Math.min(panel, grids.titles.length - 1) }] : []
      );
      this.#bar.count(summed(shown.map(({ grids, frame, only }) => counted(grids, frame, only, range, BINS))));
      const points = shown.flatMap(
        ({ grids, frame, only, color }) => pointedValues(grids, frame, only ?? this.#cell?.panel ?? null, this.#cell).map((one) => ({
          ...one,
          color: `var(${color})`
        }))
      );
      this.#bar.point(points);
    }
  };

  // core/chart_hint.ts
  function valuesAt2(series, epoch) {
    return series.flatMap(({ name: name2, color, x, y, range }) => {
      const index = name2 === void 0 ? -1 : nearestKnown(x, y, epoch);
      if (name2 === void 0 || index < 0) return [];
      return [{ name: name2, color, words: range ? valueWords(y[index], 3) : lossWords(y[index]) }];
    });
  }
  function nearestKnown(x, y, epoch) {
    const { length } = x;
    if (!length || epoch > x[length - 1] + 0.5 || epoch < x[0] - 1.5) return -1;
    let [low, high] = [0, length - 1];
    while (low < high) {
      const middle = low + high >> 1;
      if (x[middle] < epoch) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && epoch - x[low - 1] <= x[low] - epoch) low -= 1;
    for (let step = 0; step < length; step++) {
      if (Number.isFinite(y[low - step])) return low - step;
      if (Number.isFinite(y[low + step])) return low + step;
    }
    return -1;
  }
  var ChartHint = class {
    element = make("div", { class: "chart-hint", hidden: true, "aria-hidden": "true" });
    #line = make("div", { class: "hint-line" });
    #words = make("div", { class: "hint-words" });
    constructor() {
      this.element.append(this.#line, this.#words);
    }
    /** Tell of an epoch at `x` pixels; `isLeft` puts the words on the left of it. */
    show(x, epoch, values, isLeft) {
      this.element.hidden = false;
      this.element.style.left = `${x}px`;
      this.#words.dataset.side = isLeft ? "left" : "right";
      const lines = values.map(({ name: name2, color, words }) => {
        const swatch = make("i", { style: `background:${color.startsWith("--") ? `var(${color})` : color}` });
        return make("span", {}, swatch, `${name2} ${words}`);
      });
      this.#words.replaceChildren(make("strong", {}, common.epoch(Math.round(epoch))), ...lines);
    }
    hide() {
      this.element.hidden = true;
    }
  };

  // core/mark_layout.ts
  function spread(places, gap, high) {
    const moved = [...places];
    for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + gap);
    for (let i = moved.length - 1, most = high; i >= 0; i--, most -= gap) {
      if (moved[i] <= most) break;
      moved[i] = most;
    }
    return moved;
  }
  function commonWords(marks2) {
    const labels = /* @__PURE__ */ new Map();
    for (const { label, color } of marks2) {
      const words = label.split(", ")[0].split(" ");
      labels.set(color, [...labels.get(color) ?? [], words]);
    }
    const all = [...labels].map(([color, [first, ...others]]) => ({ color, first, kept: common2(first, others) }));
    const cut = all.flatMap(({ first, kept }) => kept < first.length ? [kindOf(first.slice(0, kept))] : []);
    const named = all.map(({ color, first, kept }) => ({ color, words: wordsOf(first, kept, cut) })).filter(({ words }) => words);
    return named.sort((one, other) => one.words.localeCompare(other.words, "en", { numeric: true }));
  }
  var colorOf = (title, marks2) => marks2.find(({ label }) => label.startsWith(`${title} `) || label.startsWith(`${title}:`))?.color ?? null;
  var MarkColors = class {
    #last = null;
    of(grids, marks2) {
      if (!grids || !marks2.length) return grids;
      if (this.#last?.grids !== grids || this.#last.marks !== marks2) {
        this.#last = { grids, marks: marks2, colored: { ...grids, colors: grids.titles.map((title) => colorOf(title, marks2)) } };
      }
      return this.#last.colored;
    }
  };
  function common2(first, others) {
    const end = first.findIndex((word, i) => others.some((words) => bare(words[i] ?? "") !== bare(word)));
    return end < 0 ? first.length : end;
  }
  function wordsOf(words, kept, cut) {
    const short = words.findIndex((_, i) => i < kept && cut.includes(kindOf(words.slice(0, i + 1))));
    return bare(words.slice(0, short < 0 ? kept : short + 1).join(" "));
  }
  var kindOf = (words) => bare(words.join(" ").replaceAll(/\d+/g, "#"));
  var bare = (word) => word.replace(/:$/, "");

  // core/mark_groups.ts
  var MOST_GAPS = 4;
  var TOUCHING = 1e-6;
  function grouped(marks2, x, high, { gap, room }) {
    const own = marks2.map(({ epoch }) => x(epoch));
    const members = chains(spread(own, gap, high), gap).flatMap(({ start: start2, places }) => {
      const isNear = places.every((place2, i) => Math.abs(place2 - own[start2 + i]) <= MOST_GAPS * gap);
      return isNear ? places.map((_, i) => [start2 + i]) : binned(own.slice(start2, start2 + places.length), start2, room);
    });
    const firsts = members.map(([first]) => own[first]);
    const placed = spread(firsts, gap, high);
    return members.map((each, i) => ({ marks: each.map((member) => marks2[member]), place: placed[i] }));
  }
  function chains(places, gap) {
    const found = [];
    for (const [i, place2] of places.entries()) {
      const last = found.at(-1);
      if (last && place2 - places[i - 1] <= gap + TOUCHING) last.places.push(place2);
      else found.push({ start: i, places: [place2] });
    }
    return found;
  }
  function binned(places, start2, room) {
    const bins = [];
    for (const [i, place2] of places.entries()) {
      const bin = bins.at(-1);
      if (bin && place2 - places[bin[0] - start2] < room) bin.push(start2 + i);
      else bins.push([start2 + i]);
    }
    return bins;
  }
  function groupWords(marks2) {
    const [{ epoch, label, isNote }] = marks2;
    if (marks2.length === 1) return (isNote ? marks.ofNote : marks.ofEvent)(epoch, label);
    const notes = marks2.flatMap((mark) => mark.isNote ? [marks.ofNote(mark.epoch, mark.label)] : []);
    const said = saidOf(marks2.flatMap((mark) => mark.isNote ? [] : [mark.label]));
    const events = said.map(({ what, names }) => marks.ofSeveral(what, names));
    return marks.ofGroup(epoch, marks2[marks2.length - 1].epoch, [...events, ...notes]);
  }
  function saidOf(labels) {
    const said = /* @__PURE__ */ new Map();
    for (const label of labels) {
      const [, name2 = "", what = label] = /^(\D*\d\S*) (.+)$/.exec(label) ?? [];
      said.set(what, [...said.get(what) ?? [], ...name2 ? [name2.replace(/:$/, "")] : []]);
    }
    return [...said].map(([what, names]) => ({ what, names }));
  }

  // core/chart_marks.ts
  var SIZES = { gap: 9, room: 26 };
  var MIXED = "--soft";
  var ChartMarks = class {
    element = make("div", { class: "chart-marks", role: "group", "aria-label": marks.group });
    legend = make("div", { class: "mark-legend" });
    #onEpoch;
    #shown = [];
    #marks = [];
    #groups = "";
    #several = make("span", { class: "several", style: colorStyle(MIXED) }, marks.several);
    /** `onEpoch(epoch)` is called when the user chooses a mark. */
    constructor(onEpoch) {
      this.#onEpoch = onEpoch;
      this.element.addEventListener("pointerdown", (event) => {
        if (event.target !== this.element) event.stopPropagation();
      });
    }
    show(marks2) {
      if (JSON.stringify(marks2) === JSON.stringify(this.#shown)) return;
      this.#shown = marks2;
      this.#marks = marks2.toSorted((one, other) => one.epoch - other.epoch);
      this.#groups = "";
      const events = marks2.filter(({ isNote }) => !isNote);
      const named = commonWords(events.map(({ legend, label, color }) => ({ label: legend ?? label, color }))).map(
        ({ color, words }) => make("span", { style: colorStyle(color) }, words)
      );
      const noted = marks2.some(({ isNote }) => isNote) ? [make("span", { class: "note" }, marks.note)] : [];
      this.legend.replaceChildren(...named, ...noted);
    }
    /** Put every mark at its epoch; those that coincide stand beside each other, and where there are too many they are one. */
    place(x, [low, high]) {
      const groups = grouped(this.#marks, x, high, SIZES);
      this.#build(groups);
      for (const [i, element] of [...this.element.children].entries()) {
        if (!(element instanceof HTMLElement)) continue;
        element.style.left = `${groups[i].place}px`;
        element.dataset.side = groups[i].place > (low + high) / 2 ? "left" : "right";
      }
    }
    /** Have a button for each group: the same ones as long as the groups are. */
    #build(groups) {
      const key = JSON.stringify(groups.map(({ marks: marks2 }) => marks2.length));
      if (key === this.#groups) return;
      this.#groups = key;
      this.element.replaceChildren(...groups.map(({ marks: marks2 }) => this.#button(marks2)));
      if (groups.some(({ marks: marks2 }) => marks2.length > 1)) this.legend.append(this.#several);
      else this.#several.remove();
    }
    /** Whether `target` is a mark, which says its own words. */
    isAt(target) {
      return target instanceof Node && target !== this.element && this.element.contains(target);
    }
    #button(marks2) {
      const [{ epoch, color, isNote = false }] = marks2;
      const words = groupWords(marks2);
      const isOfOne = marks2.every((mark) => mark.color === color);
      const button = make("button", {
        type: "button",
        class: "mark",
        "aria-label": words.replaceAll("\n", "; "),
        "data-words": words,
        "data-count": marks2.length,
        style: colorStyle(isOfOne ? color : MIXED)
      });
      button.classList.toggle("several", marks2.length > 1);
      button.classList.toggle("note", marks2.length === 1 && isNote);
      button.addEventListener("click", () => this.#onEpoch(epoch));
      return button;
    }
  };
  var colorStyle = (color) => `--mark:${color.startsWith("--") ? `var(${color})` : color}`;

  // core/envelope.ts
  function envelope({ x, y }, first, last, columns, isShown = isOnLogAxis, shareOf2 = (value) => (value - first) / (last - first)) {
    const kept = [];
    let current = -1;
    let [least, largest] = [-1, -1];
    const close = () => {
      if (current >= 0) kept.push(...least === largest ? [least] : [least, largest].sort((one, other) => one - other));
    };
    for (let i = 0; i < x.length; i++) {
      if (!isShown(y[i]) || x[i] < first || x[i] > last) continue;
      const column = Math.min(Math.floor(shareOf2(x[i]) * columns), columns - 1);
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
  var isOnLogAxis = (value) => value > 0 && value < Infinity;
  function decades(all) {
    let [low, high] = [Infinity, -Infinity];
    for (const { y } of all) {
      for (let i = 0; i < y.length; i++) {
        if (!isOnLogAxis(y[i])) continue;
        low = Math.min(low, y[i]);
        high = Math.max(high, y[i]);
      }
    }
    if (low > high) return [-1, 1];
    const first = Math.floor(Math.log10(low));
    return [first, Math.max(Math.ceil(Math.log10(high)), first + 1)];
  }

  // core/epoch_axis.ts
  function shareOf({ last, isLog }, epoch) {
    const end = Math.max(last, 1);
    return isLog ? Math.log1p(Math.max(epoch, 0)) / Math.log1p(end) : epoch / end;
  }
  function epochAt({ last, isLog }, share) {
    const end = Math.max(last, 1);
    return isLog ? Math.expm1(share * Math.log1p(end)) : share * end;
  }
  function epochTicks({ last, isLog }, most) {
    if (!isLog) return niceTicks(0, last, Math.max(most, 2)).filter(Number.isInteger);
    const powers = Array.from({ length: Math.floor(Math.log10(Math.max(last, 1))) + 1 }, (_, power) => 10 ** power);
    const step = Math.ceil(powers.length / Math.max(most - 1, 1));
    return [0, ...powers.filter((_, power) => power % step === 0)];
  }

  // core/thinned.ts
  var Thinned = class {
    #kept = /* @__PURE__ */ new WeakMap();
    /** Indices of the points of a series on an axis of so many pixels. */
    of(series, axis, pixels) {
      const key = `${axis.last} ${axis.isLog} ${pixels}`;
      const found = this.#kept.get(series);
      if (found?.key === key) return found.indices;
      const isShown = series.range ? Number.isFinite : isOnLogAxis;
      const at = (epoch) => shareOf(axis, epoch);
      const indices = envelope(series, 0, Math.max(axis.last, 1), Math.ceil(pixels), isShown, at);
      this.#kept.set(series, { key, indices });
      return indices;
    }
  };

  // core/line_chart.ts
  var GUTTER2 = { left: 46, right: 14 };
  var ROOM2 = { top: 8, bottom: 22 };
  var TICK_HEIGHT = 5;
  var LABEL_WIDTH = 90;
  var LABEL_GAP = 18;
  var LEAST_HEIGHT = 40;
  var NOTHING = { series: [], marks: [], stops: [], last: 0 };
  var LineChart = class {
    #mount;
    #canvas;
    /** A row above the curves. */
    legend = make("div", { class: "chart-legend" });
    #marks;
    #hint = new ChartHint();
    #thinned = new Thinned();
    #marker = make("div", { class: "loss-marker", hidden: true });
    #lines = NOTHING;
    #isLog = false;
    #epoch = null;
    #width = 0;
    #height = 0;
    #top = ROOM2.top;
    #decades = [-1, 1];
    /** `onEpoch(epoch)` is told where the user points. */
    constructor(mount, label, onEpoch) {
      this.#mount = mount;
      this.#canvas = make("canvas", { role: "img", "aria-label": label });
      this.#marks = new ChartMarks(onEpoch);
      this.legend.append(this.#marks.legend);
      this.legend.addEventListener("pointerdown", (event) => event.stopPropagation());
      mount.replaceChildren(this.#canvas, this.#marker, this.legend, this.#marks.element, this.#hint.element);
      this.#listen(onEpoch);
      const sizes = new ResizeObserver(() => this.draw());
      for (const sized of [mount, this.legend]) sizes.observe(sized);
    }
    /** `isLog`: whether the axis of epochs is by their logarithm. */
    show(lines, isLog = false) {
      this.#lines = lines;
      this.#isLog = isLog;
      this.#marks.show(lines.marks);
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
      if (!this.#lines.series.length || box.width < GUTTER2.left * 2 || box.height < LEAST_HEIGHT) return;
      this.#width = box.width - GUTTER2.left - GUTTER2.right;
      this.#top = ROOM2.top + this.legend.offsetHeight;
      this.#mount.style.setProperty("--legend", `${this.legend.offsetHeight}px`);
      this.#height = box.height - this.#top - ROOM2.bottom;
      const context = fit(this.#canvas, box.width, box.height);
      context.font = `11px ${getComputedStyle(this.#mount).fontFamily}`;
      this.#decades = decades(this.#lines.series.filter(({ range }) => range === void 0));
      this.#drawGrid(context);
      this.#drawStops(context);
      for (const series of this.#lines.series) this.#drawCurve(context, series);
      this.#marks.place((epoch) => this.#x(epoch), [GUTTER2.left, GUTTER2.left + this.#width]);
      this.mark(this.#epoch);
    }
    get #axis() {
      return { last: this.#lines.last, isLog: this.#isLog };
    }
    #x(epoch) {
      return GUTTER2.left + shareOf(this.#axis, epoch) * this.#width;
    }
    #y(value, range) {
      const [low, high] = range ?? this.#decades;
      return this.#top + (1 - ((range ? value : Math.log10(value)) - low) / (high - low)) * this.#height;
    }
    #color(name2) {
      return name2.startsWith("--") ? cssValue(this.#mount, name2) : name2;
    }
    #drawGrid(context) {
      const [low, high] = this.#decades;
      const step = Math.max(1, Math.ceil((high - low) / Math.max(1, Math.floor(this.#height / 22))));
      const [ink, line] = [this.#color("--faint"), this.#color("--grid")];
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (let power = high; power >= low; power -= step) {
        const y = Math.round(this.#y(10 ** power)) + 0.5;
        context.fillStyle = ink;
        context.fillText(powerWords(power), GUTTER2.left - 8, y);
        context.fillStyle = line;
        context.fillRect(GUTTER2.left, y, this.#width, 1);
      }
    }
    #drawStops(context) {
      const bottom = this.#top + this.#height;
      context.fillStyle = this.#color("--faint");
      let drawn = -Infinity;
      for (const epoch of this.#lines.stops) {
        const x = this.#x(epoch);
        if (x - drawn < 2) continue;
        context.fillRect(x - 0.5, bottom, 1, TICK_HEIGHT);
        drawn = x;
      }
      this.#drawEpochs(context, bottom + 18);
    }
    /** The last epoch, and round ones before it where there is room. */
    #drawEpochs(context, y) {
      const { last } = this.#lines;
      const right = GUTTER2.left + this.#width;
      context.textBaseline = "alphabetic";
      context.textAlign = "right";
      const end = common.epoch(last);
      context.fillText(end, right, y);
      const free = right - context.measureText(end).width - LABEL_GAP;
      context.textAlign = "center";
      for (const epoch of epochTicks(this.#axis, Math.floor(this.#width / LABEL_WIDTH))) {
        const words = epochWords(epoch);
        if (this.#x(epoch) + context.measureText(words).width / 2 < free) context.fillText(words, this.#x(epoch), y);
      }
    }
    #drawCurve(context, series) {
      context.strokeStyle = this.#color(series.color);
      context.lineWidth = series.width;
      context.setLineDash(series.isDashed ? [4, 3] : []);
      context.beginPath();
      for (const i of this.#thinned.of(series, this.#axis, this.#width)) {
        context.lineTo(this.#x(series.x[i]), this.#y(series.y[i], series.range));
      }
      context.stroke();
    }
    /** Say what the curves have at an epoch. */
    #tell(epoch) {
      const whole3 = Math.round(epoch);
      this.#hint.show(this.#x(whole3), whole3, valuesAt2(this.#lines.series, whole3), this.#x(whole3) > GUTTER2.left + this.#width / 2);
    }
    #listen(onEpoch) {
      const epochOf = (event) => {
        const x = event.clientX - this.#mount.getBoundingClientRect().left - GUTTER2.left;
        return Math.min(epochAt(this.#axis, Math.min(Math.max(x / this.#width, 0), 1)), this.#lines.last);
      };
      const go = (event) => onEpoch(epochOf(event));
      this.#mount.addEventListener("pointerdown", (event) => {
        this.#mount.setPointerCapture(event.pointerId);
        go(event);
      });
      this.#mount.addEventListener("pointermove", (event) => {
        if (this.#mount.hasPointerCapture(event.pointerId)) go(event);
        if (this.#marks.isAt(event.target)) this.#hint.hide();
        else this.#tell(epochOf(event));
      });
      this.#mount.addEventListener("pointerleave", () => this.#hint.hide());
    }
  };

  // core/loss_kinds.ts
  var LossKinds = class {
    element = make(
      "div",
      { class: "loss-kinds", hidden: true },
      make("span", { class: "solid" }, losses.test),
      make("span", { class: "dashed" }, losses.train)
    );
    show(series) {
      this.element.hidden = !series.some(({ isDashed }) => isDashed);
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

  // core/scalars.ts
  function scalarSeries({ name: name2, color, epochs, values }) {
    const curve = { name: nameWords(name2), x: epochs, y: values, color, width: 1.25, isDashed: true };
    return isLoss(name2, values) ? curve : { ...curve, range: isAccuracy(name2, values) ? [0, 1] : extent2(values) };
  }
  var nameWords = (name2) => name2.replaceAll("_", " ");
  function valueAt({ epochs, values }, epoch) {
    const index = nearest(epochs, epoch);
    const known2 = index >= 0 && epochs[index] > epoch ? index - 1 : index;
    return values[known2] ?? NaN;
  }
  var isLoss = (name2, values) => /loss/i.test(name2) && values.some(isOnLogAxis);
  var isAccuracy = (name2, values) => /accuracy/i.test(name2) && values.every((value) => !(value < 0 || value > 1));
  function extent2(values) {
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Infinity, -Infinity]
    );
    return low < high ? [low, high] : [low - 1, high + 1];
  }

  // core/scalar_legend.ts
  var DIGITS2 = 3;
  var ScalarLegend = class {
    #mount = make("div", { class: "scalar-legend", role: "group", "aria-label": losses.besides });
    #hidden = /* @__PURE__ */ new Set();
    #onChange;
    #entries = [];
    #epoch = NaN;
    /** `onChange()` is called when the user hid or showed a curve. The legend stands in `mount`. */
    constructor(mount, onChange) {
      this.#onChange = onChange;
      mount.append(this.#mount);
    }
    show(scalars) {
      this.#entries = scalars.map((scalar) => this.#entry(scalar));
      arrange(
        this.#mount,
        this.#entries.map(({ button }) => button)
      );
      this.mark(this.#epoch);
    }
    /** With the button that its curve has already, so that a press on it is not lost when the curve grows. */
    #entry(scalar) {
      const known2 = this.#entries.find((entry) => entry.scalar.name === scalar.name && entry.scalar.color === scalar.color);
      const value = known2?.value ?? make("span", { class: "value" });
      return { scalar, value, button: known2?.button ?? this.#button(scalar, value) };
    }
    isShown(name2) {
      return !this.#hidden.has(name2);
    }
    /** The values at the epoch that is shown. */
    mark(epoch) {
      this.#epoch = epoch;
      for (const { scalar, value } of this.#entries) {
        const found = valueAt(scalar, epoch);
        value.textContent = Number.isFinite(found) ? valueWords(found, DIGITS2) : "–";
      }
    }
    #button({ name: name2, color }, value) {
      const swatch = make("span", { class: "swatch" });
      swatch.style.borderColor = color;
      const button = make(
        "button",
        { type: "button", "aria-pressed": String(this.isShown(name2)) },
        swatch,
        nameWords(name2),
        value
      );
      button.addEventListener("click", () => {
        if (!this.#hidden.delete(name2)) this.#hidden.add(name2);
        button.setAttribute("aria-pressed", String(this.isShown(name2)));
        this.#onChange();
      });
      return button;
    }
  };

  // core/slider.ts
  var STEPS2 = 1e4;
  var EpochSlider = class {
    #input = make("input", {
      type: "range",
      class: "epoch",
      min: 0,
      max: 0,
      step: 1,
      "aria-label": transport.slider
    });
    #epochs = [];
    #axis = { last: 0, isLog: false };
    constructor(mount, onEpoch) {
      mount.replaceChildren(this.#input);
      this.#input.addEventListener("input", () => onEpoch(this.#epoch));
    }
    /** The epochs to stop at. A log axis has steps of its own, since those of the input are equal. */
    setEpochs(epochs, axis) {
      this.#epochs = epochs;
      this.#axis = axis;
      this.#input.max = String(axis.isLog ? STEPS2 : axis.last);
    }
    get #epoch() {
      const value = Number(this.#input.value);
      return this.#axis.isLog ? epochAt(this.#axis, value / STEPS2) : value;
    }
    mark(epoch) {
      const share = this.#axis.last ? shareOf(this.#axis, epoch) : 0;
      this.#input.value = String(this.#axis.isLog ? Math.round(share * STEPS2) : epoch);
      this.#input.style.setProperty("--done", String(share));
      const index = nearest(this.#epochs, epoch);
      this.#input.setAttribute("aria-valuetext", transport.place(epoch, index, this.#epochs.length));
    }
  };

  // core/timeline.ts
  var RATE = 12;
  var Timeline = class {
    player;
    chart;
    #root;
    #host;
    #slider;
    #shown = "";
    #kinds = new LossKinds();
    #legend;
    #series = [];
    #marks = [];
    #last = 0;
    #isLog = false;
    #scalars = [];
    /** `root` holds the elements: .loss, .transport, .epoch-slider and buttons with a `data-action`. */
    constructor(root, host, rate = RATE) {
      this.#root = root;
      this.#host = host;
      this.#slider = new EpochSlider(find(root, ".epoch-slider"), (epoch) => this.#goTo(epoch));
      this.chart = new LineChart(find(root, ".loss"), losses.chart, (epoch) => this.#goTo(epoch));
      this.chart.legend.append(this.#kinds.element);
      this.#legend = new ScalarLegend(this.chart.legend, () => this.#draw());
      this.player = new Player(this, rate, () => this.showPlayer());
      this.#listen();
    }
    /** The curves, their marks and the end of the axis. Draws only what is new; series and scalars are compared by identity. */
    show(series, marks2, last, scalars = []) {
      const { epochs } = this.#host;
      find(this.#root, ".transport").hidden = !epochs.length;
      find(this.#root, ".loss").hidden = !series.some(({ x }) => x.length) && !scalars.length;
      const isLog = this.#host.isLogAxis ?? this.#isLog;
      const shown = JSON.stringify([last, epochs.length, epochs.at(-1), marks2, isLog]);
      if (shown === this.#shown && isSame(series, this.#series) && isSame(scalars, this.#scalars)) return;
      if (!isSame(scalars, this.#scalars)) this.#legend.show(scalars);
      this.#kinds.show(series);
      this.#shown = shown;
      this.#series = series;
      this.#marks = marks2;
      this.#last = last;
      this.#scalars = scalars;
      this.#isLog = isLog;
      this.#slider.setEpochs(epochs, { last, isLog });
      this.#draw();
    }
    mark(epoch) {
      this.#slider.mark(epoch);
      this.chart.mark(epoch);
      this.#legend.mark(epoch);
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
      this.#button("log-epochs").setAttribute("aria-pressed", String(this.#host.isLogAxis ?? this.#isLog));
      const follow = this.#root.querySelector('[data-action="follow"]');
      if (follow === null) return;
      follow.hidden = !this.#host.isLive;
      follow.setAttribute("aria-pressed", String(this.#host.isFollowing));
    }
    #draw() {
      const scalars = this.#scalars.filter(({ name: name2 }) => this.#legend.isShown(name2));
      const series = [...scalars.map(scalarSeries), ...this.#series];
      this.chart.show({ series, marks: this.#marks, stops: this.#host.epochs, last: this.#last }, this.#isLog);
    }
    /** Change between the two axes of epochs. */
    #toggleLog() {
      if (this.#host.setLogAxis) {
        this.#host.setLogAxis(!this.#host.isLogAxis);
        return;
      }
      this.#isLog = !this.#isLog;
      this.show(this.#series, this.#marks, this.#last, this.#scalars);
      this.showPlayer();
      if (this.#host.epoch !== null) this.mark(this.#host.epoch);
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
        "log-epochs": () => this.#toggleLog(),
        follow: () => this.#host.go(this.#host.isFollowing ? this.#host.epoch : null)
      };
      this.#root.addEventListener("click", (event) => {
        const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
        if (button) actions[button.dataset.action ?? ""]?.();
      });
    }
  };
  function lastOf(epochs, curves, scalars) {
    const ends = [epochs, ...curves.map(({ x }) => x), ...scalars.map((scalar) => scalar.epochs)];
    return Math.max(1, ...ends.map((all) => all[all.length - 1] ?? 0));
  }
  var isSame = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);

  // core/transport.ts
  var ICONS = ["first", "back", "play", "last"];
  function transport2() {
    const icons = ICONS.map((action) => iconButton(action, transport[action]));
    const speed = make("button", { class: "text-button", type: "button", title: transport.speed, "data-action": "speed" });
    const loop = iconButton("loop", transport.loop);
    const log = make(
      "button",
      { class: "text-button", type: "button", title: transport.logTitle, "data-action": "log-epochs" },
      transport.log
    );
    const buttons = make("div", { class: "buttons" }, ...icons, speed, loop, log);
    return [make("div", { class: "loss" }), make("div", { class: "transport" }, make("div", { class: "epoch-slider" }), buttons)];
  }
  function iconButton(action, label) {
    return make("button", {
      class: "icon-button",
      type: "button",
      title: label,
      "aria-label": label,
      "data-action": action,
      "data-icon": action
    });
  }

  // core/lines.ts
  var pinMark = (epoch, shift, color) => ({
    epoch: epoch + shift,
    label: marks.pinned,
    legend: marks.pinnedAt(epoch),
    color
  });

  // core/losses.ts
  function lossSeries(train, test, { shift = 0, color = null, name: name2 = "" } = {}) {
    const moved = ({ x, y }) => ({ x: shift ? Array.from(x, (epoch) => epoch + shift) : x, y });
    const named = (kind) => name2 === null ? {} : { name: [name2, kind].filter(Boolean).join(" ") };
    return [
      { ...moved(test), ...named(losses.test), color: color ?? "--test", width: 1.75, isDashed: false },
      { ...moved(train), ...named(losses.train), color: color ?? "--train", width: 1.25, isDashed: color !== null }
    ];
  }

  // core/side_box.ts
  var SideBox = class {
    element;
    picture;
    #name;
    #words = make("p");
    #color = "";
    constructor(name2, calls, onReady) {
      this.#name = make("h2", {}, name2);
      const mount = make("div", { class: "heads" });
      this.element = make("section", { class: "side" }, make("header", {}, this.#name, this.#words), mount);
      this.picture = new Picture(mount, calls, onReady);
    }
    /** The CSS variable of its curve. */
    get color() {
      return this.#color;
    }
    set color(variable) {
      this.#color = variable;
      this.#name.style.setProperty("--run", `var(${variable})`);
    }
    describe(name2, words) {
      this.#name.textContent = this.#name.title = name2;
      if (this.#words.textContent !== words) this.#words.replaceChildren(...unbroken(words));
    }
  };
  function unbroken(words) {
    return words.split(/(\S*-\S*)/).map((part, index) => index % 2 ? make("span", { class: "unbroken" }, part) : part);
  }

  // core/cells.ts
  var NO_VALUE2 = 255;
  var bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  var inflatedText = (compressed) => new Response(inflating(compressed)).text();
  async function inflated(compressed, size) {
    const steps = new Uint8Array(await new Response(inflating(compressed)).arrayBuffer());
    addUp(steps, size);
    return steps;
  }
  var inflating = (compressed) => new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  function addUp(steps, size) {
    for (let i = size; i < steps.length; i++) steps[i] += steps[i - size];
  }
  function frameOf(steps, span2, hasGaps) {
    const values = hasGaps ? withGaps(steps, span2) : steps;
    return { values, range: span2 };
  }
  function withGaps(steps, [low, high]) {
    const top = NO_VALUE2 - 1;
    return Float32Array.from(steps, (byte) => byte === NO_VALUE2 ? Number.NaN : low + byte / top * (high - low));
  }

  // page/arrangement.ts
  function arrangedValues(values, { places: [rows, columns] }) {
    const size = rows.length * columns.length;
    const made2 = values.slice();
    for (let panel = 0; panel < values.length; panel += size) {
      let at = panel;
      for (const row of rows) for (const column of columns) made2[at++] = values[panel + row * columns.length + column];
    }
    return made2;
  }
  function arrangedCurve(curve, { places: [rows, columns] }) {
    if (hasEach(curve.rows, rows.length)) return { ...curve, columns: rows.map((row) => curve.columns[row]) };
    if (hasEach(curve.columns, columns.length)) return { ...curve, rows: columns.map((column) => curve.rows[column]) };
    return curve;
  }
  var hasEach = (places, size) => places.length === size && places.every((place2, index) => place2 === index);

  // page/content.ts
  function readContent() {
    return JSON.parse(find(document, "#content").textContent ?? "");
  }
  function partOf({ parts }, choices) {
    const isChosen2 = (part) => Object.entries(part.choices).every(([name2, value]) => choices[name2] === value);
    return parts.find(isChosen2) ?? parts[0];
  }
  async function framesOf(part, { moments }) {
    const { cells, grids, lines, overlays, span: span2, hasGaps } = part;
    if (grids === null) return moments.map((_, i) => lines[Math.min(i, lines.length - 1)]);
    const { rows, columns } = shapeOf({ ...grids, origin: "upper" });
    const size = grids.titles.length * rows * columns;
    const steps = await inflated(bytesOf(cells), size);
    return moments.map((_, i) => {
      const frame = frameOf(steps.subarray(i * size, (i + 1) * size), span2, hasGaps);
      return { ...frame, ...overlays.length ? { curves: overlays[i] } : {} };
    });
  }

  // page/page_frames.ts
  var PageFrames = class {
    #side;
    #wanted = null;
    #chosen = null;
    #range = null;
    #last = null;
    constructor(side) {
      this.#side = side;
    }
    /** Have the frames of these choices; what is chosen meanwhile replaces them. */
    async choose(choices) {
      this.#wanted = choices;
      const part = partOf(this.#side, choices);
      const arrangement = this.#side.arrangements.find((one) => isChosen(one.choices, choices)) ?? null;
      const before = this.#chosen;
      const frames = before?.part === part ? before.frames : await framesOf(part, this.#side);
      const curves = await curvesOf(part, choices, arrangement);
      if (this.#wanted === choices) this.#chosen = { part, frames, arrangement, curves };
    }
    /** What all frames share; null of lines. */
    get grids() {
      const { part, arrangement } = this.#chosen ?? {};
      const grids = part?.grids ?? null;
      return grids && arrangement ? { ...grids, axes: arrangement.axes } : grids;
    }
    get panels() {
      return this.#chosen?.part.grids?.titles.length ?? 0;
    }
    /** What is shown, in words. */
    subject(index) {
      const { subjects = [], subject = "" } = this.#chosen?.part ?? {};
      return subjects[index] ?? subject;
    }
    /** The frame at a place in time. */
    at(index) {
      const chosen = this.#chosen;
      if (!chosen) return void 0;
      if (this.#last?.chosen !== chosen || this.#last.index !== index) this.#last = { chosen, index, frame: made(chosen, index) };
      return this.#last.frame;
    }
    /** Least and largest value of all frames. */
    get range() {
      const { frames = [] } = this.#chosen ?? {};
      if (this.#range?.frames !== frames) {
        const ranges = frames.flatMap((frame) => "values" in frame ? [extent(frame)] : []);
        this.#range = { frames, range: ranges.length ? around(ranges) : null };
      }
      return this.#range.range;
    }
  };
  function made({ frames, arrangement, curves }, index) {
    const frame = frames[index];
    if (!frame || !("values" in frame)) return frame;
    const over = curves?.[index] ?? frame.curves?.map((curve) => arrangement ? arrangedCurve(curve, arrangement) : curve);
    const values = arrangement ? arrangedValues(frame.values, arrangement) : frame.values;
    return { values, range: frame.range, ...over ? { curves: over } : {} };
  }
  async function curvesOf(part, choices, arrangement) {
    const names = ({ choices: mine }) => Object.keys(mine).length;
    const [found] = part.curves.filter((one) => isChosen(one.choices, choices)).sort((one, other) => names(other) - names(one));
    if (!found) return null;
    const curves = JSON.parse(await inflatedText(bytesOf(found.frames)));
    const isOfOrder = Object.keys(arrangement?.choices ?? {}).every((name2) => name2 in found.choices);
    if (!arrangement || isOfOrder) return curves;
    return curves.map((each) => each.map((curve) => arrangedCurve(curve, arrangement)));
  }
  var isChosen = (some, choices) => Object.entries(some).every(([name2, value]) => choices[name2] === value);

  // page/page_side.ts
  var PageSide = class {
    box;
    #side;
    #frames;
    #series = null;
    constructor(side, calls, onReady) {
      this.#side = side;
      this.#frames = new PageFrames(side);
      this.box = new SideBox(side.variant, calls, onReady);
    }
    /** Whether the slider moves it. */
    get isScrubbed() {
      return this.#side.pin === null;
    }
    get panels() {
      return this.#frames.panels;
    }
    get subject() {
      return this.#frames.subject(0);
    }
    /** Its curves on the common axis. */
    get series() {
      const { curves, shift, variant: name2 } = this.#side;
      this.#series ??= lossSeries(curves.train, curves.test, { shift, color: this.box.color, name: name2 });
      return this.#series;
    }
    /** The end of what is known of it, on the common axis. */
    get last() {
      const { curves, moments, shift } = this.#side;
      return shift + lastOf(
        moments.map(({ epoch }) => epoch),
        [curves.train, curves.test],
        []
      );
    }
    get pins() {
      const { pin, shift } = this.#side;
      return pin === null ? [] : [pinMark(pin, shift, this.box.color)];
    }
    /** Whether `other` shows the same run, which the slider moves. */
    isBesideItself(other) {
      return other.isScrubbed && other.#side.id === this.#side.id;
    }
    /** Have the frames of these choices. */
    choose(choices) {
      return this.#frames.choose(choices);
    }
    shown(epoch, { controls: controls2, choices }, region) {
      const index = this.#side.moments.findIndex((moment) => moment.epoch === epoch);
      const { pin, note, variant, moments } = this.#side;
      const { train, test } = moments[index];
      this.box.describe(
        variant,
        common.join([compare.where(epoch, pin !== null), losses.both(test, train), note])
      );
      const described = this.#frames.grids;
      const frame = this.#frames.at(index);
      const grids = described && { ...laidOut(described, controls2, choices), region: within(region, described.axes) };
      return { box: this.box, grids, frame: frame && "values" in frame ? frame : void 0, range: this.#frames.range };
    }
  };

  // page/compared_page.ts
  var ComparedPage = class {
    epochs;
    isLive = false;
    isFollowing = false;
    #content;
    #view;
    #sides;
    #timeline;
    #controls;
    #index;
    #choices;
    #panel = null;
    #region;
    #scheduled = 0;
    constructor(content) {
      this.#content = content;
      this.#choices = content.choices;
      this.#region = content.region;
      this.epochs = content.moments.map(({ epoch }) => epoch);
      this.#index = this.epochs.length - 1;
      byId("readout").hidden = true;
      byId("timeline").replaceChildren(...transport2());
      const calls = {
        onPanel: (panel) => this.showPanel(panel),
        onRegion: (region) => this.#zoom(region)
      };
      this.#view = new SidesView(byId("stage"), content.scales, calls, () => this.#schedule());
      this.#sides = content.sides.map((side) => new PageSide(side, this.#view.calls, () => this.#schedule()));
      this.#view.arrange(this.#sides.map(({ box }) => box));
      this.#timeline = new Timeline(byId("timeline"), this, content.fps);
      this.#controls = new ControlBar(byId("choices"), (name2, value) => this.#choose(name2, value));
      const shortcuts = [...stepShortcuts(this.#timeline), ...pictureShortcuts(this)];
      byId("keys").replaceWith(keySheet(shortcuts));
      listen(window, keysOf(shortcuts));
    }
    get epoch() {
      return this.epochs[this.#index];
    }
    get panel() {
      return this.#panel;
    }
    get panels() {
      return this.#sides[0].panels;
    }
    showPanel(panel) {
      this.#panel = panel;
      this.#schedule();
    }
    chooseNumber(index) {
      const found = numbered(this.#content.controls, index);
      if (!found) return;
      this.#choose(found.name, found.value);
      this.#showControls();
    }
    isReady() {
      return true;
    }
    go(epoch) {
      this.#index = epoch === null ? this.epochs.length - 1 : this.epochs.indexOf(epoch);
      this.#schedule();
    }
    async start() {
      await this.#load();
      const scrubbed = this.#sides.filter((side) => side.isScrubbed || !this.#sides.some((other) => side.isBesideItself(other)));
      const ends = this.#sides.map(({ last }) => last);
      this.#timeline.show(
        scrubbed.flatMap((side) => side.series),
        this.#sides.flatMap((side) => side.pins),
        Math.max(1, ...this.epochs, ...ends)
      );
      this.#timeline.showPlayer();
      this.#showControls();
      this.#schedule();
    }
    /** After a change of the theme, whose colours are drawn into canvases. */
    redraw() {
      this.#timeline.chart.draw();
      this.#schedule();
    }
    #showControls() {
      this.#controls.show([...withRunRange(this.#content.controls), STRIPS], this.#choices);
    }
    #choose(name2, value) {
      this.#choices = { ...this.#choices, [name2]: value };
      void this.#load();
      this.#schedule();
    }
    async #load() {
      await Promise.all(this.#sides.map((side) => side.choose(this.#choices)));
      this.#schedule();
    }
    #zoom(region) {
      this.#region = region;
      this.#schedule();
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(this.#draw);
    }
    #draw = () => {
      this.#scheduled = 0;
      const { shown } = this.#content.moments[this.#index];
      const controls2 = withRunRange(this.#content.controls);
      this.#timeline.mark(this.epoch);
      byId("variant").textContent = this.#sides[0].subject;
      const look = { controls: controls2, choices: this.#choices, panel: this.#panel };
      this.#view.paint(
        this.#sides.map((side, index) => side.shown(shown[index], look, this.#region)),
        look
      );
    };
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
      const title = common.join([common.epochTitle(epoch), subject]);
      if (this.#title.textContent !== title) this.#title.textContent = this.#title.title = title;
      this.#test.textContent = losses.testValue(test);
      this.#train.textContent = losses.trainValue(train);
    }
  };

  // core/view.ts
  var BINS2 = 64;
  var View = class {
    picture;
    #bar;
    #palettes;
    #cell = null;
    #region = null;
    #axes = null;
    constructor(mount, bar, scales, { onReady, onPanel, onRegion }) {
      const onCell = (cell) => {
        this.#cell = cell;
        onReady();
      };
      const keepRegion = (region) => {
        this.#region = region;
        onReady();
      };
      this.picture = new Picture(mount, { onCell, onPanel, onRegion: onRegion ?? keepRegion }, onReady);
      this.#bar = new ColorBar(bar);
      this.#palettes = new Palettes(scales);
    }
    /** The axes of the grids that were painted last; null before any. */
    get axes() {
      return this.#axes;
    }
    /** Paint a frame; without one the old picture fades. */
    paint(frame, drawing) {
      const { grids: described, controls: controls2, choices, panel, region = this.#region, epoch, range } = drawing;
      if (!frame || !("values" in frame) || !described) {
        if (frame && "plots" in frame) this.picture.show(frame, epoch);
        else this.picture.paint(void 0, void 0, null);
        return;
      }
      this.#axes = described.axes;
      const grids = { ...laidOut(described, controls2, choices), region: within(region, described.axes) };
      const ranges = { fixed: () => grids.range, epoch: () => extent(frame), run: () => range() ?? grids.range };
      const palette = this.#palettes.chosen(controls2, choices, ranges);
      this.picture.prepare(grids, panel, hasStrips(choices));
      this.picture.paint(frame, palette, this.#cell);
      this.#bar.draw(palette, grids.valueName);
      const only = panel === null || grids.titles.length === 1 ? null : Math.min(panel, grids.titles.length - 1);
      this.#bar.count(counted(grids, frame, only, [palette.low, palette.high], BINS2));
      this.#bar.point(pointedValues(grids, frame, only, this.#cell));
    }
  };

  // page/page.ts
  var Page = class {
    epochs;
    isLive = false;
    isFollowing = false;
    #content;
    #side;
    #frames;
    #timeline;
    #controls;
    #view;
    #readout = new Readout(byId("readout"), "picture-title");
    #shown;
    #choices;
    #colors = new MarkColors();
    #panel = null;
    #region;
    #scheduled = 0;
    constructor(content) {
      this.#content = content;
      [this.#side] = content.sides;
      this.#frames = new PageFrames(this.#side);
      this.#choices = content.choices;
      this.epochs = content.moments.map(({ epoch }) => epoch);
      this.#shown = this.epochs.length - 1;
      byId("variant").textContent = this.#side.variant;
      byId("timeline").replaceChildren(...transport2());
      this.#timeline = new Timeline(byId("timeline"), this, content.fps);
      this.#region = content.region;
      const calls = {
        onReady: () => this.#schedule(),
        onPanel: (panel) => this.showPanel(panel),
        onRegion: (region) => this.#zoom(region)
      };
      this.#view = new View(byId("heads"), byId("color-bar"), content.scales, calls);
      this.#controls = new ControlBar(byId("choices"), (name2, value) => this.#choose(name2, value));
      const shortcuts = [...stepShortcuts(this.#timeline), ...pictureShortcuts(this)];
      byId("keys").replaceWith(keySheet(shortcuts));
      listen(window, keysOf(shortcuts));
    }
    get epoch() {
      return this.epochs[this.#shown];
    }
    get panel() {
      return this.#panel;
    }
    get panels() {
      return this.#frames.panels;
    }
    showPanel(panel) {
      this.#panel = panel;
      this.#schedule();
    }
    chooseNumber(index) {
      const found = numbered(this.#content.controls, index);
      if (!found) return;
      this.#choose(found.name, found.value);
      this.#showControls();
    }
    isReady() {
      return true;
    }
    go(epoch) {
      this.#shown = epoch === null ? this.epochs.length - 1 : this.epochs.indexOf(epoch);
      this.#schedule();
    }
    async start() {
      await this.#frames.choose(this.#choices);
      const { curves, marks: marks2, scalars } = this.#side;
      const last = lastOf(this.epochs, [curves.train, curves.test], scalars);
      this.#timeline.show(lossSeries(curves.train, curves.test), marks2, last, scalars);
      this.#timeline.showPlayer();
      byId("stage").dataset.shows = this.#frames.grids ? "grids" : "lines";
      this.#showControls();
      this.#schedule();
    }
    /** After a change of the theme, whose colours are drawn into canvases. */
    redraw() {
      this.#timeline.chart.draw();
      this.#schedule();
    }
    #showControls() {
      const strips = this.#frames.grids ? [STRIPS] : [];
      this.#controls.show([...withRunRange(this.#content.controls), ...strips], this.#choices);
    }
    #choose(name2, value) {
      this.#choices = { ...this.#choices, [name2]: value };
      void this.#frames.choose(this.#choices).then(() => this.#schedule());
      this.#schedule();
    }
    #zoom(region) {
      this.#region = region;
      this.#schedule();
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(this.#draw);
    }
    #draw = () => {
      this.#scheduled = 0;
      const { moments, marks: marks2 } = this.#side;
      const controls2 = withRunRange(this.#content.controls);
      const moment = moments[this.#shown];
      this.#timeline.mark(moment.epoch);
      const frame = this.#frames.at(this.#shown);
      this.#view.paint(frame, {
        grids: this.#colors.of(this.#frames.grids, marks2),
        controls: controls2,
        choices: this.#choices,
        panel: this.#panel,
        region: this.#region,
        epoch: moment.epoch,
        range: () => this.#frames.range
      });
      const note = frame && "values" in frame ? constantWords(extent(frame)) : "";
      this.#readout.show({ ...moment, subject: this.#frames.subject(this.#shown), note });
    };
  };

  // page/main.ts
  async function start() {
    const content = readContent();
    const page = content.sides.length > 1 ? new ComparedPage(content) : new Page(content);
    if (document.documentElement.dataset.theme === "auto") followSystem(() => page.redraw());
    await page.start();
  }
  function followSystem(onChange) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
    };
    dark.addEventListener("change", () => {
      apply();
      onChange();
    });
    apply();
  }
  void start();
})();
