"use strict";
(() => {
  // core/dom.ts
  function byId(id) {
    const element = document.getElementById(id);
    if (element === null) throw new Error(`there is no element #${id}`);
    return element;
  }
  function find(root2, selector) {
    const element = root2.querySelector(selector);
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
    let next2 = parent.firstChild;
    for (const node of nodes) {
      if (node === next2) next2 = next2.nextSibling;
      else parent.insertBefore(node, next2);
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
    const words3 = value.toFixed(Math.min(Math.max(decimals, 0), 20));
    return Number(words3) === 0 ? words3.replace("-", "") : words3;
  }
  var powerWords = (power) => power > -3 && power < 3 ? String(10 ** power) : `1e${power}`;
  var constantWords = (extent3) => extent3 !== null && extent3[0] === extent3[1] ? `always ${valueWords(extent3[0])}` : "";
  function scientific(value, digits) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e");
    return [mantissa, Number(power)];
  }
  var fixed = (value, digits, power) => value.toFixed(Math.max(digits - 1 - power, 0));
  var trimmed = (number) => number.includes(".") ? number.replace(/\.?0+$/, "") : number;

  // core/texts.ts
  var MOST_QUOTED = 80;
  var MOST_NAMED = 24;
  var many = (n) => n.toLocaleString("en");
  var short = (given) => given.length > MOST_QUOTED ? `${given.slice(0, MOST_QUOTED)}…` : given;
  var quoted = (given) => `“${short(given)}”`;
  var listed = (names2, conjunction) => [names2.slice(0, -1).join(", "), ...names2.slice(-1)].filter(Boolean).join(` ${conjunction} `);
  var sentences = (parts4) => parts4.filter(Boolean).join(" · ");
  var common = {
    join: sentences,
    epoch: (epoch) => `epoch ${epochWords(epoch)}`,
    epochTitle: (epoch) => `Epoch ${epochWords(epoch)}`,
    loading: "loading…",
    allHeads: "All heads",
    tab: (parts4) => sentences([...parts4, "headlapse"]),
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
    ofSeveral: (what, names2) => {
      const more = names2.length > MOST_NAMED ? ` and ${names2.length - MOST_NAMED} more` : "";
      return names2.length ? `${what}: ${names2.slice(0, MOST_NAMED).join(", ")}${more}` : what;
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
  var grokking = {
    notBy: (epoch) => `has not grokked by epoch ${epochWords(epoch)}, not shifted`,
    at: (epoch) => `groks at epoch ${epochWords(epoch)}`,
    before: "not grokked",
    after: "grokked"
  };
  var links = {
    noView: (view) => `This run has no view “${short(view)}”.`,
    viewProblem: (title, problem) => `${title} cannot be shown (${problem}).`,
    shown: (title) => `Shown: ${title}.`,
    noCheckpoint: (epoch, shown) => `Epoch ${epochWords(epoch)} has no checkpoint. Shown: epoch ${epochWords(shown)}.`,
    noHead: (head, count) => `There is no head ${head}: this run has ${count}. Shown: all heads.`,
    noSetting: (name2) => `No view of this run has a setting “${short(name2)}”.`,
    noName: (name2) => `There is no setting “${short(name2)}”.`,
    notAllowed: (label, value, shown) => `${label} cannot be “${short(value)}”. Shown: ${shown}.`,
    repeated: (name2, times, first) => `“${short(name2)}” is given ${times} times. Used: “${short(first)}”.`,
    noColumn: (condition) => `There is no column for “${short(condition)}”. The filter searches for these words.`,
    onlyGrids: "only grids can be shown side by side",
    nothing: "nothing",
    epoch: { name: "Epoch", instead: "the newest epoch" },
    head: { name: "Head", instead: "all heads" },
    field: (field) => `“${field}”`,
    noVariant: (variant2, shown) => `There is no variant ${short(variant2)}. Shown: ${shown}.`,
    noneToCompare: (gone, areOthersShown) => `There is no variant ${listed(gone.map(short), "or")} to compare with.${areOthersShown ? " Shown: the others." : ""}`,
    tooMany: (most) => `At most ${most} variants can be compared. Shown: the first ${most}.`,
    linear: "a linear axis",
    log: "a logarithmic axis",
    preferred: "another variant",
    firstView: "the first view",
    wholeGrid: "the whole grid",
    ownOrder: "runs in the order of their names",
    usualPlot: "the default plot",
    table: "the table"
  };
  var empty = {
    variantProblem: "This variant cannot be shown",
    resultsProblem: "The results cannot be read",
    serverGone: "The server does not respond",
    serverGoneText: "It may have been stopped. What is already loaded stays usable. To continue, start the server again:",
    nothingTrained: "Nothing trained yet",
    nothingTrainedText: "Train a model and watch its heads form here. This small one takes about a minute.",
    familyProblem: (name2, reason) => ` Family ${name2} cannot be used: ${reason}.`,
    smallRun: "headlapse train modulo_addition_1layer --prime 31 --train-fraction 0.6 --epochs 3000",
    noneUsable: "No variant can be shown",
    andMore: (n) => ` ${n === 1 ? "Another variant" : `${many(n)} other variants`} cannot be shown either.`,
    check: "headlapse check --all",
    notTrained: "Not trained yet",
    notTrainedText: "This variant has no checkpoint. Train it:",
    train: (family, options) => ["headlapse train", family, ...options].join(" "),
    trainNow: "Train it now",
    begun: "Training has started",
    begunText: "The first checkpoint will appear here soon.",
    nothing: "Nothing to show",
    nothingText: "This run has no artifacts for any of its views.",
    viewProblem: (title) => `${title} cannot be shown`,
    viewNotAnalysed: (title) => `“${title}” is not analysed yet`,
    viewNotAnalysedText: "This view needs an analysis that runs only on request:",
    notAnalysed: "Not analysed yet",
    notAnalysedText: (n) => `This run has ${n === 1 ? "1 checkpoint" : `${many(n)} checkpoints`} but no attention patterns. Extract them:`,
    analyse: (run2) => `headlapse analyze ${run2}`,
    analyseNow: "Analyse now",
    started: "started: see Jobs",
    copy: "copy",
    copied: "copied",
    dismiss: "dismiss",
    dashboard: "headlapse dashboard"
  };
  var states = {
    partlyAnalysed: (state2, analysed, all) => `${state2} · ${analysed} of ${all} analysed`,
    loadingPart: (part) => `loading ${Math.round(part * 100)}%`,
    checkpointNotAnalysed: "not analysed yet"
  };
  var api = {
    noVariant: (id) => `There is no variant ${id}.`,
    noAnswer: "The server does not respond.",
    unreadable: (url) => `${url} cannot be read`,
    notLoaded: (url) => `${url} cannot be loaded; reload the page`
  };
  var picker = {
    label: "Variant",
    placeholder: "Choose a variant",
    noMatch: "No variant matches",
    narrow: (shown, found2) => `${shown} of ${many(found2)}: type to narrow`,
    family: (family) => `${family} · `
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
  var exporting = {
    drawing: "drawing…",
    writing: "writing…",
    saved: (name2) => `saved: ${name2}`,
    copied: "copied"
  };
  var notes = {
    on: (epoch) => `Note on epoch ${epochWords(epoch)}`,
    notKept: (problem) => `Note not saved: ${problem}`
  };
  var jobs = {
    noOutput: "(no output)",
    notStarted: (problem) => `Not started: ${problem}`,
    notCancelled: (problem) => `Not cancelled: ${problem}`
  };
  var settings = {
    prime: "modulus p",
    train_fraction: "training fraction",
    lr: "learning rate",
    beta1: "Adam β₁",
    beta2: "Adam β₂"
  };
  var runs = {
    table: "Runs",
    filter: "Filter",
    filterHint: "Filter: words, p=31, tag=paper",
    toWall: "wall of heads",
    toTable: "table",
    counts: (shown, all, selected) => (shown === all ? common.runs(all) : `${many(shown)} of ${common.runs(all)}`) + (selected ? `, ${many(selected)} selected` : ""),
    noColumn: (conditions) => ` · no column for ${listed(conditions.map(quoted), "or")}`,
    reading: (left) => `, reading ${many(left)} more…`,
    allWith: (equal) => equal.length ? ` · all with ${equal.join(", ")}` : "",
    onWall: (most, all) => ` · the first ${most} of ${many(all)} on the wall`,
    compare: "compare selected",
    compareFirst: (most) => `compare the first ${most} selected`,
    selected: "selected",
    select: (run2) => `Select ${run2}`,
    glance: "losses · one head",
    sparkline: (test, train) => `test loss ${test}, train loss ${train}`,
    label: "Label",
    tags: "Tags, separated by commas",
    hide: "hide",
    unhide: "unhide",
    undo: "undo",
    inTrash: (n) => `${common.runs(n)} moved to the trash.`,
    putBack: (n) => `${common.runs(n)} restored.`,
    firstOf: (n, all) => ` of the first ${n} of ${many(all)} runs`,
    selectedInColour: ", selected runs in colour",
    all: "all runs",
    group: (heading2, name2, n) => `${heading2} ${name2} (n = ${n})`,
    scatterCounts: (n, missing, hasMeans) => `n = ${n}${missing ? ` · ${missing} without a value` : ""}${hasMeans ? " · bars: mean ± standard deviation" : ""} `,
    scatter: (y, x, n) => `${y} against ${x} of ${n} runs`,
    mean: (group, mean, n) => `${group}: mean ${mean}, n = ${n}`
  };
  var trash = {
    empty: "Empty the trash",
    count: (n) => n ? `${common.runs(n)} in the trash.` : "The trash is empty.",
    restore: "restore",
    restoreRun: (run2) => `Restore ${run2}`,
    restored: (n) => `${common.runs(n)} restored.`,
    sure: (n) => `Delete ${common.runs(n)} permanently`,
    warning: "This cannot be undone. Press again to delete.",
    deleted: (n) => `${common.runs(n)} deleted permanently.`
  };
  var story = {
    now: (epoch, words3) => `Epoch ${epochWords(epoch)}: ${words3}.`,
    allEven: "every head spreads its attention evenly",
    onlyEven: "the head spreads its attention evenly",
    someEven: (heads, all) => `${heads} of ${all} heads spread their attention evenly`,
    grokked: (since) => `the model has grokked: test accuracy has been at least 0.99 since epoch ${epochWords(since)}`,
    memorised: (inputs, since) => `the training ${inputs} are memorised (since epoch ${epochWords(since)}), but test accuracy is below 0.99`,
    notYetMemorised: (inputs) => `the training ${inputs} are not yet memorised`,
    notMemorised: (inputs) => `the training ${inputs} are not memorised`,
    notRecorded: "no accuracy is recorded, so it is unknown when the model memorises and groks",
    testIsLow: "test accuracy is below 0.99",
    memorises: (inputs, epoch) => `around epoch ${epochWords(epoch)} the training ${inputs} are memorised`,
    groks: (epoch) => `around epoch ${epochWords(epoch)} the model groks`,
    ahead: (words3) => `${words3.join(", ").replace(/^a/, "A")}.`,
    notGrokked: (newest, accuracy) => `It has not grokked by epoch ${epochWords(newest)} (test accuracy ${valueWords(accuracy, 2)}).`,
    lockedIn: (heads, all, last) => {
      const which = heads === all ? "All heads have" : `${heads} of ${all} heads ${heads === 1 ? "has" : "have"}`;
      return `${which} locked in: their attention stays close to that of epoch ${epochWords(last)}.`;
    }
  };
  var wall = {
    open: (name2) => `Open ${name2}`,
    notAnalysed: "not analysed",
    unreadable: (epoch) => `epoch ${epochWords(epoch)} cannot be read`
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
    const toggle2 = () => picture2.showPanel(picture2.panel === null ? 0 : null);
    const go = (step) => () => picture2.showPanel(neighbour(panelsOf(picture2), picture2.panel, step));
    return [
      { shown: ["1", "…", "9"], words: keys.digits, keys: Object.fromEntries(digits) },
      { shown: ["H"], words: keys.head, keys: { h: toggle2, H: toggle2 } },
      { shown: ["[", "]"], words: keys.heads, keys: { "[": go(-1), "]": go(1) } }
    ];
  }
  function rowsOf(shortcuts) {
    return shortcuts.map(({ shown, words: words3 }) => {
      const keys2 = shown.map((key) => make("kbd", {}, key));
      return make("tr", {}, make("td", { class: "keys" }, ...keys2), make("td", {}, words3));
    });
  }
  function neighbour(values, now2, step) {
    return values[(values.indexOf(now2) + step + values.length) % values.length];
  }
  var panelsOf = ({ panels }) => [null, ...Array(panels).keys()];

  // core/control_bar.ts
  function optionOf({ name: name2, options }, choices) {
    return options.find(({ value }) => value === choices[name2]) ?? options[0] ?? null;
  }
  function valuesOf(controls2, choices) {
    const pairs = controls2.map((control) => [control.name, optionOf(control, choices)?.value]);
    return Object.fromEntries(pairs.filter((pair) => pair[1] !== void 0));
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
    constructor(mount, onChoice, prefix2 = "") {
      this.#mount = mount;
      this.#onChoice = onChoice;
      this.#prefix = prefix2;
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
        const select2 = this.#selects.get(control.name);
        const value = optionOf(control, choices)?.value;
        if (select2 && value !== void 0 && select2.value !== value) select2.value = value;
      }
    }
    #made({ name: name2, label, options }) {
      const offers = options.map((option) => make("option", { value: option.value }, option.label));
      const select2 = make("select", { id: this.#prefix + name2, "aria-label": label }, ...offers);
      select2.addEventListener("change", () => this.#onChoice(name2, select2.value));
      leaveAfterPointing(select2);
      this.#selects.set(name2, select2);
      return make("label", { class: "control" }, make("span", {}, label), select2);
    }
  };
  function leaveAfterPointing(select2) {
    let isPointed = false;
    select2.addEventListener("pointerdown", () => {
      isPointed = true;
    });
    select2.addEventListener("keydown", () => {
      isPointed = false;
    });
    select2.addEventListener("change", () => {
      if (isPointed) select2.blur();
    });
  }

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
    return top === null ? (stored2) => stored2 : (stored2) => low + stored2 / top * (high - low);
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
    const found2 = measured(frame);
    extents.set(frame, found2);
    return found2;
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
  function cellWords(grids, frame, panel, cell2) {
    if (!hasCell(grids, cell2)) return "–";
    const [down, right] = grids.axes;
    const [rows, columns] = grids.block ?? [1, 1];
    const place4 = `${down.name} ${blockWords(down, cell2.row, rows)}, ${right.name} ${blockWords(right, cell2.column, columns)}`;
    const stored2 = panelValues(grids, frame, panel)[cell2.row * shapeOf(grids).columns + cell2.column];
    return `${place4}: ${rows * columns > 1 ? "mean " : ""}${storedWords(frame, stored2)}`;
  }
  function blockWords(axis, index, size) {
    const [first, last] = [index * size, Math.min((index + 1) * size, axis.size) - 1];
    return first === last ? placeWords(axis, first) : `${placeWords(axis, first)}–${placeWords(axis, last)}`;
  }
  function storedWords(frame, stored2) {
    const [number, step] = [decoder(frame)(stored2), stepOf(frame)];
    return step === null ? valueWords(number) : quantisedWords(number, step);
  }
  function stepOf({ values, range: [low, high], step = null }) {
    const top = topStep(values);
    return top === null ? step : (high - low) / top;
  }

  // core/lines.ts
  var pinMark = (epoch, shift, color) => ({
    epoch: epoch + shift,
    label: marks.pinned,
    legend: marks.pinnedAt(epoch),
    color
  });

  // core/region.ts
  var LEAST = 2;
  var regionWords = ({ rows, columns }) => [rows, columns].map((span2) => span2.join("-")).join(",");
  function readRegion(words3) {
    const found2 = /^(\d{1,9})-(\d{1,9}),(\d{1,9})-(\d{1,9})$/.exec(words3 ?? "");
    if (!found2) return null;
    const [top, bottom, left, right] = found2.slice(1).map(Number);
    return top <= bottom && left <= right ? { rows: [top, bottom], columns: [left, right] } : null;
  }
  function within(region, [down, right]) {
    if (!region || region.rows[0] >= down.size || region.columns[0] >= right.size) return null;
    const rows = widened(region.rows, down.size);
    const columns = widened(region.columns, right.size);
    const isAll = rows[1] - rows[0] + 1 >= down.size && columns[1] - columns[0] + 1 >= right.size;
    return isAll ? null : { rows, columns };
  }
  function widened([first, last], size) {
    const start3 = Math.max(0, Math.min(first, size - LEAST));
    return [start3, Math.min(Math.max(last, start3 + LEAST - 1), size - 1)];
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
  function magnification(region, axes) {
    const seen = within(region, axes);
    if (!seen) return 1;
    const sizes = [seen.rows, seen.columns].map(([first, last], i) => axes[i].size / (last - first + 1));
    return Math.max(1, Math.min(...sizes));
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
    const binOf = (stored2) => {
      const share = (decode(stored2) - low) / (high - low);
      return Number.isNaN(share) ? -1 : Math.min(Math.max(Math.floor(share * bins), 0), bins - 1);
    };
    const top = topStep(frame.values);
    if (top === null || top >= frame.values.length) return binOf;
    const table = Int16Array.from({ length: top + 1 }, (_, step) => binOf(step));
    return (stored2) => table[stored2];
  }
  function summed([first, ...others]) {
    return first ? others.reduce((sum, counts) => sum.map((count, i) => count + counts[i]), first) : null;
  }
  function barLengths(counts, least) {
    const most = counts.reduce((largest2, count) => Math.max(largest2, count), 0);
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
          const place4 = `top:${(1 - (value - low) / (high - low)) * 100}%`;
          return make("span", { class: isPointed && "pointed", style: color ? `${place4};--mark:${color}` : place4 });
        })
      );
    }
  };

  // core/plots.ts
  var EPOCH = "epoch";
  function span({ plots, xName }) {
    const ends = plots.flatMap(({ series }) => series.flatMap(({ x }) => x.length ? [x[0], x[x.length - 1]] : []));
    const [low, high] = ends.length ? [Math.min(...ends), Math.max(...ends)] : [0, 1];
    return [xName === EPOCH ? 0 : low, high > low ? high : low + 1];
  }
  function heights({ series, isLog: isLog2, levels, range }) {
    if (range && !isLog2) return range;
    const known2 = series.flatMap(({ y }) => y.filter((value) => value !== null));
    const values = isLog2 ? known2.filter((value) => value > 0).map(Math.log10) : [...known2, ...levels];
    if (!values.length) return [0, 1];
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Infinity, -Infinity]
    );
    if (isLog2) return [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
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
      const words3 = (tick) => xTicks?.[tick] ?? (chart.xName === EPOCH ? epochWords(tick) : valueWords(tick));
      const y = height - ROOM.bottom + 16;
      context.fillStyle = this.#color("--soft");
      context.textAlign = "center";
      for (const tick of ticks) context.fillText(words3(tick), this.#x(chart, tick), y);
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
    #drawSeries(context, chart, series, y, isLog2) {
      context.strokeStyle = this.#color(series.color);
      context.lineWidth = 1.75;
      context.setLineDash(series.isDashed ? [4, 3] : []);
      context.beginPath();
      let isOpen = false;
      series.x.forEach((place4, i) => {
        const value = series.y[i];
        const isShown = value !== null && (!isLog2 || value > 0);
        if (isShown && isOpen) context.lineTo(this.#x(chart, place4), y(value));
        else if (isShown) context.moveTo(this.#x(chart, place4), y(value));
        isOpen = isShown;
      });
      context.stroke();
      context.setLineDash([]);
    }
    /** The legend, with the values where the pointer is, or at the epoch of now. */
    #showNames(chart) {
      const x = this.#place(chart);
      const parts4 = chart.plots.flatMap(
        (plot) => (x === null ? plot.series.map(({ name: name2, color }) => ({ name: name2, color, y: null })) : valuesAt(plot, x)).map(
          ({ name: name2, color, y }) => {
            const words3 = y === null ? name2 : `${name2} ${valueWords(y, 3)}`;
            return make("span", { style: `color:${color.startsWith("--") ? `var(${color})` : color}` }, words3);
          }
        )
      );
      const place4 = x === null ? "" : chart.xTicks?.[Math.round(x)] ?? (chart.xName === EPOCH ? epochWords(Math.round(x)) : valueWords(x, 4));
      this.#names.replaceChildren(...place4 ? [make("strong", {}, `${chart.xName} ${place4}`)] : [], ...parts4);
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
  function wordsRoom({ columns, panel, gutter, gap: gap2, width }) {
    const across = gutter.left + panel.width + gutter.right + gap2;
    const beside2 = columns - Math.floor((columns - 1) / 2);
    const free = Math.max(width - (columns * across - gap2), 0) / 2;
    return beside2 * across - gap2 + free;
  }
  function isOneLine(grids, standing) {
    const { axes, titles } = grids;
    const words3 = axes.map((axis) => `${axis.name} ${longest(axis)}`).join(", ").length + VALUE.length + 2;
    const needed = lettersOf(titles) * TITLE_LETTER + GAP2 + words3 * WORD_LETTER;
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
      const words3 = make("span", { class: "head-value" }, this.#words);
      const color = grids.colors?.[panel] ?? null;
      const name2 = make("span", { class: "head-name", style: color && `--head:${color}` }, title);
      this.caption = make("figcaption", {}, name2, words3);
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
    mark(cell2, words3) {
      const { row, column, rows, columns } = this.#window;
      const at = cell2 && { x: (cell2.column - column + 0.5) / columns, y: (this.#upright(cell2.row - row, rows) + 0.5) / rows };
      const isHere = at !== null && hasCell(this.#grids, cell2) && isShare(at.x) && isShare(at.y);
      if (this.#cross.hidden === isHere) this.#cross.hidden = !isHere;
      if (this.#words.textContent !== (words3 ?? "")) this.#words.textContent = words3;
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
  var shortened = (words3) => words3.length > MOST_LETTERS ? `${words3.slice(0, MOST_LETTERS - 1)}…` : words3;

  // core/layout.ts
  var WORTH = 0.85;
  function fitPanel(room, { rows, columns }, gutter, least, ratio = 1) {
    const [width, height] = [room.width - gutter.left - gutter.right, room.height - gutter.top - gutter.bottom];
    const cell2 = Math.max(Math.min(width / columns, height / rows), least / Math.max(rows, columns));
    const whole3 = Math.floor(cell2 * ratio) / ratio;
    if (whole3 >= cell2 * WORTH) return { width: whole3 * columns, height: whole3 * rows };
    return { width: Math.floor(cell2 * columns), height: Math.floor(cell2 * rows) };
  }
  function arrange2(count, room, shape, gutter, spacing) {
    const { gap: gap2, least, ratio = 1, fixed: fixed2 = null } = spacing;
    const shapes = fixed2 ? [fixed2] : Array.from({ length: count }, (_, i) => ({ columns: i + 1, rows: Math.ceil(count / (i + 1)) }));
    const choices = shapes.map(({ columns: columns2, rows }) => {
      const share = { width: (room.width - gap2 * (columns2 - 1)) / columns2, height: (room.height - gap2 * (rows - 1)) / rows };
      return { columns: columns2, panel: fitPanel(share, shape, gutter, 0, ratio) };
    });
    const best = choices.reduce((one, other) => other.panel.width > one.panel.width ? other : one);
    if (Math.max(best.panel.width, best.panel.height) >= least) return best;
    const columns = fixed2?.columns ?? fitting(count, room, shape, gutter, gap2, least);
    return { columns, panel: fitPanel({ width: 0, height: 0 }, shape, gutter, least, ratio) };
  }
  function heightOfRow(count, width, shape, gutter, spacing) {
    const fixed2 = { columns: count, rows: 1 };
    const { panel } = arrange2(count, { width, height: Infinity }, shape, gutter, { ...spacing, fixed: fixed2 });
    return panel.height + gutter.top + gutter.bottom;
  }
  function fitting(count, room, { rows, columns }, gutter, gap2, least) {
    const width = least * columns / Math.max(rows, columns) + gutter.left + gutter.right + gap2;
    return Math.min(Math.max(Math.floor((room.width + gap2) / width), 1), count);
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
    let place4 = { row: 0, column: -1 };
    return groups.map((group, i) => {
      const isNew = i > 0 && group !== groups[i - 1];
      place4 = isNew ? { row: place4.row + 1, column: 0 } : { row: place4.row, column: place4.column + 1 };
      return place4;
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
  function slices(grids, panel, cell2) {
    const seen = windowOf(grids);
    if (!isIn(seen, cell2)) return null;
    const wide = shapeOf(grids).columns;
    const decode = decoder(panel);
    const value = (row, column) => decode(panel.values[row * wide + column]);
    return {
      right: Array.from({ length: seen.columns }, (_, j) => value(cell2.row, seen.column + j)),
      down: Array.from({ length: seen.rows }, (_, i) => value(seen.row + i, cell2.column))
    };
  }
  var isIn = ({ row, column, rows, columns }, cell2) => cell2.row >= row && cell2.row < row + rows && cell2.column >= column && cell2.column < column + columns;

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
    point(cell2) {
      if (cell2?.row === this.#cell?.row && cell2?.column === this.#cell?.column) return;
      this.#cell = cell2;
      this.#draw();
    }
    #draw() {
      if (!this.#shown || !this.#contexts) return;
      const { frame, palette, means: means2 } = this.#shown;
      const { width, height } = this.#size;
      this.#contexts.below.clearRect(0, 0, width, this.#depth);
      this.#contexts.beside.clearRect(0, 0, this.#depth, height);
      const found2 = this.#cell && slices(this.#grids, frame, this.#cell);
      this.#lines(means2, palette, found2 ? "--faint" : "--accent", 1.5);
      if (found2) this.#lines(found2, palette, "--accent", 2);
      this.#showNames(found2 !== null);
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
  var name = (place4) => make("span", { class: `profile-name ${place4}` });
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
      const gap2 = isNarrow ? NARROW_GAP : GAP3;
      const within2 = (around2) => ({ gutter: around2, gap: gap2, width: room.width });
      const arranged2 = (around2) => arrange2(count, room, shape, around2, { ...spacing, gap: gap2, least: isNarrow ? LEAST_NARROW : LEAST3 });
      const inOneLine = arranged2(isNarrow ? NARROW_GUTTER : gutter);
      const isTight = !isNarrow && !isOneLine(this.#grids, { ...inOneLine, ...within2(gutter) });
      const { columns, panel } = isTight ? arranged2({ ...gutter, top: TWO_LINES }) : inOneLine;
      this.element.classList.toggle("narrow", isNarrow);
      this.element.classList.toggle("tight", isTight);
      this.element.style.setProperty("--words", `${Math.floor(wordsRoom({ columns, panel, ...within2(gutter) }))}px`);
      if (isNarrow) this.element.style.setProperty("--narrow-title", `${narrowTitle(this.#letters, panel.width)}px`);
      this.element.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
      this.element.style.gap = `${gap2}px`;
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
    mark(cell2, frame) {
      this.#maps.forEach((map, panel) => {
        map.element.classList.toggle("pointed", cell2?.panel === panel);
        map.mark(cell2, cell2 && cellWords(this.#grids, frame, panel, cell2));
        this.#strips[panel]?.point(cell2);
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
    let timer2;
    plot.addEventListener("click", (event) => {
      clearTimeout(timer2);
      if (wait) timer2 = setTimeout(onClick, wait, event);
      else onClick(event);
    });
    plot.addEventListener("dblclick", () => clearTimeout(timer2));
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
    mark(cell2, frame) {
      this.#map.mark(cell2, cell2 && cellWords(this.#grids, frame, this.#panel, cell2));
      this.#strips.point(cell2);
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
    paint(frame, palette, cell2) {
      this.#mount.classList.toggle("waiting", !frame);
      if (!this.#painter || !frame || !palette) return;
      this.#painter.paint(frame, palette);
      this.#painter.mark(cell2, frame);
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
    paint([first, second], cell2) {
      if (this.element.hidden || this.#colors === null) return;
      const frame = first && second ? subtract(first, second) : void 0;
      this.#picture.paint(frame, this.#colors.palette, cell2);
    }
    #palette([low, high], palettes) {
      const reach = high - low;
      if (this.#colors?.reach !== reach) this.#colors = { reach, palette: palettes.of(null, [-reach, reach], 0) };
      return this.#colors.palette;
    }
  };

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
        const start3 = row * columns;
        const target = (origin === "lower" ? rows - 1 - row : row) * columns;
        if (levels) for (let i = 0; i < columns; i++) pixels[target + i] = levels[values[start3 + i]];
        else for (let i = 0; i < columns; i++) pixels[target + i] = this.pixel(values[start3 + i]);
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
    const inside = stops.map(([place4]) => place4).filter((place4) => first < place4 && place4 < last);
    return [first, ...inside, last].map((place4) => [(place4 - first) / (last - first), colorAt(stops, place4)]);
  }
  function colorAt(stops, place4) {
    const before = stops.findLastIndex(([at]) => at <= place4);
    if (before < 0) return stops[0][1];
    if (before === stops.length - 1) return stops[before][1];
    const [[from, low], [to, high]] = [stops[before], stops[before + 1]];
    return low.map((channel, i) => (high[i] - channel) / (to - from) * (place4 - from) + channel);
  }
  var pack = ([red, green, blue]) => (255 << 24 | Math.round(blue) << 16 | Math.round(green) << 8 | Math.round(red)) >>> 0;

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
    constructor(scales2) {
      this.#scales = scales2;
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
    const chosen2 = controls2.filter(({ isLook }) => isLook).map((control) => optionOf(control, choices)?.arguments ?? {});
    return Object.assign({}, ...chosen2);
  }

  // core/pointed.ts
  function pointedValues(grids, frame, panel, cell2) {
    if (!cell2 || !hasCell(grids, cell2)) return [];
    const decode = decoder(frame);
    const at = cell2.row * shapeOf(grids).columns + cell2.column;
    const values = grids.titles.map((_, i) => ({
      value: decode(panelValues(grids, frame, i)[at]),
      color: grids.colors?.[i] ?? null,
      isPointed: i === (panel ?? cell2.panel)
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
    constructor(stage, scales2, calls, onReady) {
      const onCell = (cell2) => {
        this.#cell = cell2;
        onReady();
      };
      const [bar, other] = [make("div", { class: "color-bar" }), make("div", { class: "color-bar" })];
      this.calls = { ...calls, onCell };
      this.#bar = new ColorBar(bar);
      this.#palettes = new Palettes(scales2);
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
        const isSame4 = JSON.stringify([grids?.axes, grids?.block]) === JSON.stringify([axes, block]);
        box.picture.paint(frame, palette, isSame4 ? this.#cell : null);
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
      const lines = values.map(({ name: name2, color, words: words3 }) => {
        const swatch = make("i", { style: `background:${color.startsWith("--") ? `var(${color})` : color}` });
        return make("span", {}, swatch, `${name2} ${words3}`);
      });
      this.#words.replaceChildren(make("strong", {}, common.epoch(Math.round(epoch))), ...lines);
    }
    hide() {
      this.element.hidden = true;
    }
  };

  // core/mark_layout.ts
  function spread(places, gap2, high) {
    const moved = [...places];
    for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + gap2);
    for (let i = moved.length - 1, most = high; i >= 0; i--, most -= gap2) {
      if (moved[i] <= most) break;
      moved[i] = most;
    }
    return moved;
  }
  function commonWords(marks2) {
    const labels = /* @__PURE__ */ new Map();
    for (const { label, color } of marks2) {
      const words3 = label.split(", ")[0].split(" ");
      labels.set(color, [...labels.get(color) ?? [], words3]);
    }
    const all = [...labels].map(([color, [first, ...others]]) => ({ color, first, kept: common2(first, others) }));
    const cut = all.flatMap(({ first, kept }) => kept < first.length ? [kindOf(first.slice(0, kept))] : []);
    const named = all.map(({ color, first, kept }) => ({ color, words: wordsOf(first, kept, cut) })).filter(({ words: words3 }) => words3);
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
    const end = first.findIndex((word, i) => others.some((words3) => bare(words3[i] ?? "") !== bare(word)));
    return end < 0 ? first.length : end;
  }
  function wordsOf(words3, kept, cut) {
    const short2 = words3.findIndex((_, i) => i < kept && cut.includes(kindOf(words3.slice(0, i + 1))));
    return bare(words3.slice(0, short2 < 0 ? kept : short2 + 1).join(" "));
  }
  var kindOf = (words3) => bare(words3.join(" ").replaceAll(/\d+/g, "#"));
  var bare = (word) => word.replace(/:$/, "");

  // core/mark_groups.ts
  var MOST_GAPS = 4;
  var TOUCHING = 1e-6;
  function grouped(marks2, x, high, { gap: gap2, room }) {
    const own = marks2.map(({ epoch }) => x(epoch));
    const members = chains(spread(own, gap2, high), gap2).flatMap(({ start: start3, places }) => {
      const isNear = places.every((place4, i) => Math.abs(place4 - own[start3 + i]) <= MOST_GAPS * gap2);
      return isNear ? places.map((_, i) => [start3 + i]) : binned(own.slice(start3, start3 + places.length), start3, room);
    });
    const firsts = members.map(([first]) => own[first]);
    const placed2 = spread(firsts, gap2, high);
    return members.map((each, i) => ({ marks: each.map((member) => marks2[member]), place: placed2[i] }));
  }
  function chains(places, gap2) {
    const found2 = [];
    for (const [i, place4] of places.entries()) {
      const last = found2.at(-1);
      if (last && place4 - places[i - 1] <= gap2 + TOUCHING) last.places.push(place4);
      else found2.push({ start: i, places: [place4] });
    }
    return found2;
  }
  function binned(places, start3, room) {
    const bins = [];
    for (const [i, place4] of places.entries()) {
      const bin = bins.at(-1);
      if (bin && place4 - places[bin[0] - start3] < room) bin.push(start3 + i);
      else bins.push([start3 + i]);
    }
    return bins;
  }
  function groupWords(marks2) {
    const [{ epoch, label, isNote }] = marks2;
    if (marks2.length === 1) return (isNote ? marks.ofNote : marks.ofEvent)(epoch, label);
    const notes2 = marks2.flatMap((mark) => mark.isNote ? [marks.ofNote(mark.epoch, mark.label)] : []);
    const said = saidOf(marks2.flatMap((mark) => mark.isNote ? [] : [mark.label]));
    const events = said.map(({ what, names: names2 }) => marks.ofSeveral(what, names2));
    return marks.ofGroup(epoch, marks2[marks2.length - 1].epoch, [...events, ...notes2]);
  }
  function saidOf(labels) {
    const said = /* @__PURE__ */ new Map();
    for (const label of labels) {
      const [, name2 = "", what = label] = /^(\D*\d\S*) (.+)$/.exec(label) ?? [];
      said.set(what, [...said.get(what) ?? [], ...name2 ? [name2.replace(/:$/, "")] : []]);
    }
    return [...said].map(([what, names2]) => ({ what, names: names2 }));
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
      const named = commonWords(events.map(({ legend: legend2, label, color }) => ({ label: legend2 ?? label, color }))).map(
        ({ color, words: words3 }) => make("span", { style: colorStyle(color) }, words3)
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
      const words3 = groupWords(marks2);
      const isOfOne = marks2.every((mark) => mark.color === color);
      const button = make("button", {
        type: "button",
        class: "mark",
        "aria-label": words3.replaceAll("\n", "; "),
        "data-words": words3,
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
    let current2 = -1;
    let [least, largest2] = [-1, -1];
    const close2 = () => {
      if (current2 >= 0) kept.push(...least === largest2 ? [least] : [least, largest2].sort((one, other) => one - other));
    };
    for (let i = 0; i < x.length; i++) {
      if (!isShown(y[i]) || x[i] < first || x[i] > last) continue;
      const column = Math.min(Math.floor(shareOf2(x[i]) * columns), columns - 1);
      if (column !== current2) {
        close2();
        current2 = column;
        least = largest2 = i;
      }
      if (y[i] < y[least]) least = i;
      if (y[i] > y[largest2]) largest2 = i;
    }
    close2();
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
  function shareOf({ last, isLog: isLog2 }, epoch) {
    const end = Math.max(last, 1);
    return isLog2 ? Math.log1p(Math.max(epoch, 0)) / Math.log1p(end) : epoch / end;
  }
  function epochAt({ last, isLog: isLog2 }, share) {
    const end = Math.max(last, 1);
    return isLog2 ? Math.expm1(share * Math.log1p(end)) : share * end;
  }
  function epochTicks({ last, isLog: isLog2 }, most) {
    if (!isLog2) return niceTicks(0, last, Math.max(most, 2)).filter(Number.isInteger);
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
      const found2 = this.#kept.get(series);
      if (found2?.key === key) return found2.indices;
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
    show(lines, isLog2 = false) {
      this.#lines = lines;
      this.#isLog = isLog2;
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
      let drawn2 = -Infinity;
      for (const epoch of this.#lines.stops) {
        const x = this.#x(epoch);
        if (x - drawn2 < 2) continue;
        context.fillRect(x - 0.5, bottom, 1, TICK_HEIGHT);
        drawn2 = x;
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
        const words3 = epochWords(epoch);
        if (this.#x(epoch) + context.measureText(words3).width / 2 < free) context.fillText(words3, this.#x(epoch), y);
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
    #tick = (now2) => {
      if (!this.#direction) return;
      requestAnimationFrame(this.#tick);
      const interval = 1e3 / (this.#rate * this.#speed);
      const steps = this.#readySteps(Math.floor((now2 - this.#due) / interval));
      if (steps > 0) {
        this.#due = Math.max(this.#due + steps * interval, now2 - interval);
        this.#advance(steps);
      } else if (now2 - this.#due >= interval) {
        this.#due = now2 - interval;
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
    show(scalars2) {
      this.#entries = scalars2.map((scalar) => this.#entry(scalar));
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
        const found2 = valueAt(scalar, epoch);
        value.textContent = Number.isFinite(found2) ? valueWords(found2, DIGITS2) : "–";
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
    constructor(root2, host, rate = RATE) {
      this.#root = root2;
      this.#host = host;
      this.#slider = new EpochSlider(find(root2, ".epoch-slider"), (epoch) => this.#goTo(epoch));
      this.chart = new LineChart(find(root2, ".loss"), losses.chart, (epoch) => this.#goTo(epoch));
      this.chart.legend.append(this.#kinds.element);
      this.#legend = new ScalarLegend(this.chart.legend, () => this.#draw());
      this.player = new Player(this, rate, () => this.showPlayer());
      this.#listen();
    }
    /** The curves, their marks and the end of the axis. Draws only what is new; series and scalars are compared by identity. */
    show(series, marks2, last, scalars2 = []) {
      const { epochs } = this.#host;
      find(this.#root, ".transport").hidden = !epochs.length;
      find(this.#root, ".loss").hidden = !series.some(({ x }) => x.length) && !scalars2.length;
      const isLog2 = this.#host.isLogAxis ?? this.#isLog;
      const shown = JSON.stringify([last, epochs.length, epochs.at(-1), marks2, isLog2]);
      if (shown === this.#shown && isSame(series, this.#series) && isSame(scalars2, this.#scalars)) return;
      if (!isSame(scalars2, this.#scalars)) this.#legend.show(scalars2);
      this.#kinds.show(series);
      this.#shown = shown;
      this.#series = series;
      this.#marks = marks2;
      this.#last = last;
      this.#scalars = scalars2;
      this.#isLog = isLog2;
      this.#slider.setEpochs(epochs, { last, isLog: isLog2 });
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
      const scalars2 = this.#scalars.filter(({ name: name2 }) => this.#legend.isShown(name2));
      const series = [...scalars2.map(scalarSeries), ...this.#series];
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
  var isSame = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);

  // dashboard/alignment.ts
  var ALIGNMENTS = [
    { value: "epoch", label: controls.sameEpoch, arguments: {} },
    { value: "grokking", label: controls.atGrokking, arguments: {} }
  ];
  function shiftOf(run2, runs3, align) {
    if (align !== "grokking" || run2.grokkedAt === null) return 0;
    const first = runs3.find(({ grokkedAt }) => grokkedAt !== null);
    return (first?.grokkedAt ?? run2.grokkedAt) - run2.grokkedAt;
  }
  function moments(runs3, align) {
    const lists = runs3.map((run2) => run2.epochs.map((epoch) => epoch + shiftOf(run2, runs3, align)));
    return lists.reduce(union, []).filter((moment) => moment >= 0);
  }
  function alignmentWords({ grokkedAt, epochs }, align) {
    if (align !== "grokking") return "";
    return grokkedAt === null ? grokking.notBy(epochs.at(-1) ?? 0) : grokking.at(grokkedAt);
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
    describe(name2, words3) {
      this.#name.textContent = this.#name.title = name2;
      if (this.#words.textContent !== words3) this.#words.replaceChildren(...unbroken(words3));
    }
  };
  function unbroken(words3) {
    return words3.split(/(\S*-\S*)/).map((part, index) => index % 2 ? make("span", { class: "unbroken" }, part) : part);
  }

  // dashboard/pins.ts
  var MOST = 4;
  var MOST_SIDES = 5;
  function sideOf(id) {
    const found2 = /^(.*)@(\d{1,12})$/.exec(id);
    return found2 ? { run: found2[1], epoch: Number(found2[2]) } : { run: id, epoch: null };
  }
  function pinned(ids, run2, epoch, most) {
    const id = `${run2}@${epoch}`;
    return ids.includes(id) || ids.length >= most ? ids : [...ids, id];
  }

  // dashboard/corrections.ts
  var NONE = { patch: {}, sentences: [] };
  function joined(all) {
    return {
      patch: Object.assign({}, ...all.map(({ patch }) => patch)),
      sentences: all.flatMap(({ sentences: sentences2 }) => sentences2)
    };
  }

  // dashboard/run_corrections.ts
  var sizesOf = (grids) => grids ? [grids.axes[0].size, grids.axes[1].size] : null;
  var onlyGrids = (panels) => panels.map(({ command: _, ...panel }) => {
    const isShown = panel.shows === "grids" || panel.problem;
    return isShown ? panel : { ...panel, problem: links.onlyGrids };
  });
  function ofView({ view }, { panels, panel }) {
    if (view === null || !panel || panel.view === view) return NONE;
    const asked2 = panels.find((one) => one.view === view && one.problem);
    if (asked2?.command) return NONE;
    const why = asked2?.problem ? links.viewProblem(asked2.title, asked2.problem) : links.noView(view);
    return { patch: { view: null }, sentences: [`${why} ${links.shown(panel.title)}`] };
  }
  function ofEpoch({ epoch }, { epochs }) {
    if (epoch === null || !epochs.length || epochs.includes(epoch)) return NONE;
    const shown = epochs[nearest(epochs, epoch)];
    return { patch: { epoch: shown }, sentences: [links.noCheckpoint(epoch, shown)] };
  }
  function ofHead({ head }, { panel }) {
    const count = panel?.heads?.length ?? 0;
    if (head === null || !count || head < count) return NONE;
    return { patch: { head: null }, sentences: [links.noHead(head, count)] };
  }
  var namesOf = (panels) => new Set(panels.flatMap(({ controls: controls2 = [] }) => controls2.map(({ name: name2 }) => name2)));
  function ofNames({ options }, known2) {
    const [kept, unknown] = [true, false].map((is) => Object.entries(options).filter(([name2]) => known2.has(name2) === is));
    if (!unknown.length) return NONE;
    return { patch: { options: Object.fromEntries(kept) }, sentences: unknown.map(([name2]) => links.noName(name2)) };
  }
  function ofOptions({ options }, { panels, panel, controls: controls2 }) {
    if (!panel) return NONE;
    const kept = {};
    const sentences2 = [];
    const known2 = namesOf(panels);
    for (const [name2, value] of Object.entries(options)) {
      const control = controls2.find((one) => one.name === name2);
      if (!control && known2.has(name2)) kept[name2] = value;
      if (!control) {
        if (!known2.has(name2)) sentences2.push(links.noSetting(name2));
        continue;
      }
      if (control.options.some((option) => option.value === value)) kept[name2] = value;
      else sentences2.push(links.notAllowed(control.label, value, optionOf(control, {})?.label ?? links.nothing));
    }
    return sentences2.length ? { patch: { options: kept }, sentences: sentences2 } : NONE;
  }
  function ofZoom({ zoom }, [down, right]) {
    const asked2 = readRegion(zoom);
    if (zoom === null || !asked2) return NONE;
    const axes = [down, right].map((size) => ({ name: "", size }));
    const seen = within(asked2, [axes[0], axes[1]]);
    const words3 = seen && regionWords(seen);
    if (words3 === zoom) return NONE;
    const isWhole = seen === null && asked2.rows[1] === down - 1 && asked2.columns[1] === right - 1;
    const sentence = links.notAllowed(links.field("zoom"), zoom, words3 ?? links.wholeGrid);
    return { patch: { zoom: words3 }, sentences: isWhole ? [] : [sentence] };
  }

  // dashboard/headings.ts
  var heading = (column) => settings[column] ?? column.replace(/^lock_in_/, "lock-in_").replaceAll("_", " ");

  // dashboard/run_filter.ts
  var CONDITION = /^([^<>=!]+)(<=|>=|!=|=|<|>)(.*)$/;
  var COMPARISON = /[<>=]/;
  var HIDDEN = "hidden";
  function filterOf({ columns }, text) {
    const wanted = wordsOf2(columns, text.toLowerCase());
    const at = columns.indexOf(HIDDEN);
    const tests = wanted.filter((word) => word !== HIDDEN).map((word) => conditionOf(columns, word) ?? containing(word));
    const isWanted = (row) => wanted.includes(HIDDEN) === (at >= 0 && row[at] !== null);
    return (row) => isWanted(row) && tests.every((test) => test(row));
  }
  function wordsWithoutColumn(columns, text) {
    return wordsOf2(columns, text).filter((word) => COMPARISON.test(word) && !conditionOf(columns, word.toLowerCase()));
  }
  function wordsOf2(columns, text) {
    const joined2 = text.replace(/\s+(<=|>=|!=|=|<|>)\s*/g, "$1").replace(/(<=|>=|<|>)\s+/g, "$1");
    const longestFirst = columns.toSorted((one, other) => heading(other).length - heading(one).length);
    const named = longestFirst.reduce((found2, column) => withName(found2, column), joined2);
    return named.split(/\s+/).filter(Boolean);
  }
  function withName(text, column) {
    const words3 = heading(column).replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll(" ", "\\s+");
    return text.replaceAll(new RegExp(`(^|\\s)${words3}(?=[<>=!])`, "giu"), (_, before) => before + column.toLowerCase());
  }
  var containing = (word) => (row) => row.some((value) => textOf(value).includes(word));
  function conditionOf(columns, word) {
    const [, name2 = "", operator = "", value = ""] = CONDITION.exec(word) ?? [];
    const at = columnOf(columns, name2);
    return at < 0 ? null : (row) => isSo(row[at] ?? null, operator, value);
  }
  function columnOf(columns, name2) {
    if (!name2) return -1;
    const exact = columns.findIndex((column) => column.toLowerCase() === name2);
    if (exact >= 0) return exact;
    const initials = (column) => column.replaceAll(/([a-z0-9])[a-z0-9]*_?/gi, "$1").toLowerCase();
    const alike = columns.findIndex((column) => column.includes("_") && initials(column) === name2);
    return alike >= 0 ? alike : columns.findIndex((column) => column !== "id" && column.toLowerCase().startsWith(name2));
  }
  function isSo(value, operator, wanted) {
    const isNumber = typeof value === "number" && wanted !== "" && Number.isFinite(Number(wanted));
    const isEqual2 = isNumber ? value === Number(wanted) : wanted === "" ? value === null : textOf(value).includes(wanted);
    if (operator === "=") return isEqual2;
    if (operator === "!=") return !isEqual2;
    if (!isNumber) return false;
    const difference = value - Number(wanted);
    if (difference === 0) return operator.length === 2;
    return operator.startsWith(">") === difference > 0;
  }
  var textOf = (value) => String(value ?? "").toLowerCase();

  // dashboard/run_rows.ts
  var NAMES = ["id", "family", "run", "label", "tags", "hidden"];
  var UNSEEN = ["id", "label", "hidden"];
  var COUNTS = /^(epoch|grokking_epoch|lock_in_.*)$/;
  function orderOf(sort) {
    if (sort === null) return null;
    return sort.startsWith("-") ? { column: sort.slice(1), isDescending: true } : { column: sort, isDescending: false };
  }
  function valuesOf2({ columns, rows }, column) {
    const at = columns.indexOf(column);
    return rows.map((row) => row[at] ?? null);
  }
  var givenLabel = (table, row) => String(table.rows[row][table.columns.indexOf("label")] ?? "") || null;
  var calledAs = (table, row) => givenLabel(table, row) ?? String(table.rows[row][table.columns.indexOf("run")]);
  function nameInTable({ columns }, row) {
    const text = (column) => String(row[columns.indexOf(column)] ?? "");
    return text("label") || text("run").replace(`${text("family")}_`, "");
  }
  function usable(table, rows) {
    const states2 = valuesOf2(table, "state");
    return rows.filter((row) => states2[row] !== "unusable");
  }
  function split(table) {
    const same = table.columns.filter((column) => isSame2(table, column));
    const shown = table.columns.filter((column) => !UNSEEN.includes(column) && !same.includes(column));
    return { shown: shown.includes("run") ? shown : ["run", ...shown], same };
  }
  function isSame2(table, column) {
    if (NAMES.includes(column) && column !== "family") return false;
    const values = new Set(valuesOf2(table, column));
    return values.size <= 1 && (table.rows.length > 1 || values.has(null));
  }
  var isVaried = (table, column) => new Set(valuesOf2(table, column).filter((value) => value !== null)).size > 1;
  function numeric(table) {
    return table.columns.filter((column) => {
      const known2 = valuesOf2(table, column).filter((value) => value !== null);
      return known2.length > 0 && known2.every((value) => typeof value === "number");
    });
  }
  var isOutcome = (column) => /epoch|_loss$|^(lock_in|frequency)_/.test(column);
  function arranged(table, order, text) {
    const isWanted = filterOf(table, text);
    const found2 = table.rows.flatMap((row, index) => isWanted(row) ? [index] : []);
    const at = order ? table.columns.indexOf(order.column) : -1;
    if (!order || at < 0) return found2;
    const seen = (row) => order.column === "run" ? nameInTable(table, table.rows[row]) : table.rows[row][at];
    return found2.sort((one, other) => compared(seen(one), seen(other), order.isDescending) || one - other);
  }
  function compared(one, other, isDescending) {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    const [first, second] = isDescending ? [other, one] : [one, other];
    if (typeof first === "number" && typeof second === "number") return first - second;
    return String(first).localeCompare(String(second), "en", { numeric: true });
  }
  function words(column, value) {
    if (value === null) return "–";
    if (typeof value === "string") return value;
    if (column.endsWith("_loss")) return lossWords(value);
    return COUNTS.test(column) ? epochWords(value) : valueWords(value);
  }

  // dashboard/plot_choice.ts
  var OUTCOMES = ["grokking_epoch", "test_loss"];
  var MOST_GROUPS = 12;
  var NOTHING2 = "nothing";
  var asked = ({ plot_x, plot_y, plot_by }) => ({ plot_x, plot_y, plot_by });
  function plotted(table, { plot_x, plot_y, plot_by }) {
    const known2 = numeric(table);
    const { shown } = split(table);
    const settings2 = known2.filter((name2) => shown.includes(name2) && !isOutcome(name2));
    const chosen2 = settings2.filter((name2) => !isSeed(name2));
    const candidates = (asked2, usual) => asked2 !== null && known2.includes(asked2) ? [asked2] : usual.filter((name2) => known2.includes(name2));
    const ys = candidates(plot_y, [...OUTCOMES, ...known2]);
    const xs = candidates(plot_x, [...chosen2, ...settings2, "test_loss", ...known2]);
    const [x, y] = pairOf(table, xs, ys);
    if (!x || !y) return null;
    const by = plot_by ?? chosen2.find((name2) => name2 !== x && isVaried(table, name2)) ?? NOTHING2;
    return { plot_x: x, plot_y: y, plot_by: groupable(table).includes(by) ? by : NOTHING2 };
  }
  function pairOf(table, xs, ys) {
    for (const y of ys) {
      const heights2 = valuesOf2(table, y);
      const x = xs.find((name2) => name2 !== y && differs(valuesOf2(table, name2), heights2));
      if (x) return [x, y];
    }
    return [xs.find((name2) => name2 !== ys[0]) ?? xs[0], ys[0]];
  }
  var differs = (values, others) => new Set(values.filter((value, row) => value !== null && others[row] !== null)).size > 1;
  var isSeed = (name2) => /(^|_)seed$/.test(name2);
  function groupable(table) {
    return split(table).shown.filter((name2) => {
      const count = new Set(valuesOf2(table, name2)).size;
      return (!isOutcome(name2) || name2.startsWith("frequency_")) && name2 !== "run" && count > 1 && count <= MOST_GROUPS;
    });
  }

  // dashboard/table_corrections.ts
  function ofSort({ sort }, { columns }) {
    const order = orderOf(sort);
    if (order === null || columns.includes(order.column)) return NONE;
    return {
      patch: { sort: null },
      sentences: [links.notAllowed(links.field("sort"), sort ?? "", links.ownOrder)]
    };
  }
  function ofFilter({ filter }, { columns }) {
    return { patch: {}, sentences: wordsWithoutColumn(columns, filter).map(links.noColumn) };
  }
  function ofPlot(field) {
    return (state2, table) => {
      const chosen2 = plotted(table, asked(state2));
      const value = state2[field];
      if (value === null || !chosen2 || chosen2[field] === value) return NONE;
      const shown = plotted(table, { ...asked(state2), [field]: null })?.[field] ?? null;
      const words3 = shown === null ? links.nothing : heading(shown);
      return { patch: { [field]: null }, sentences: [links.notAllowed(links.field(field), value, words3)] };
    };
  }

  // dashboard/variant_corrections.ts
  function ofVariant({ variant: variant2 }, known2) {
    const { preferred } = known2;
    if (variant2 === null || preferred === null) return NONE;
    const found2 = known2.named(variant2);
    return { patch: { variant: found2 ?? preferred }, sentences: found2 ? [] : [links.noVariant(variant2, preferred)] };
  }
  function sideNamed(known2, id) {
    const { run: run2, epoch } = sideOf(id);
    const found2 = known2.named(run2);
    return found2 === null || epoch === null ? found2 : `${found2}@${epoch}`;
  }
  function ofWith({ variant: variant2, with: others }, known2) {
    if (others === null || known2.preferred === null) return NONE;
    const first = variant2 !== null && known2.named(variant2) || known2.preferred;
    const sentences2 = [];
    const asked2 = [...new Set(others.split(",").filter(Boolean))];
    const gone = asked2.filter((id) => sideNamed(known2, id) === null);
    const there = asked2.map((id) => sideNamed(known2, id)).filter((id) => id !== null && id !== first);
    const kept = there.filter((id, index) => index < MOST - 1 || sideOf(id).epoch !== null).slice(0, MOST);
    if (gone.length) sentences2.push(links.noneToCompare(gone, kept.length > 0));
    if (kept.length < there.length) sentences2.push(links.tooMany(MOST));
    return { patch: { with: kept.join(",") || null }, sentences: sentences2 };
  }
  function ofSides(_, sides) {
    const sentences2 = [];
    const ids = sides.map(({ id, epochs }) => {
      const { run: run2, epoch } = sideOf(id);
      if (epoch === null || !epochs.length || epochs.includes(epoch)) return id;
      const shown = epochs[nearest(epochs, epoch)];
      sentences2.push(links.noCheckpoint(epoch, shown));
      return `${run2}@${shown}`;
    });
    return sentences2.length ? { patch: { with: [...new Set(ids.slice(1))].join(",") || null }, sentences: sentences2 } : NONE;
  }

  // dashboard/address_keys.ts
  var EPOCH_AXES = [
    { value: "linear", label: links.linear },
    { value: "log", label: links.log }
  ];
  var WALL = [{ value: "on", label: "" }];
  var KEYS = {
    variant: words2("variant", links.preferred, { variants: ofVariant }),
    epoch: { ...links.epoch, usual: null, read: wholeNumber, checks: { run: ofEpoch } },
    head: { ...links.head, usual: null, read: wholeNumber, checks: { run: ofHead } },
    view: words2("view", links.firstView, { run: ofView }),
    zoom: { ...words2("zoom", links.wholeGrid, { axes: ofZoom }), read: (text) => readRegion(text) ? text : void 0 },
    beside: choice("beside", STRIPS.options),
    epochs: choice("epochs", EPOCH_AXES),
    with: words2("with", links.nothing, { variants: ofWith, sides: ofSides }),
    align: choice("align", ALIGNMENTS),
    sort: words2("sort", links.ownOrder, { table: ofSort }),
    filter: { ...words2("filter", links.nothing, { table: ofFilter }), usual: "", read: (text) => text },
    plot_y: words2("plot_y", links.usualPlot, { table: ofPlot("plot_y") }),
    plot_x: words2("plot_x", links.usualPlot, { table: ofPlot("plot_x") }),
    plot_by: words2("plot_by", links.usualPlot, { table: ofPlot("plot_by") }),
    wall: { ...choice("wall", WALL), usual: null, instead: links.table }
  };
  var PAGES = ["explore", "compare", "runs", "jobs"];
  var PAGE = choice(
    "page",
    PAGES.map((value) => ({ value, label: value }))
  );
  function keyOf(name2, hasPages) {
    if (name2 === "page") return hasPages ? PAGE : null;
    return Object.hasOwn(KEYS, name2) ? KEYS[name2] : null;
  }
  var pageOf = (name2) => PAGE.read(name2) ?? PAGE.usual;
  function readQuery(query, hasPages) {
    const found2 = Object.entries(KEYS).map(([name2, key]) => [name2, read(key, query.get(name2))]);
    const others = [...new Set(query.keys())].filter((name2) => !keyOf(name2, hasPages));
    const options = Object.fromEntries(others.flatMap((name2) => current(name2, query.get(name2) ?? "")));
    return { ...Object.fromEntries(found2), options };
  }
  var read = (key, text) => text === null ? key.usual : key.read(text) ?? key.usual;
  function current(name2, value) {
    const pair = name2 === "pair" ? /^(\d+):(\d+)$/.exec(value) : null;
    if (!pair) return [[name2, value]];
    return [
      ["to", pair[1]],
      ["from", pair[2]]
    ];
  }
  function unread(search, hasPages) {
    const query = new URLSearchParams(search);
    return [...new Set(query.keys())].flatMap((name2) => {
      const values = query.getAll(name2);
      const key = keyOf(name2, hasPages);
      const isBad = key !== null && key.read(values[0]) === void 0;
      return [
        ...values.length > 1 ? [links.repeated(name2, values.length, values[0])] : [],
        ...isBad ? [links.notAllowed(key.name, values[0], key.instead)] : []
      ];
    });
  }
  function corrections(state2, name2, fact) {
    const checks = [...Object.values(KEYS).map((key) => key.checks), { run: ofOptions, names: ofNames }];
    return joined(checks.flatMap((one) => one[name2]?.(state2, fact) ?? []));
  }
  function words2(field, instead, checks) {
    return { usual: null, read: (text) => text || void 0, name: links.field(field), instead, checks };
  }
  function choice(field, options) {
    const read5 = (text) => options.find(({ value }) => value === text)?.value;
    return { usual: options[0].value, read: read5, name: links.field(field), instead: options[0].label, checks: {} };
  }
  function wholeNumber(text) {
    return /^\d{1,12}$/.test(text) ? Number(text) : void 0;
  }

  // dashboard/folder.ts
  var { prefix } = document.documentElement.dataset;
  var folder = prefix === void 0 ? "" : `${prefix}/`;

  // dashboard/url_state.ts
  var NAMED = Object.keys(KEYS);
  var FIELDS = ["page", ...NAMED, "options"];
  var QUIET = ["epoch", "filter"];
  var WRITE_DELAY_MS = 200;
  var isSite = document.documentElement.dataset.site !== void 0;
  var place2 = (page) => isSite ? location.pathname : folder + (page === "explore" ? "" : page);
  var state = read2(location.pathname, location.search);
  var timer;
  var listeners = /* @__PURE__ */ new Set();
  var get = () => state;
  function subscribe(listener) {
    listeners.add(listener);
  }
  function set(patch) {
    const changed2 = new Set(FIELDS.filter((field) => field in patch && !isSame3(patch[field], state[field])));
    if (!changed2.size) return;
    const isStep = [...changed2].some((field) => !QUIET.includes(field)) && state.variant !== null;
    if (isStep) flush();
    state = { ...state, ...patch };
    if (isStep) history.pushState(null, "", address(state));
    else timer ??= setTimeout(flush, WRITE_DELAY_MS);
    notify(changed2);
  }
  function correct(patch) {
    const changed2 = new Set(FIELDS.filter((field) => field in patch && !isSame3(patch[field], state[field])));
    state = { ...state, ...patch };
    flush();
    if (changed2.size) notify(changed2);
  }
  function choose(name2, value) {
    set({ options: { ...state.options, [name2]: value } });
  }
  function address(of) {
    const query = new URLSearchParams(isSite && of.page !== "explore" ? { page: of.page } : {});
    for (const field of NAMED) if (of[field] !== KEYS[field].usual) query.set(field, String(of[field]));
    for (const [name2, value] of Object.entries(of.options)) query.set(name2, value);
    const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%40", "@");
    return place2(of.page) + (text ? `?${text}` : "");
  }
  function read2(pathname, search) {
    const query = new URLSearchParams(search);
    const page = isSite ? query.get("page") : pathname.slice(pathname.lastIndexOf("/") + 1);
    return { ...readQuery(query, isSite), page: pageOf(page ?? "") };
  }
  var unreadIn = (search) => unread(search, isSite);
  var isSame3 = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);
  function flush() {
    stopTimer();
    if (address(state) !== location.pathname + location.search) history.replaceState(null, "", address(state));
  }
  function stopTimer() {
    clearTimeout(timer);
    timer = void 0;
  }
  function notify(changed2) {
    for (const listener of listeners) listener(state, changed2);
  }
  addEventListener("pagehide", flush);
  addEventListener("popstate", () => {
    stopTimer();
    const before = state;
    state = read2(location.pathname, location.search);
    notify(new Set(FIELDS.filter((field) => !isSame3(before[field], state[field]))));
  });

  // dashboard/compare_panel.ts
  var ComparePanel = class {
    box;
    /** What it is called in the address. */
    id;
    side;
    session;
    /** Why the run could not be had. */
    problem = null;
    #axes = null;
    // of what came last
    /** The session is that of its run, which other sides may share. */
    constructor(id, session, calls, onReady) {
      this.id = id;
      this.side = sideOf(id);
      this.session = session;
      this.box = new SideBox(id, calls, onReady);
    }
    close() {
      this.box.element.remove();
    }
    /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
    at(moment, shift) {
      const epochs = this.panel?.epochs ?? [];
      const index = nearest(epochs, this.side.epoch ?? (moment === null ? Infinity : moment - shift));
      return index < 0 ? null : epochs[index];
    }
    /** The view that all runs show; null where this one does not have it, or not as a grid, or is not there itself. */
    get panel() {
      if (this.problem) return null;
      const panel = this.session.panel(get().view);
      return panel?.shows === "grids" ? panel : null;
    }
    get cache() {
      const { panel } = this;
      const size = this.#size;
      return panel && size ? this.session.cache(panel, get().options, { size }) : null;
    }
    get grids() {
      const described = this.cache?.shared?.grids;
      if (!described) return null;
      this.#axes = described.axes;
      const { options, zoom } = get();
      return { ...laidOut(described, this.panel?.controls ?? [], options), region: within(readRegion(zoom), described.axes) };
    }
    /** The frame to paint now, undefined while it is on its way. */
    frame(epoch) {
      if (epoch === null) return void 0;
      this.cache?.look(epoch);
      const frame = this.cache?.get(epoch);
      return frame && "values" in frame ? frame : void 0;
    }
    get #size() {
      const { head, zoom } = get();
      const pixels = this.box.picture.pixelsPerPanel(head === null ? this.panel?.heads?.length ?? 1 : 1);
      return this.#axes ? Math.ceil(pixels * magnification(readRegion(zoom), this.#axes)) : pixels;
    }
    describe(epoch) {
      const { detail, id } = this.session;
      this.box.describe(detail?.label ?? id.split("/").at(-1) ?? id, this.problem?.message ?? this.#state(epoch));
    }
    #state(epoch) {
      if (!this.session.detail) return common.loading;
      if (epoch === null) return this.panel ? compare.notAnalysed : compare.noView;
      const [train, test] = this.session.lossesAt(epoch);
      const where = compare.where(epoch, this.side.epoch !== null);
      return common.join([where, losses.both(test, train), alignmentWords(this.session, get().align)]);
    }
  };

  // dashboard/focus.ts
  var canFocus = (element) => element?.isConnected === true && element.checkVisibility() && !element.matches(":disabled");
  function focusFirst(places) {
    places.find(canFocus)?.focus({ preventScroll: true });
  }
  function keepFocus(root2, change, places) {
    const focused = document.activeElement;
    const isInside = root2.contains(focused);
    change();
    if (isInside && !canFocus(focused)) focusFirst(places());
  }
  function ensureFocus(root2, places) {
    const focused = document.activeElement;
    if (!root2.contains(focused) || !canFocus(focused)) focusFirst(places);
  }

  // dashboard/variant_search.ts
  var NUMBER_OR_TEXT = /\d+(?:\.\d+)?(?:e[-+]?\d+)?|\D+/gi;
  var LETTERS_AND_NUMBER = /^([a-z_]+\d*_|[a-z_]+)(-?[\d.]+(?:e[-+]?\d+)?)$/;
  var MOST_WORDS = 3;
  function ordered(variants2) {
    const keyed = variants2.map((variant2) => ({ variant: variant2, key: parts(variant2.id) }));
    return keyed.sort((one, other) => compared2(one.key, other.key)).map(({ variant: variant2 }) => variant2);
  }
  var parts = (text) => (text.match(NUMBER_OR_TEXT) ?? []).map((part) => /^\d/.test(part) ? Number(part) : part);
  function compared2(one, other) {
    for (let i = 0; i < Math.min(one.length, other.length); i++) {
      const [first, second] = [one[i], other[i]];
      if (first === second) continue;
      if (typeof first === "number" && typeof second === "number") return first - second;
      return String(first) < String(second) ? -1 : 1;
    }
    return one.length - other.length;
  }
  function matching(variants2, query, shortNames) {
    const conditions = conditionsOf(query, namesOf2(variants2, shortNames));
    return conditions.reduce((found2, condition) => {
      const exact = condition.name ? found2.filter((variant2) => has(variant2, condition, shortNames, isEqual)) : [];
      if (exact.length) return exact;
      return found2.filter((variant2) => has(variant2, condition, shortNames, beginsLike));
    }, variants2);
  }
  function namesOf2(variants2, shortNames) {
    const letters = Object.values(shortNames).flatMap((names3) => Object.keys(names3));
    const names2 = variants2.flatMap(({ settings: settings2 = {} }) => Object.keys(settings2));
    return new Set([...letters, ...names2].map((name2) => name2.toLowerCase()));
  }
  function conditionsOf(query, names2) {
    const words3 = query.toLowerCase().replace(/\s*=\s*/g, " ").split(/[\s·,]+/).filter(Boolean);
    const found2 = [];
    for (let at = 0; at < words3.length; ) {
      const count = wordsOfName(words3.slice(at), names2);
      if (count && at + count < words3.length) {
        found2.push({ name: words3.slice(at, at + count).join("_"), value: words3[at + count] });
        at += count + 1;
      } else found2.push(conditionOf2(words3[at++], names2));
    }
    return found2;
  }
  function wordsOfName(words3, names2) {
    for (let count = Math.min(MOST_WORDS, words3.length); count > 0; count--) {
      if (names2.has(words3.slice(0, count).join("_"))) return count;
    }
    return 0;
  }
  function conditionOf2(word, names2) {
    const [, letters = "", value = ""] = LETTERS_AND_NUMBER.exec(word) ?? [];
    const name2 = letters.replace(/_$/, "");
    return names2.has(name2) ? { name: name2, value } : { name: null, value: word };
  }
  var isEqual = (setting, value) => typeof setting === "number" ? value !== "" && setting === Number(value) : setting.toLowerCase() === value;
  var beginsLike = (setting, value) => String(setting).toLowerCase().startsWith(value);
  function has(variant2, { name: name2, value }, shortNames, isSo2) {
    const { id, family, label, state: state2, settings: settings2 = {} } = variant2;
    if (name2 === null) return `${id} ${label} ${state2}`.toLowerCase().includes(value);
    const setting = settings2[shortNames[family]?.[name2] ?? name2];
    return setting !== void 0 && isSo2(setting, value);
  }

  // dashboard/variant_box.ts
  var MOST2 = 60;
  var VariantBox = class {
    input;
    #list;
    #note = make("p", { class: "variant-note", role: "status" });
    #popup;
    #onChoose;
    #offered = { variants: [], shortNames: {} };
    #shown = [];
    #chosen = null;
    #active = 0;
    /** The field stands in `mount`; `onChoose(id)` is called when the user took a variant. */
    constructor(mount, { id, label, placeholder }, onChoose) {
      this.#onChoose = onChoose;
      const list = `${id}-list`;
      const role = { role: "combobox", "aria-controls": list, "aria-expanded": "false", "aria-autocomplete": "list" };
      this.input = make("input", { id, placeholder, "aria-label": label, ...role, autocomplete: "off", spellcheck: "false" });
      this.#list = make("div", { id: list, class: "variant-list", role: "listbox", "aria-label": label });
      this.#popup = make("div", { class: "variant-popup", hidden: true }, this.#list, this.#note);
      mount.classList.add("variant-box");
      mount.append(this.input, this.#popup);
      this.#listen();
    }
    /** Offer variants, and show the name of the chosen one; an open list is renewed without losing what is typed. */
    show(offered, chosen2) {
      const isNew = offered.variants !== this.#offered.variants;
      this.#offered = offered;
      this.#chosen = chosen2;
      if (!this.#isOpen) this.#rest();
      else if (isNew) this.#fill(this.#active);
    }
    get #isOpen() {
      return !this.#popup.hidden;
    }
    /** The name of the chosen variant stands in the field. */
    #rest() {
      this.input.value = this.#chosen?.label ?? "";
      this.input.title = this.#chosen ? nameOf(this.#chosen) : "";
    }
    #listen() {
      const { input } = this;
      input.addEventListener("focus", () => input.select());
      input.addEventListener("click", () => this.#open());
      input.addEventListener("input", () => this.#open());
      input.addEventListener("blur", () => this.#close());
      input.addEventListener("keydown", (event) => this.#onKey(event));
      this.#popup.addEventListener("pointerdown", (event) => event.preventDefault());
      this.#popup.addEventListener("mousedown", (event) => event.preventDefault());
      this.#list.addEventListener("click", ({ target }) => this.#take(this.#indexOf(target)));
      this.#list.addEventListener("pointermove", ({ target }) => this.#activate(this.#indexOf(target)));
    }
    #indexOf(target) {
      const option = target instanceof Element ? target.closest("[role=option]") : null;
      return option ? [...this.#list.children].indexOf(option) : -1;
    }
    #onKey(event) {
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
      if (event.key in steps) {
        if (this.#isOpen) this.#activate(Math.min(Math.max(this.#active + steps[event.key], 0), this.#shown.length - 1));
        else this.#open();
      } else if (event.key === "Enter" && this.#isOpen) this.#take(this.#active);
      else if (event.key === "Escape" && this.#isOpen) this.#close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
    #open() {
      const wasOpen = this.#isOpen;
      this.#popup.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const at = wasOpen || this.#query ? 0 : this.#offered.variants.findIndex(({ id }) => id === this.#chosen?.id);
      this.#fill(Math.max(at, 0));
    }
    #close() {
      this.#popup.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      this.#rest();
    }
    /** What somebody has typed; nothing while the name of the chosen variant stands there. */
    get #query() {
      return this.input.value === this.#chosen?.label ? "" : this.input.value;
    }
    /** List what matches, of which option `active` is the one that Enter takes. */
    #fill(active) {
      const { variants: variants2, shortNames } = this.#offered;
      const found2 = matching(variants2, this.#query, shortNames);
      const first = this.#query ? 0 : Math.max(0, Math.min(active - MOST2 / 2, found2.length - MOST2));
      this.#shown = found2.slice(first, first + MOST2);
      const hasSeveral = new Set(variants2.map(({ family }) => family)).size > 1;
      this.#list.replaceChildren(
        ...this.#shown.map((entry, i) => optionOf2(entry, { id: `${this.#list.id}-${i}`, hasSeveral, chosen: this.#chosen?.id }))
      );
      this.#note.textContent = noteOf(this.#shown.length, found2.length);
      this.#activate(Math.min(active - first, this.#shown.length - 1));
    }
    #activate(index) {
      const option = this.#list.children[index];
      if (!(option instanceof HTMLElement)) return;
      this.#list.children[this.#active]?.removeAttribute("data-active");
      this.#active = index;
      option.dataset.active = "";
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
      this.input.title = nameOf(this.#shown[index]);
    }
    #take(index) {
      const taken = this.#shown[index];
      if (!taken) return;
      this.#chosen = taken;
      this.input.blur();
      this.#onChoose(taken.id);
    }
  };
  function noteOf(shown, found2) {
    if (!found2) return picker.noMatch;
    return shown < found2 ? picker.narrow(shown, found2) : "";
  }
  var nameOf = ({ id }) => id.split("/").at(-1) ?? id;
  function optionOf2(entry, { id, hasSeveral, chosen: chosen2 }) {
    const { family, label, state: state2, train_loss: train = null, test_loss: test = null } = entry;
    const losses3 = test === null && train === null ? "" : losses.bothShort(test, train);
    const of = hasSeveral ? [make("span", { class: "soft" }, picker.family(family))] : [];
    const words3 = make("span", { class: "variant-name" }, ...of, label);
    const attributes = { id, role: "option", "aria-selected": String(entry.id === chosen2), title: nameOf(entry) };
    const about = make("span", { class: "variant-losses" }, losses3);
    return make("div", attributes, words3, make("span", { class: "state", "data-state": state2 }, state2), about);
  }

  // dashboard/compared.ts
  var TEXTS = { id: "compared", label: compare.add, placeholder: compare.addShort };
  var Compared = class {
    #chips = make("span", { class: "chips" });
    #adder = make("span", { class: "adder" });
    #box;
    #most;
    #onChange;
    #ids = [];
    /** At most so many; `onChange(ids)` is called when the user added or removed one. */
    constructor(most, onChange) {
      this.#most = most;
      this.#onChange = onChange;
      byId("compared-variants").append(this.#chips, this.#adder);
      this.#box = new VariantBox(this.#adder, TEXTS, (id) => onChange([...this.#ids, id]));
      this.#box.input.addEventListener("keydown", ({ key }) => {
        if (key === "Backspace" && !this.#box.input.value && this.#ids.length > 1) onChange(this.#ids.slice(0, -1));
      });
    }
    show(offered, ids) {
      const at = this.#buttons.indexOf(document.activeElement);
      const places = () => [...this.#buttons.slice(at), this.#box.input, ...this.#buttons];
      keepFocus(byId("compared-variants"), () => this.#show(offered, ids), places);
    }
    #show(offered, ids) {
      const labels = ids.map((id) => labelOf(offered, id));
      if (JSON.stringify([ids, labels]) !== this.#chips.dataset.key) {
        this.#chips.dataset.key = JSON.stringify([ids, labels]);
        this.#chips.replaceChildren(...ids.map((id, i) => this.#chip(id, labels[i], i, ids.length > 1)));
      }
      this.#ids = ids;
      this.#adder.hidden = ids.length >= this.#most;
      this.#box.show({ ...offered, variants: this.#others(offered.variants) }, null);
    }
    get #buttons() {
      return [...this.#chips.querySelectorAll("button")];
    }
    #others(variants2) {
      return variants2.filter(({ id }) => !this.#ids.includes(id));
    }
    #chip(id, label, place4, canGo) {
      const words3 = compare.remove(label);
      const button = make(
        "button",
        {
          type: "button",
          class: "text-button chip",
          "aria-label": words3,
          title: words3,
          style: `--run:var(${RUN_COLORS[place4]})`
        },
        make("span", {}, label),
        "×"
      );
      button.disabled = !canGo;
      button.addEventListener("click", () => this.#onChange(this.#ids.filter((other) => other !== id)));
      return button;
    }
  };
  function labelOf({ variants: variants2 }, id) {
    const { run: run2, epoch } = sideOf(id);
    const label = variants2.find((entry) => entry.id === run2)?.label ?? run2;
    return epoch === null ? label : compare.atEpoch(label, epoch);
  }

  // dashboard/changes.ts
  var { token } = document.documentElement.dataset;
  var canChange = () => token !== void 0;
  async function ask(change) {
    const headers = { "Content-Type": "application/json", "X-Headlapse-Token": token ?? "" };
    try {
      return await read3(await fetch(`${folder}data/changes`, { method: "POST", headers, body: JSON.stringify(change) }));
    } catch {
      return { problem: api.noAnswer, done: [] };
    }
  }
  async function read3(answer) {
    if (answer.ok) return answer.json();
    const { error } = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
    return { problem: error, done: [] };
  }

  // dashboard/command_line.ts
  function commandLine(command) {
    const copy = make("button", { class: "text-button", type: "button" }, empty.copy);
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(command);
      copy.textContent = empty.copied;
    });
    return make("div", { class: "command" }, make("code", {}, ...wordsOf3(command)), copy);
  }
  var wordsOf3 = (command) => command.split(" ").flatMap((word, i) => [i ? " " : "", make("span", { class: "word" }, word)]);

  // dashboard/messages.ts
  var FOCUSABLE = ":is(a[href], button, input, select, [tabindex])";
  function banner(state2) {
    const mount = byId("banner");
    const key = JSON.stringify(state2);
    if (mount.dataset.key === key) return;
    mount.dataset.key = key;
    mount.hidden = state2 === null;
    mount.replaceChildren(...state2 ? parts2(state2) : []);
  }
  function parts2({ title, text, command }) {
    const words3 = make("span", {}, make("b", {}, `${title}. `), text);
    return [words3, ...command ? [commandLine(command)] : []];
  }
  var told = [];
  function tell(sentences2) {
    say([.../* @__PURE__ */ new Set([...told, ...sentences2])]);
  }
  function say(sentences2, offer2 = null) {
    told = sentences2;
    const mount = byId("remark");
    mount.hidden = !sentences2.length;
    const dismiss = buttonOf({ label: empty.dismiss, act: () => say([]) });
    const words3 = make("span", {}, sentences2.join(" "));
    const replace = () => mount.replaceChildren(words3, ...offer2 ? [buttonOf(offer2)] : [], dismiss);
    keepFocus(mount, replace, () => [dismiss, ...focusable(".page:not([hidden])")]);
  }
  var focusOffer = () => focusFirst(focusable("#remark"));
  var focusable = (place4) => [...document.querySelectorAll(`${place4} ${FOCUSABLE}`)];
  function buttonOf({ label, act: act2 }) {
    const button = make("button", { class: "text-button", type: "button" }, label);
    button.addEventListener("click", act2);
    return button;
  }

  // dashboard/job_requests.ts
  async function start(job) {
    const { problem } = await ask({ kind: "start", runs: [], job });
    if (problem) tell([jobs.notStarted(problem)]);
    return !problem;
  }
  async function cancel(job) {
    const { problem } = await ask({ kind: "cancel", runs: [job] });
    if (problem) tell([jobs.notCancelled(problem)]);
  }

  // dashboard/empty_state.ts
  function show(state2, mount = byId("notice")) {
    const key = JSON.stringify(state2);
    if (mount.dataset.key === key) return;
    mount.dataset.key = key;
    mount.hidden = state2 === null;
    mount.replaceChildren(...state2 ? parts3(state2) : []);
  }
  function parts3({ title, text, command, job }) {
    const made = [make("h2", {}, title), make("p", {}, text)];
    if (command) made.push(commandLine(command));
    if (job && canChange()) made.push(jobButton(job));
    return made;
  }
  function jobButton({ label, request }) {
    const button = make("button", { class: "main-button", type: "button" }, label);
    button.addEventListener("click", async () => {
      button.disabled = true;
      const isStarted = await start(request);
      if (isStarted) button.textContent = empty.started;
      button.disabled = isStarted;
    });
    return button;
  }
  function find2(picker2, session, problem, asked2 = null) {
    if (picker2.problem && picker2.variants === null) return unreachable(picker2.problem, picker2.command);
    if (problem) return { title: empty.variantProblem, text: problem.message };
    if (picker2.variants === null) return null;
    if (!picker2.variants.length) return nothingYet(picker2.broken);
    if (!picker2.preferred && !session) return noneUsable(picker2.variants);
    if (!session?.detail) return null;
    return asked2 ? unanalysed(asked2, session.id) : ofVariant2(session.detail, session.panel(null) !== null);
  }
  function unanalysed({ view, title, command = "" }, variant2) {
    return {
      title: empty.viewNotAnalysed(title),
      text: empty.viewNotAnalysedText,
      command,
      job: { label: empty.analyseNow, request: { kind: "analyze", variant: variant2, view } }
    };
  }
  function unreachable(problem, command) {
    if (!problem.isOffline) return { title: empty.resultsProblem, text: problem.message };
    return {
      title: empty.serverGone,
      text: empty.serverGoneText,
      command
    };
  }
  var SMALL_RUN = { prime: 31, train_fraction: 0.6, epochs: 3e3, checkpoint_every: 20 };
  function nothingYet(broken) {
    const families = broken.map(({ name: name2, reason }) => empty.familyProblem(name2, reason)).join("");
    return {
      title: empty.nothingTrained,
      text: empty.nothingTrainedText + families,
      command: empty.smallRun,
      job: { label: empty.trainNow, request: { kind: "train", family: "modulo_addition_1layer", texts: SMALL_RUN } }
    };
  }
  function noneUsable(variants2) {
    const others = variants2.length > 1 ? empty.andMore(variants2.length - 1) : "";
    return { title: empty.noneUsable, text: `${variants2[0].problem}${others}`, command: empty.check };
  }
  function notTrained({ family, settings: settings2 }) {
    const options = Object.entries(settings2).map(([name2, value]) => `--set ${name2}=${value}`);
    return {
      title: empty.notTrained,
      text: empty.notTrainedText,
      command: empty.train(family.name, options),
      job: { label: empty.trainNow, request: { kind: "train", family: family.name, texts: settings2 } }
    };
  }
  function ofVariant2(detail, hasPicture) {
    if (hasPicture) return null;
    const broken = detail.panels.find(({ problem }) => problem);
    const analyze = empty.analyse(detail.name);
    if (broken) return { title: empty.viewProblem(broken.title), text: broken.problem ?? "", command: analyze };
    if (!detail.epochs.length) {
      return detail.state === "training" ? { title: empty.begun, text: empty.begunText } : notTrained(detail);
    }
    if (!detail.unanalysed.length) return { title: empty.nothing, text: empty.nothingText };
    return {
      title: empty.notAnalysed,
      text: empty.notAnalysedText(detail.epochs.length),
      command: analyze,
      job: { label: empty.analyseNow, request: { kind: "analyze", variant: detail.id } }
    };
  }

  // core/cells.ts
  var NO_VALUE2 = 255;
  var bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
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

  // dashboard/api.ts
  var NOT_MODIFIED = 304;
  var ApiError = class extends Error {
    isOffline;
    constructor(message, isOffline = false) {
      super(message);
      this.isOffline = isOffline;
    }
  };
  async function variants(tag) {
    const found2 = await changed("data/variants", tag);
    return found2 && { list: found2.content, tag: found2.tag };
  }
  var variant = async (id) => {
    if (!/^[^/]+\/[^/]+$/.test(id)) throw new ApiError(api.noVariant(id));
    return json(`data/variants/${path(id)}`);
  };
  async function runs2(tag) {
    const found2 = await changed("data/runs", tag);
    return found2 && { table: found2.content, tag: found2.tag };
  }
  var glance = (id) => json(`data/glances/${path(id)}`);
  var trash2 = async () => (await json("data/trash")).runs;
  var colors = () => json("data/colors");
  async function losses2(id, from) {
    return new Float32Array(await binary(`data/losses/${path(id)}?from=${from}`));
  }
  var scalars = async (id) => (await json(`data/scalars/${path(id)}`)).scalars;
  async function frames(id, { view, choices, size, panel }, epochs, dtype, signal) {
    const near = epochs.toSorted((one, other) => one - other);
    const query = new URLSearchParams({ ...choices, view, epochs: near.join(","), dtype, coding: "difference" });
    if (size !== null) query.set("size", String(size));
    if (panel !== null) query.set("panels", String(panel));
    return unpack(await binary(`data/frames/${path(id)}?${query}`, signal));
  }
  var jobLog = async (job) => (await ask2(`data/jobs/${encodeURIComponent(job)}/log`)).text();
  async function file(of, query) {
    const answer = await ask2(`export/${path(of)}?${new URLSearchParams(query)}`);
    const name2 = /filename="([^"]*)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "headlapse";
    return { name: name2, blob: await answer.blob() };
  }
  var python = async (of, query) => (await ask2(`data/python/${path(of)}?${new URLSearchParams(query)}`)).text();
  function unpack(buffer) {
    const size = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
    const failed = Object.entries(header.failed).map(([epoch, { error }]) => [Number(epoch), error]);
    const described = header.grids && { ...header.grids, ...header.block ? { block: header.block } : {} };
    const shared = header.subject === void 0 ? null : { subject: header.subject, grids: described ?? null };
    return { arrivals: [...arrivals(header, buffer, 4 + size)], failed: new Map(failed), shared };
  }
  function* arrivals(header, buffer, start3) {
    const { shape = [], grids, lines, ranges = [], curves, subjects = [] } = header;
    const count = shape.reduce((product, n) => product * n, 1);
    const all = grids ? valuesOf3(header, buffer, start3, count) : new Uint8Array();
    for (const [i, epoch] of header.epochs.entries()) {
      const moment = { epoch, stamp: header.stamps[i], subject: subjects[i] };
      if (lines) yield { ...moment, frame: lines[i], extent: null };
      if (!grids) continue;
      const values = all.subarray(i * count, (i + 1) * count);
      const frame = { values, range: header.span ?? grids.range, ...curves ? { curves: curves[i] } : {} };
      yield { ...moment, frame, extent: ranges[i] ?? null };
    }
  }
  function valuesOf3({ dtype, coding, epochs }, buffer, start3, count) {
    if (dtype === "float32") return new Float32Array(buffer, start3);
    const steps = dtype === "uint8" ? new Uint8Array(buffer, start3) : new Uint16Array(buffer, start3, count * epochs.length);
    if (coding === "difference") addUp(steps, count);
    return steps;
  }
  var path = (id) => id.split("/").map(encodeURIComponent).join("/");
  var json = async (url) => (await ask2(url)).json();
  var binary = async (url, signal) => (await ask2(url, signal ? { signal } : {})).arrayBuffer();
  async function changed(url, tag) {
    const answer = await ask2(url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    return answer.status === NOT_MODIFIED ? null : { content: await answer.json(), tag: answer.headers.get("ETag") ?? "" };
  }
  async function ask2(url, options = {}) {
    const answer = await fetch(folder + url, options).catch((error) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(api.noAnswer, true);
    });
    if (answer.ok || answer.status === NOT_MODIFIED) return answer;
    const problem = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
    throw new ApiError(problem.error);
  }

  // dashboard/downloads.ts
  function saveAs(content, name2) {
    const url = URL.createObjectURL(content);
    make("a", { href: url, download: name2 }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1e3);
  }

  // dashboard/theme.ts
  var KEPT_AS = "mantine-color-scheme-value";
  var system = matchMedia("(prefers-color-scheme: dark)");
  var root = document.documentElement;
  var theme = () => root.dataset.mantineColorScheme ?? "light";
  function onTheme(listener) {
    new MutationObserver(listener).observe(root, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
  }
  function applyTheme() {
    const apply = () => {
      root.dataset.mantineColorScheme = chosen() ?? (system.matches ? "dark" : "light");
    };
    system.addEventListener("change", apply);
    apply();
  }
  function offerTheme() {
    const button = byId("theme");
    const show4 = () => {
      button.textContent = theme() === "dark" ? "☾" : "☀";
    };
    button.addEventListener("click", () => {
      root.dataset.mantineColorScheme = theme() === "dark" ? "light" : "dark";
      keep(theme());
    });
    onTheme(show4);
    show4();
  }
  function chosen() {
    try {
      const kept = localStorage.getItem(KEPT_AS);
      return kept === "light" || kept === "dark" ? kept : null;
    } catch {
      return null;
    }
  }
  function keep(value) {
    try {
      localStorage.setItem(KEPT_AS, value);
    } catch {
      return;
    }
  }

  // dashboard/export_menu.ts
  async function save(page, button) {
    const { ending = "", span: span2 = "" } = button.dataset;
    const asked2 = page.asked(span2);
    if (!asked2) return;
    await telling(button, exporting.drawing, async () => {
      const { name: name2, blob } = await file(asked2.of, { ...asked2.query, ending, theme: theme() });
      saveAs(blob, name2);
      return exporting.saved(name2);
    });
  }
  async function copyPython(page, button) {
    const asked2 = page.asked("epoch");
    if (!asked2) return;
    await telling(button, exporting.writing, async () => {
      const text = await python(asked2.of, { ...asked2.query, theme: theme() });
      return await isCopied(text) ? exporting.copied : make("textarea", { class: "code", readonly: true, rows: 9 }, text);
    });
  }
  function partOf(region) {
    const { head } = get();
    return {
      ...head === null ? {} : { panel: String(head) },
      ...region ? { zoom: regionWords(region) } : {}
    };
  }
  async function isCopied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
  async function telling(button, now2, act2) {
    const menu = button.parentElement;
    const say2 = (words3) => find(menu, ".export-message").replaceChildren(words3);
    say2(now2);
    try {
      say2(await act2());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say2(error.message);
    }
  }

  // dashboard/link_check.ts
  var LinkCheck = class {
    #done = /* @__PURE__ */ new Set();
    /** Check anew, since something else is opened. */
    restart() {
      this.#done.clear();
    }
    /** Check what depends on a fact, once; `fact` is null while it is not known. */
    check(name2, fact) {
      if (fact === null || this.#done.has(name2)) return;
      this.#done.add(name2);
      const { patch, sentences: sentences2 } = corrections(get(), name2, fact);
      if (sentences2.length) tell(sentences2);
      correct(patch);
    }
  };

  // dashboard/openings.ts
  function opened(panel, cell2, grids, panels, { options }) {
    const opening = panel === null ? void 0 : grids?.openings?.[panel];
    const isThere = panels.some(({ view, problem }) => view === opening?.view && !problem);
    const { places = [] } = opening ?? {};
    if (!opening || !isThere || places.length && !cell2) return { head: panel };
    const chosen2 = { ...opening.choices, ...cell2 ? placed(opening, cell2, grids?.block) : {} };
    return {
      view: opening.view,
      head: opening.panel,
      options: { ...options, ...chosen2 },
      ...places.length ? { zoom: null } : {}
      // other axes
    };
  }
  function placed({ places = [] }, cell2, [rows, columns] = [1, 1]) {
    const at = [cell2.row * rows, cell2.column * columns];
    return Object.fromEntries(places.map((name2, i) => [name2, String(at[i])]));
  }

  // dashboard/scales.ts
  var fetched = null;
  async function load() {
    fetched ??= await colors();
  }
  function scales() {
    if (fetched === null) throw new Error("the colour scales are not loaded");
    return fetched;
  }

  // core/frame_cache.ts
  var LIMITS = { inFlight: 3, batch: 8, bytes: 4e8 };
  var MOST_EXACT = 8;
  var RETRY_MS = 1500;
  var COMPUTED = { inFlight: 1, batch: 1, bytes: 4e8, reach: 2 };
  var FrameCache = class {
    failed = /* @__PURE__ */ new Map();
    /** Null before the first frame. */
    shared = null;
    #fetch;
    #onArrival;
    #limits;
    #frames = /* @__PURE__ */ new Map();
    #exact = /* @__PURE__ */ new Map();
    /** Epochs whose exact numbers are on their way. */
    #asked = /* @__PURE__ */ new Set();
    #extents = /* @__PURE__ */ new Map();
    #subjects = /* @__PURE__ */ new Map();
    #pending = /* @__PURE__ */ new Set();
    #abort = new AbortController();
    #stamps = /* @__PURE__ */ new Map();
    #epochs = [];
    #requests = 0;
    #bytes = 0;
    #focus = null;
    /** `onArrival()` is called whenever frames came or failed. */
    constructor(fetch2, onArrival, limits = LIMITS) {
      this.#fetch = fetch2;
      this.#onArrival = onArrival;
      this.#limits = limits;
    }
    /** The epochs that can be had. What is known of an artifact that was replaced or removed since is forgotten. */
    setEpochs(epochs, stamps) {
      const now2 = new Map(epochs.map((epoch, index) => [epoch, stamps[index]]));
      for (const [epoch, stamp] of this.#stamps) {
        if (now2.get(epoch) === stamp) continue;
        this.#forget(epoch);
        this.#extents.delete(epoch);
      }
      this.#stamps = now2;
      this.#epochs = epochs;
      this.#pump();
    }
    /** Least and largest number of all frames seen so far; null before the first. */
    get range() {
      return this.#extents.size ? around([...this.#extents.values()]) : null;
    }
    /** Least and largest number of one epoch's frame; null where that is not known. */
    extentOf(epoch) {
      return this.#extents.get(epoch) ?? null;
    }
    /** What the frame of an epoch shows, in words; empty before it is known. */
    subjectAt(epoch) {
      return this.#subjects.get(epoch) ?? this.shared?.subject ?? "";
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
    /** Where the eye is: what is near comes first. Nothing is asked for before. */
    look(epoch) {
      this.#focus = epoch;
      this.#pump();
    }
    /** The share of all frames that are here, or cannot be; 1 where only those near the shown epoch are fetched. */
    get progress() {
      if (this.#limits.reach !== void 0) return 1;
      return this.#epochs.length ? (this.#frames.size + this.failed.size) / this.#epochs.length : 1;
    }
    /** Fetch the exact numbers of one epoch. */
    async fetchExact(epoch) {
      if (this.#exact.has(epoch) || this.#asked.has(epoch) || !this.#frames.has(epoch)) return;
      this.#asked.add(epoch);
      const batch = await this.#fetch([epoch], true, this.#abort.signal);
      this.#asked.delete(epoch);
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
      this.#bytes -= bytesOf2(this.#frames.get(epoch));
      this.#frames.delete(epoch);
      this.#exact.delete(epoch);
      this.failed.delete(epoch);
    }
    #pump() {
      if (this.#focus === null) return;
      const atOnce = this.#isEmpty ? 1 : this.#limits.inFlight;
      while (this.#requests < atOnce && !this.#abort.signal.aborted) {
        const batch = this.#nextBatch(this.#focus);
        if (!batch.length) return;
        void this.#fetchBatch(batch);
      }
    }
    /** Whether nothing came yet: the first frame is asked for alone, so that it comes soon. */
    get #isEmpty() {
      return !this.#frames.size && !this.failed.size;
    }
    /** The missing epochs nearest to the focus, the focus first. */
    #nextBatch(focus) {
      const batch = [];
      const start3 = nearest(this.#epochs, focus);
      const room = this.#limits.reach ?? (this.#bytes < this.#limits.bytes ? this.#epochs.length : this.#limits.batch);
      const most = this.#isEmpty ? 1 : this.#limits.batch;
      for (let step = 0; step < room && batch.length < most; step++) {
        for (const index of step ? [start3 + step, start3 - step] : [start3]) {
          if (this.#isMissing(this.#epochs[index]) && batch.length < most) batch.push(this.#epochs[index]);
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
    #keep({ arrivals: arrivals2, failed, shared }) {
      if (shared) this.shared = shared;
      for (const { epoch, frame, stamp, extent: extent3, subject } of arrivals2) {
        this.#frames.set(epoch, frame);
        if (subject !== void 0) this.#subjects.set(epoch, subject);
        this.#stamps.set(epoch, stamp);
        if (extent3) this.#extents.set(epoch, extent3);
        this.#bytes += bytesOf2(frame);
      }
      for (const [epoch, problem] of failed) this.failed.set(epoch, problem);
    }
    #makeRoom() {
      if (this.#bytes <= this.#limits.bytes) return;
      const focus = this.#focus ?? 0;
      const farthest = [...this.#frames.keys()].sort((x, y) => Math.abs(y - focus) - Math.abs(x - focus));
      for (const epoch of farthest) {
        if (this.#bytes <= this.#limits.bytes * 0.8) return;
        this.#forget(epoch);
      }
    }
  };
  var bytesOf2 = (frame) => frame && "values" in frame ? frame.values.byteLength : 0;

  // core/losses.ts
  function lossSeries(train, test, { shift = 0, color = null, name: name2 = "" } = {}) {
    const moved = ({ x, y }) => ({ x: shift ? Array.from(x, (epoch) => epoch + shift) : x, y });
    const named = (kind) => name2 === null ? {} : { name: [name2, kind].filter(Boolean).join(" ") };
    return [
      { ...moved(test), ...named(losses.test), color: color ?? "--test", width: 1.75, isDashed: false },
      { ...moved(train), ...named(losses.train), color: color ?? "--train", width: 1.25, isDashed: color !== null }
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

  // dashboard/session.ts
  var POLL_MS = { training: 1e3, other: 4e3 };
  var KEPT_CACHES = 3;
  var Session = class {
    id;
    detail = null;
    /** Where a slider stops. */
    epochs = [];
    /** Scalars besides the losses; the same ones until one of them changes. */
    scalars = [];
    #steps;
    #onChange;
    #caches = /* @__PURE__ */ new Map();
    #losses = { train: new Float32Array(0), test: new Float32Array(0) };
    #series = { key: "", made: [] };
    #scalarsStamp = "";
    #problem = null;
    #isClosed = false;
    /** `onChange(problem)` is called whenever something changed, with the error that came instead of the run until it is there again. `steps` are what is painted before the eye rests. */
    constructor(id, onChange, steps = "uint8") {
      this.id = id;
      this.#steps = steps;
      this.#onChange = onChange;
    }
    /** Look now, and again and again until closed. */
    async watch() {
      try {
        if (!document.hidden || !this.detail) await this.#refresh();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!error.isOffline) this.#fail(error);
      }
      if (!this.#isClosed) setTimeout(() => this.watch(), this.isTraining ? POLL_MS.training : POLL_MS.other);
    }
    /** Look now, e.g. after a change. */
    async look() {
      if (!this.#isClosed) await answered(this.#refresh());
    }
    get isTraining() {
      return this.detail?.state === "training";
    }
    /** The end of the epoch axis: losses and scalars may be ahead of the newest checkpoint. */
    get last() {
      const ends = this.scalars.map(({ epochs }) => epochs.at(-1) ?? 0);
      return Math.max(this.epochs.at(-1) ?? 0, this.#losses.train.length, ...ends);
    }
    /** The views that can be shown, or say why not. */
    get panels() {
      return this.detail?.panels ?? [];
    }
    /** The panel of `view`, or without it the first that can be shown. */
    panel(view) {
      const usable2 = this.panels.filter(({ problem }) => !problem);
      return usable2.find((panel) => panel.view === view) ?? usable2.find(({ shows }) => shows === "grids") ?? usable2[0] ?? null;
    }
    /** The view asked for, if its analyzer has not run. */
    unanalysed(view) {
      return this.panels.find((panel) => panel.view === view && panel.command) ?? null;
    }
    /** The controls of a panel, with what the page itself can offer. */
    controls(panel) {
      return withRunRange(panel?.controls ?? []);
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
    /** The first checkpoint with a test accuracy of 0.99 that later ones keep, as the server says; null where there is none. */
    get grokkedAt() {
      return this.detail?.grokked_at ?? null;
    }
    /** The frames of a panel for these choices: of all its panels or one. Those used least recently are let go. */
    cache(panel, choices, part = {}) {
      const wanted = wantedOf(panel, choices, part);
      const key = JSON.stringify(wanted);
      const cache = this.#caches.get(key)?.cache ?? this.#newCache(wanted, panel.isComputed);
      this.#caches.delete(key);
      this.#caches.set(key, { view: panel.view, cache });
      this.#update(panel, cache);
      const [oldest] = this.#caches.keys();
      if (this.#caches.size > KEPT_CACHES) this.#drop(oldest);
      return cache;
    }
    /** The epoch whose frame is shown at `epoch`: the last of what tells of all. */
    framed(panel, epoch) {
      return panel.isOfRun ? panel.epochs?.at(-1) ?? epoch : epoch;
    }
    close() {
      this.#isClosed = true;
      for (const key of [...this.#caches.keys()]) this.#drop(key);
    }
    #newCache(wanted, isComputed = false) {
      return new FrameCache(
        (epochs, isExact, signal) => answered(frames(this.id, wanted, epochs, isExact ? "float32" : this.#steps, signal)),
        () => this.#changed(),
        ...isComputed ? [COMPUTED] : []
      );
    }
    #drop(key) {
      this.#caches.get(key)?.cache.close();
      this.#caches.delete(key);
    }
    #update(panel, cache) {
      if (!panel || this.#isClosed) return;
      const { epochs = [], stamps = [], isOfRun } = panel;
      if (isOfRun) cache.setEpochs(epochs.slice(-1), stamps.slice(-1));
      else cache.setEpochs(epochs, stamps);
    }
    async #refresh() {
      const detail = await variant(this.id);
      if (detail.problem) throw new ApiError(detail.problem);
      const isNew = JSON.stringify(detail) !== JSON.stringify(this.detail);
      this.detail = detail;
      if (isNew) this.#take(detail);
      await this.#refreshLosses(detail.losses);
      await this.#refreshScalars(detail.scalars);
      for (const { view, cache } of this.#caches.values()) this.#update(this.panel(view), cache);
      const isBack = this.#problem !== null;
      this.#problem = null;
      if (isNew || isBack) this.#changed();
    }
    #fail(problem) {
      this.#problem = problem;
      this.#changed();
    }
    #changed() {
      if (!this.#isClosed) this.#onChange(this.#problem);
    }
    #take(detail) {
      this.epochs = this.panels.reduce((all, panel) => union(all, panel.epochs ?? []), [...detail.epochs]);
      this.#changed();
    }
    async #refreshScalars(stamp) {
      if (stamp === this.#scalarsStamp) return;
      this.scalars = stamp ? await scalars(this.id) : [];
      this.#scalarsStamp = stamp;
      this.#changed();
    }
    async #refreshLosses(count) {
      const have = count < this.#losses.train.length ? 0 : this.#losses.train.length;
      if (count === have) return;
      const fresh = await losses2(this.id, have);
      const joined2 = (known2, column) => {
        const all = new Float32Array(have + fresh.length / 2);
        for (let i = 0; i < have; i++) all[i] = known2[i];
        for (let i = have; i < all.length; i++) all[i] = fresh[2 * (i - have) + column];
        return all;
      };
      const test = joined2(this.#losses.test, 1);
      this.#losses = { train: joined2(this.#losses.train, 0), test };
      this.#series.key = "";
    }
  };
  function wantedOf({ view, controls: controls2 = [], cells = 0, shows }, choices, part) {
    const values = valuesOf(
      controls2.filter(({ isLook }) => !isLook),
      choices
    );
    const { panel = null, size = null } = part;
    const isFine = shows === "grids" && size !== null && cells > size;
    return { view, choices: values, size: isFine ? size : null, panel };
  }
  async function answered(asked2) {
    try {
      return await asked2;
    } catch (error) {
      if (error instanceof ApiError || error instanceof DOMException && error.name === "AbortError") return null;
      throw error;
    }
  }

  // dashboard/view_controls.ts
  var VIEW = "view";
  var ViewControls = class {
    #bar;
    #extra;
    /** `extra` are controls of the page itself; what is chosen becomes a field of the address. */
    constructor(mount, prefix2 = "", extra = []) {
      this.#extra = extra;
      const fields = /* @__PURE__ */ new Set([VIEW, ...extra.map(({ name: name2 }) => name2)]);
      const onChoice = (name2, value) => fields.has(name2) ? set({ [name2]: value }) : choose(name2, value);
      this.#bar = new ControlBar(byId(mount), onChoice, prefix2);
    }
    /** Offer `panels`, of which `asked` is chosen, and the controls of the one shown. */
    show(session, panel, panels, asked2 = panel) {
      const views = panels.map((one) => ({ value: one.view, label: titleOf(one), arguments: {} }));
      const all = [
        { name: VIEW, label: controls.view, isLook: false, options: views },
        ...panel?.shows === "figure" ? [] : session?.controls(panel) ?? [],
        ...this.#extra.filter((control) => control !== STRIPS || panel?.shows === "grids")
      ];
      const { options, align, beside: beside2 } = get();
      this.#bar.show(all, { ...options, align, beside: beside2, ...asked2 ? { [VIEW]: asked2.view } : {} });
    }
  };
  var titleOf = ({ title, command }) => command ? controls.unanalysed(title) : title;
  function chooseNumber(controls2, index) {
    const found2 = numbered(controls2, index);
    if (found2) choose(found2.name, found2.value);
  }

  // dashboard/compare.ts
  var ALIGN = { name: "align", label: controls.align, isLook: false, options: ALIGNMENTS };
  var INVITATION = {
    title: compare.title,
    text: compare.invitation
  };
  var Compare = class {
    timeline;
    #picker;
    #compared = new Compared(MOST, (ids) => this.#choose(ids));
    #controls = new ViewControls("compare-choices", "compare-", [ALIGN, STRIPS]);
    #view;
    #panels = [];
    #runs = /* @__PURE__ */ new Map();
    #scheduled = 0;
    #check = new LinkCheck();
    constructor(picker2) {
      this.#picker = picker2;
      const calls = {
        onPanel: (panel, cell2 = null) => this.#open(panel, cell2),
        onRegion: (region) => set({ zoom: region && regionWords(region) })
      };
      this.#view = new SidesView(find(byId("page-compare"), ".stage"), scales(), calls, () => this.#schedule());
      this.timeline = new Timeline(byId("page-compare"), this);
      onTheme(() => this.timeline.chart.draw());
    }
    /** Have one panel for each chosen variant; those that stay keep what they have loaded. */
    open() {
      const ids = this.#ids;
      const before = new Map(this.#panels.map((panel) => [panel.id, panel]));
      for (const [id, panel] of before) if (!ids.includes(id)) panel.close();
      const made = (id) => new ComparePanel(id, this.#run(id), this.#view.calls, () => this.update());
      this.#panels = ids.map((id) => before.get(id) ?? made(id));
      this.#closeOthers();
      this.#check.restart();
      this.#view.arrange(this.#panels.map(({ box }) => box));
      this.update();
    }
    close() {
      for (const panel of this.#panels) panel.close();
      this.#panels = [];
      this.#closeOthers();
    }
    /** Keep the run that is scrubbed, at the epoch that is shown, beside it. */
    pin() {
      const [first] = this.#panels;
      const epoch = first?.at(this.epoch, this.#shift(first.session)) ?? null;
      if (epoch !== null) this.#choose(pinned(this.#ids, first.side.run, epoch, MOST_SIDES));
    }
    asked(span2) {
      const [first] = this.#panels;
      const shown = this.#panels.filter((panel) => panel.at(this.epoch, this.#shift(panel.session)) !== null);
      if (!first?.panel || shown.length < 2 || this.epoch === null) return null;
      const { options, align } = get();
      const values = valuesOf(first.session.controls(first.panel), options);
      const ranges = this.#panels.flatMap(({ cache }) => cache?.range ? [cache.range] : []);
      if (values.color === "run" && ranges.length) values.color = around(ranges).join("..");
      const sides = shown.map(({ id }) => id).join(",");
      const at = span2 === "epoch" ? { epoch: String(this.epoch) } : {};
      const part = partOf(first.grids?.region ?? null);
      return { of: "compared", query: { ...values, ...part, ...at, view: first.panel.view, sides, align } };
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
      return this.#panels.every((panel) => {
        const epoch = panel.at(moment, this.#shift(panel.session));
        return epoch === null || (panel.cache?.isSettled(epoch) ?? true);
      });
    }
    get isLogAxis() {
      return get().epochs === "log";
    }
    setLogAxis(isLog2) {
      set({ epochs: isLog2 ? "log" : "linear" });
    }
    go(epoch) {
      set({ epoch });
    }
    chooseNumber(index) {
      chooseNumber(this.#panels[0]?.panel?.controls ?? [], index);
    }
    update() {
      if (get().page !== "compare") return;
      this.#checkLink();
      this.#showControls();
      const menu = document.getElementById("compare-export");
      if (menu) menu.hidden = this.#panels.length < 2;
      show(this.#empty, byId("compare-notice"));
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
      const ids = [.../* @__PURE__ */ new Set([variant2 ?? "", ...others?.split(",") ?? []])].filter(Boolean);
      return ids.filter((id, index) => index < MOST || sideOf(id).epoch !== null).slice(0, MOST_SIDES);
    }
    #choose(ids) {
      const [variant2, ...others] = ids.slice(0, MOST_SIDES);
      if (variant2) set({ variant: sideOf(variant2).run, with: others.join(",") || null });
    }
    /** The session of the run on a side, which is opened once however many sides show it. */
    #run(id) {
      const { run: run2 } = sideOf(id);
      const known2 = this.#runs.get(run2);
      if (known2) return known2;
      const onChange = (problem) => {
        for (const panel of this.#panels) if (panel.side.run === run2) panel.problem = problem;
        this.update();
      };
      const session = new Session(run2, onChange, "uint16");
      this.#runs.set(run2, session);
      void session.watch();
      return session;
    }
    #closeOthers() {
      const shown = new Set(this.#panels.map(({ side }) => side.run));
      for (const [run2, session] of this.#runs) {
        if (shown.has(run2)) continue;
        session.close();
        this.#runs.delete(run2);
      }
    }
    get #sessions() {
      return [...new Set(this.#there.map((panel) => panel.session))].filter((session) => session.detail);
    }
    /** The sides whose run is there, as far as is known. */
    get #there() {
      return this.#panels.filter(({ problem }) => !problem);
    }
    #shift(session) {
      return shiftOf(session, this.#sessions, get().align);
    }
    get #empty() {
      if (this.#picker.problem && this.#picker.variants === null || !this.#panels.length)
        return find2(this.#picker, null, null);
      return this.#panels.length < 2 ? INVITATION : null;
    }
    #showControls() {
      this.#compared.show(this.#picker.offered, this.#ids);
      const first = this.#panels.find(({ panel }) => panel);
      const panels = first?.session.panels.filter(({ command }) => !command) ?? [];
      this.#controls.show(first?.session ?? null, first?.panel ?? null, panels);
    }
    /** Once all runs are known, and once their grids are. */
    #checkLink() {
      if (!this.#panels.length || this.#panels.some(({ session, problem }) => !session.detail && !problem)) return;
      this.#check.check("run", this.#facts);
      this.#check.check(
        "sides",
        this.#panels.map(({ id, panel }) => ({ id, epochs: panel?.epochs ?? [] }))
      );
    }
    get #facts() {
      const panels = onlyGrids(this.#panels.flatMap(({ session }) => session.panels));
      const first = this.#panels.find(({ panel: panel2 }) => panel2) ?? this.#panels[0];
      const panel = first.panel ?? first.session.panel(null);
      return { panels, panel, controls: first.session.controls(panel), epochs: this.epochs };
    }
    #showTimeline() {
      const scrubbed = this.#there.filter(
        ({ session, side }) => side.epoch === null || !this.#panels.some((other) => other.session === session && other.side.epoch === null)
      );
      const series = scrubbed.flatMap(
        ({ session, box: { color } }) => session.series({ shift: this.#shift(session), color, name: session.detail?.label ?? "" })
      );
      const pins = this.#there.flatMap(
        ({ session, side, box: { color } }) => side.epoch === null ? [] : [pinMark(side.epoch, this.#shift(session), color)]
      );
      const ends = this.#sessions.map((session) => session.last + this.#shift(session));
      this.timeline.show(series, pins, Math.max(0, ...ends));
      this.timeline.showPlayer();
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(this.#draw);
    }
    #draw = () => {
      this.#scheduled = 0;
      const moment = this.epoch;
      if (moment !== null) this.timeline.mark(moment);
      const first = this.#panels.find(({ panel }) => panel);
      const sides = this.#panels.map((panel) => this.#shown(panel, panel.at(moment, this.#shift(panel.session))));
      this.#check.check("axes", largest(this.#panels.filter(({ panel }) => panel).map(({ grids }) => sizesOf(grids))));
      const { options, beside: beside2, head } = get();
      const controls2 = first?.session.controls(first.panel) ?? [];
      this.#view.paint(sides, { controls: controls2, choices: { ...options, beside: beside2 }, panel: head });
    };
    #shown(panel, epoch) {
      panel.describe(epoch);
      if (panel.problem) panel.box.picture.clear();
      return { box: panel.box, grids: panel.grids, frame: panel.frame(epoch), range: panel.cache?.range ?? null };
    }
    /** Show one panel of each alone, or what it opens. */
    #open(panel, cell2) {
      const first = this.#panels.find(({ grids }) => grids);
      set(opened(panel, cell2, first?.grids ?? null, first?.session.panels ?? [], get()));
    }
  };
  function largest(all) {
    const known2 = all.filter((sizes) => sizes !== null);
    if (known2.length < Math.max(all.length, 1)) return null;
    return [Math.max(...known2.map(([down]) => down)), Math.max(...known2.map(([, right]) => right))];
  }

  // dashboard/dash.ts
  var DRAWN3 = "parts-of-dash";
  var RETRY_MS2 = 1e3;
  var SERVER_ERROR = 500;
  var loading = null;
  var isLoaded = () => loading !== null;
  async function setProps(id, props) {
    await load2();
    window.dash_clientside?.set_props(id, props);
  }
  function standIn(place4) {
    const drawn2 = byId("react-entry-point");
    if (drawn2.parentElement !== place4) place4.append(drawn2);
    void load2();
  }
  function load2() {
    const template = document.querySelector("template#dash");
    if (template) loading ??= run([...template.content.querySelectorAll("script")]).catch(tell2);
    return loading ?? Promise.resolve();
  }
  var tell2 = (error) => tell([error.message]);
  async function run(scripts) {
    const isFile = (script) => script.src !== "";
    const drawn2 = appearance(DRAWN3);
    const files = scripts.filter(isFile).map(({ src }) => src);
    await Promise.all(files.map(cached));
    await Promise.all(files.map(loaded));
    for (const script of scripts.filter((one) => !isFile(one))) document.body.append(copyOf(script));
    await drawn2;
  }
  async function cached(src) {
    const answer = await fetch(src).then(wholly).catch(() => null);
    if (answer?.ok) return;
    if (answer && answer.status < SERVER_ERROR) throw new Error(api.notLoaded(src));
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS2));
    await cached(src);
  }
  async function wholly(answer) {
    await answer.blob();
    return answer;
  }
  function loaded(src) {
    const script = document.createElement("script");
    Object.assign(script, { src, async: false });
    return new Promise((resolve, reject) => {
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => reject(new Error(api.notLoaded(src))));
      document.body.append(script);
    });
  }
  function copyOf({ id, type, text }) {
    return Object.assign(document.createElement("script"), { id, type, text });
  }
  function appearance(id) {
    return new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (!document.getElementById(id)) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
  }

  // dashboard/controls.ts
  var stored = /* @__PURE__ */ new Map();
  function put(id, data) {
    const text = JSON.stringify(data);
    if (stored.get(id) === text) return;
    stored.set(id, text);
    void setProps(id, { data });
  }
  function onAction(actions) {
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
      if (button) actions[button.dataset.action ?? ""]?.(button);
    });
  }

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
    constructor(mount, bar, scales2, { onReady, onPanel, onRegion }) {
      const onCell = (cell2) => {
        this.#cell = cell2;
        onReady();
      };
      const keepRegion = (region) => {
        this.#region = region;
        onReady();
      };
      this.picture = new Picture(mount, { onCell, onPanel, onRegion: onRegion ?? keepRegion }, onReady);
      this.#bar = new ColorBar(bar);
      this.#palettes = new Palettes(scales2);
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

  // dashboard/figure_view.ts
  function draw(session, view, epoch) {
    if (view === null) return;
    standIn(byId("figure"));
    put("moment", { variant: session.id, epoch, theme: theme() });
    put("panels", { variant: session.id, view });
  }

  // dashboard/form_field.ts
  var FormField = class {
    element;
    #keep = null;
    #opener = null;
    constructor(attributes = {}) {
      this.element = make("input", { type: "text", class: "note-field", hidden: true, ...attributes });
      this.element.addEventListener("blur", () => this.#close());
      this.element.addEventListener("keydown", (event) => {
        const { key } = event;
        const isKept = key === "Enter";
        if (!isKept && !(key === "Escape")) return;
        event.preventDefault();
        const [keep3, opener] = [this.#keep, this.#opener];
        this.#close();
        opener?.focus();
        if (isKept) keep3?.(this.element.value.trim());
      });
    }
    /** Ask for a text, which is `text` so far; `keep(text)` is called with what is kept. */
    open(opener, label, text, keep3) {
      this.#opener = opener;
      this.#keep = keep3;
      this.element.value = text;
      this.element.placeholder = label;
      this.element.setAttribute("aria-label", label);
      this.element.hidden = false;
      this.element.focus();
    }
    #close() {
      this.#keep = null;
      this.element.hidden = true;
    }
  };

  // dashboard/note_form.ts
  var LONGEST2 = 500;
  var NoteForm = class {
    #host;
    #button;
    #field = new FormField({ maxlength: LONGEST2 });
    constructor(host) {
      this.#host = host;
      this.#button = find(byId("page-explore"), '[data-action="note"]');
      this.#button.hidden = !canChange();
      this.#button.after(this.#field.element);
      this.#button.addEventListener("click", () => this.#open());
    }
    #open() {
      const { session, epoch } = this.#host;
      if (!session?.detail || epoch === null) return;
      const noted = session.detail.notes?.epochs[epoch] ?? "";
      this.#field.open(this.#button, notes.on(epoch), noted, (text) => void keep2(session, epoch, text));
    }
  };
  async function keep2(session, epoch, text) {
    const { problem } = await ask({ kind: "note", runs: [session.id], notes: { epochs: { [epoch]: text } } });
    if (problem) tell([notes.notKept(problem)]);
    else await session.look();
  }

  // dashboard/stage_height.ts
  var LEAST_OF_LOSSES = 110;
  var SHARE_OF_LOSSES = 0.27;
  var StageHeight = class {
    #explore;
    #stage;
    #loss;
    #enough = null;
    #isStale = true;
    /** `onResize()` is called when the stage in `explore` has to be fitted anew. */
    constructor(explore, onResize) {
      this.#explore = explore;
      this.#stage = find(explore, ".stage");
      this.#loss = find(explore, ".loss");
      const observer = new ResizeObserver(() => {
        this.#isStale = true;
        onResize();
      });
      for (const part of [this.#stage, this.#loss]) observer.observe(part);
    }
    /**
     * Give the stage no more than is `enough` for its panels, unless there is room for two rows of them. Reads the layout, which
     * is slow beside many panels, only if something changed.
     */
    fit(enough) {
      if (!this.#isStale && enough === this.#enough) return;
      this.#isStale = false;
      this.#enough = enough;
      const losses3 = Math.max(LEAST_OF_LOSSES, SHARE_OF_LOSSES * innerHeight);
      const room = this.#stage.clientHeight + this.#loss.clientHeight - losses3;
      const most = enough !== null && room < 2 * enough ? `${Math.ceil(enough)}px` : "";
      if (this.#explore.style.getPropertyValue("--stage-most") === most) return;
      this.#explore.style.setProperty("--stage-most", most);
      this.#explore.style.setProperty("--loss-most", most && "1fr");
    }
  };

  // dashboard/state_words.ts
  function stateWords(state2, detail) {
    const { epochs = [], analysed = 0 } = detail ?? {};
    const isPart = analysed < epochs.length && analysed > 0 && state2 !== "training";
    return isPart ? states.partlyAnalysed(state2, analysed, epochs.length) : state2;
  }
  function remark(detail, cache, epoch) {
    const isHere = cache?.get(epoch) !== void 0;
    if (detail.losses_problem && (!cache || isHere)) return detail.losses_problem;
    if (detail.notes_problem && (!cache || isHere)) return detail.notes_problem;
    if (!cache) return "";
    if (isHere) return cache.progress < 1 ? states.loadingPart(cache.progress) : "";
    return cache.failed.get(epoch) ?? (cache.exists(epoch) ? common.loading : states.checkpointNotAnalysed);
  }

  // dashboard/story.ts
  function storyAt(facts, epoch, newest) {
    return [story.now(epoch, now(facts, epoch)), next(facts, epoch, newest), lockedIn(facts, epoch)].filter(Boolean).join(" ");
  }
  function now(facts, epoch) {
    const { inputs, memorised_at: memorised, grokked_at: grokked } = facts;
    if (facts.even?.epoch === epoch && facts.even.heads) return evenly(facts.even);
    if (grokked !== null && epoch >= grokked) return story.grokked(grokked);
    if (memorised !== null && epoch >= memorised) return story.memorised(inputs, memorised);
    if (memorised !== null) return story.notYetMemorised(inputs);
    if (facts.test_accuracy === null) return story.notRecorded;
    return facts.has_train_accuracy ? story.notMemorised(inputs) : story.testIsLow;
  }
  function evenly({ heads, of }) {
    if (heads < of) return story.someEven(heads, of);
    return of === 1 ? story.onlyEven : story.allEven;
  }
  function next({ inputs, memorised_at, grokked_at, test_accuracy }, epoch, newest) {
    const isAhead = (at) => at !== null && at > epoch;
    const ahead = [
      ...isAhead(memorised_at) ? [story.memorises(inputs, memorised_at)] : [],
      ...isAhead(grokked_at) ? [story.groks(grokked_at)] : []
    ];
    const end = grokked_at === null && test_accuracy !== null ? [story.notGrokked(newest, test_accuracy)] : [];
    return [...ahead.length ? [story.ahead(ahead)] : [], ...end].join(" ");
  }
  function lockedIn({ lock_in: heads, last }, epoch) {
    const done = heads?.filter((at) => at !== null && at <= epoch).length ?? 0;
    return heads && done && last !== null ? story.lockedIn(done, heads.length, last) : "";
  }

  // dashboard/story_line.ts
  var KEPT = "headlapse-story";
  var DISMISSED = "dismissed";
  var StoryLine = class {
    #mount = byId("story");
    #words = byId("story-words");
    #onChange;
    /** `onChange()` is called when the line comes or goes. */
    constructor(onChange) {
      this.#onChange = onChange;
      this.#mount.hidden = isDismissed();
      onAction({ "dismiss-story": () => this.#keep(false), "show-story": () => this.#keep(true) });
    }
    /** Tell of an epoch; without facts the line stays empty. */
    show(facts, epoch, newest) {
      const words3 = facts ? storyAt(facts, epoch, newest) : "";
      if (this.#words.textContent === words3) return;
      this.#words.textContent = words3;
      this.#words.title = words3;
    }
    #keep(isShown) {
      try {
        if (isShown) localStorage.removeItem(KEPT);
        else localStorage.setItem(KEPT, DISMISSED);
      } catch {
      }
      this.#mount.hidden = !isShown;
      this.#onChange();
    }
  };
  function isDismissed() {
    try {
      return localStorage.getItem(KEPT) === DISMISSED;
    } catch {
      return false;
    }
  }

  // dashboard/explore.ts
  var REST_MS = 120;
  var Explore = class {
    timeline;
    session = null;
    #picker;
    #controls = new ViewControls("choices", "", [STRIPS]);
    #readout = new Readout(byId("readout"), "picture-title");
    #view;
    #height = new StageHeight(find(byId("page-explore"), ".explore"), () => this.#schedule());
    /** The grids in the colours of these marks, which do not change from frame to frame. */
    #colors = new MarkColors();
    #story;
    #problem = null;
    #check = new LinkCheck();
    #scheduled = 0;
    #rest;
    #resting = null;
    constructor(picker2) {
      this.#picker = picker2;
      this.timeline = new Timeline(byId("page-explore"), this);
      const calls = {
        onReady: () => this.#schedule(),
        onPanel: (panel, cell2 = null) => this.#open(panel, cell2),
        onRegion: (region) => set({ zoom: region && regionWords(region) })
      };
      this.#view = new View(byId("heads"), byId("color-bar"), scales(), calls);
      onTheme(() => this.#redraw());
      new NoteForm(this);
      this.#story = new StoryLine(() => this.#schedule());
    }
    /** Open the variant that the address names. */
    async open() {
      const { variant: variant2 } = get();
      this.session?.close();
      this.session = this.#problem = null;
      this.#check.restart();
      this.#view.picture.clear();
      if (variant2 !== null) {
        this.session = new Session(variant2, (problem) => this.#onSession(problem));
        await this.session.watch();
      }
      this.update();
    }
    /** The shown epoch: the one of the address, else the newest that can be shown. */
    get epoch() {
      const { epoch } = get();
      const epochs = (epoch === null ? this.panel?.epochs : null) ?? this.epochs;
      const index = nearest(epochs, epoch ?? Infinity);
      return index < 0 ? null : epochs[index];
    }
    /** The view that is shown. */
    get panel() {
      return this.#problem ? null : this.session?.panel(get().view) ?? null;
    }
    get epochs() {
      return this.#problem ? [] : this.session?.epochs ?? [];
    }
    get isLive() {
      return this.session?.isTraining ?? false;
    }
    get isFollowing() {
      return get().epoch === null;
    }
    asked(span2) {
      const { session, panel, epoch } = this;
      if (!session || !panel) return null;
      const values = valuesOf(session.controls(panel), get().options);
      const range = this.#cache?.range;
      if (values.color === "run" && range) values.color = range.join("..");
      const part = panel.shows === "grids" ? partOf(this.#region) : {};
      const at = span2 === "epoch" ? { epoch: String(epoch) } : {};
      return { of: session.id, query: { ...values, ...part, ...at, view: panel.view } };
    }
    isReady(epoch) {
      const { panel, session } = this;
      return (panel && session && this.#cache?.isSettled(session.framed(panel, epoch))) ?? true;
    }
    get isLogAxis() {
      return get().epochs === "log";
    }
    setLogAxis(isLog2) {
      set({ epochs: isLog2 ? "log" : "linear" });
    }
    go(epoch) {
      set({ epoch });
    }
    /** Keep the epoch that is shown beside the ones to come. */
    pin() {
      const { epoch, session } = this;
      if (session && epoch !== null) set({ page: "compare", with: `${session.id}@${epoch}`, epoch });
    }
    chooseNumber(index) {
      chooseNumber(this.panel?.controls ?? [], index);
    }
    /** Everything but the picture: called when the session or the state changed. */
    update() {
      const { session, panel } = this;
      this.#check.check("run", this.#facts);
      this.#check.check("names", this.#names);
      const asked2 = session?.unanalysed(get().view) ?? null;
      const found2 = find2(this.#picker, session, this.#problem, asked2);
      show(found2);
      const shows = found2 === null && panel ? panel.shows : null;
      byId("stage").hidden = shows !== "grids" && shows !== "lines";
      byId("stage").dataset.shows = shows ?? "";
      byId("figure").hidden = shows !== "figure";
      for (const part of ["readout", "story-words"]) byId(part).hidden = this.#problem !== null;
      byId("export").hidden = shows === null;
      byId("choices").hidden = shows === null && !asked2;
      this.#controls.show(session, asked2 ? null : panel, session?.panels ?? [], asked2 ?? panel);
      this.#showState();
      const there = this.#problem ? null : session;
      this.timeline.show(there?.series() ?? [], there?.detail?.marks ?? [], there?.last ?? 0, there?.scalars);
      this.timeline.showPlayer();
      this.#schedule();
    }
    /** Only the epoch changed. */
    move() {
      this.timeline.showPlayer();
      this.#schedule();
    }
    /** Show one panel alone, or what it opens. */
    #open(panel, cell2) {
      set(opened(panel, cell2, this.#cache?.shared?.grids ?? null, this.session?.panels ?? [], get()));
    }
    /** The part of the grids that is seen; null for all. */
    get #region() {
      const { axes } = this.#view;
      return axes && within(readRegion(get().zoom), axes);
    }
    get #cache() {
      const { session, panel } = this;
      if (!session || !panel || panel.shows === "figure") return null;
      const { options, head } = get();
      const isAlone = head !== null && panel.shows === "grids" && this.#isFine(panel);
      const size = this.#cells(panel, isAlone ? 1 : null);
      if (!size) return null;
      return session.cache(panel, options, { panel: isAlone ? head : null, size });
    }
    /** How many cells of all of a grid a side of one of `count` panels has room for, as it is zoomed; null for all panels. */
    #cells({ heads = [] }, count) {
      const { axes, picture: picture2 } = this.#view;
      const pixels = picture2.pixelsPerPanel(count ?? heads.length);
      return axes ? Math.ceil(pixels * magnification(readRegion(get().zoom), axes)) : pixels;
    }
    /** Whether all panels together are finer than the screen, so that one alone is asked for by itself. */
    #isFine(panel) {
      return (panel.cells ?? 0) > this.#cells(panel, null);
    }
    /** What the run has; null while it is not known, and where other runs are looked at. */
    get #facts() {
      const { session, panel } = this;
      if (!session?.detail || get().page !== "explore") return null;
      const { panels, epochs } = session;
      return { panels, panel, controls: session.controls(panel), epochs };
    }
    /** The names of controls, on a page without a picture. */
    get #names() {
      const { page, wall: wall2 } = get();
      const hasPicture = page === "explore" || page === "compare" || page === "runs" && wall2 !== null;
      return this.session?.detail && !hasPicture ? namesOf(this.session.panels) : null;
    }
    #onSession(problem) {
      this.#problem = problem;
      this.update();
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
      if (get().page === "explore") document.title = common.tab([session.detail.label, common.epoch(epoch)]);
      const { panel } = this;
      const cache = this.#cache;
      const framed2 = panel ? session.framed(panel, epoch) : epoch;
      cache?.look(framed2);
      const frame = cache?.get(framed2);
      if (cache) this.#paint(session, epoch, frame, cache);
      this.#check.check("axes", sizesOf(cache?.shared?.grids));
      this.#height.fit(this.#view.picture.enough);
      this.#read(session, epoch, framed2);
      this.#story.show(session.detail.story ?? null, epoch, session.epochs[session.epochs.length - 1] ?? epoch);
      this.#restLater(epoch, cache);
    };
    #paint(session, epoch, frame, cache) {
      const { options, head, beside: beside2, zoom } = get();
      this.#view.paint(frame, {
        grids: this.#colors.of(cache.shared?.grids ?? null, session.detail?.marks ?? []),
        controls: session.controls(this.panel),
        choices: { ...options, beside: beside2 },
        panel: head,
        region: readRegion(zoom),
        epoch,
        range: () => cache.range
      });
    }
    #read(session, epoch, framed2) {
      const cache = this.#cache;
      const [train, test] = session.lossesAt(epoch);
      const note = session.detail ? remark(session.detail, cache, framed2) : "";
      const constant = constantWords(cache?.extentOf(framed2) ?? null);
      this.#readout.show({ epoch, subject: cache?.subjectAt(framed2) ?? "", train, test, note: note || constant });
    }
    /** Once the eye rests, paint and read the artifact's own float32 numbers. */
    #restLater(epoch, cache) {
      if (this.#resting?.epoch === epoch && this.#resting.cache === cache) return;
      this.#resting = { epoch, cache };
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => {
        this.#resting = null;
        const { session, panel } = this;
        if (!session || !panel) return;
        if (!this.timeline.player.direction && this.epoch !== null)
          void this.#cache?.fetchExact(session.framed(panel, this.epoch));
        if (panel.shows === "figure") draw(session, panel.view, this.epoch);
      }, REST_MS);
    }
    #showState() {
      const detail = this.#problem ? null : this.session?.detail ?? null;
      const state2 = detail?.state ?? this.#picker.entry(get().variant)?.state ?? "";
      byId("variant-state").dataset.state = state2;
      byId("variant-state").textContent = stateWords(state2, detail);
    }
  };

  // dashboard/fold.ts
  function foldButton() {
    const attributes = { type: "button", class: "text-button fold", "data-action": "fold", "aria-expanded": "false" };
    return make("button", attributes, controls.fold);
  }
  function toggle(button) {
    show2(button, button.getAttribute("aria-expanded") !== "true");
  }
  function install() {
    document.addEventListener("pointerdown", ({ target }) => closeOthers(target));
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") closeOthers(null);
    });
  }
  var show2 = (button, isOpen) => button.setAttribute("aria-expanded", String(isOpen));
  function closeOthers(target) {
    if (target instanceof Element && target.closest(".fold, .choices, .export")) return;
    for (const button of document.querySelectorAll(".fold[aria-expanded=true]")) show2(button, false);
  }

  // dashboard/guide.ts
  var AT = `${folder}assets/guide/`;
  function install2(help) {
    const dialog = byId("guide");
    const open3 = async () => {
      help.close();
      await load3(find(dialog, ".guide-content"));
      dialog.showModal();
    };
    onAction({
      guide: () => void open3(),
      "close-guide": () => dialog.close(),
      "show-story": () => dialog.close()
    });
  }
  async function load3(content) {
    if (content.querySelector("section")) return;
    const answer = await fetch(`${AT}guide.html`).catch(() => null);
    content.replaceChildren(...answer?.ok ? partsOf(await answer.text()) : [make("p", {}, api.noAnswer)]);
  }
  function partsOf(text) {
    const { body } = new DOMParser().parseFromString(text, "text/html");
    for (const picture2 of body.querySelectorAll("img")) picture2.src = AT + picture2.getAttribute("src");
    return [...body.children];
  }

  // dashboard/job_cards.ts
  var ACTIONS = {
    cancelJob: (job) => void cancel(job),
    continueJob: (job) => void start({ kind: "again", job }),
    openRun: (variant2) => set({ page: "explore", variant: variant2, epoch: null, head: null })
  };
  var PRESSED = "[data-cancel-job]:not(:disabled), [data-continue-job], [data-open-run]";
  var STILL = 10;
  function install3() {
    let press = null;
    document.addEventListener("click", (event) => {
      const element = elementAt(event.target);
      if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      act(element);
    });
    document.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
      const element = elementAt(target);
      press = element && { element, x: clientX, y: clientY };
    });
    document.addEventListener("pointerup", ({ clientX, clientY }) => {
      if (!press || press.element.isConnected || Math.hypot(clientX - press.x, clientY - press.y) > STILL) return;
      const successor = successorOf(press.element);
      if (successor) act(successor);
    });
  }
  var successorOf = (element) => [...document.querySelectorAll(PRESSED)].find((other) => keyOf2(other) === keyOf2(element));
  var elementAt = (target) => target instanceof Element ? target.closest(PRESSED) : null;
  var keyOf2 = ({ dataset }) => JSON.stringify(Object.keys(ACTIONS).map((name2) => dataset[name2]));
  function act({ dataset }) {
    for (const [name2, action] of Object.entries(ACTIONS)) {
      const value = dataset[name2];
      if (value !== void 0) action(value);
    }
  }

  // dashboard/job_form.ts
  var FORM = "job-form";
  var CHOICE = "[role=option]";
  var MARKED = "[aria-invalid=true]";
  function install4() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || form.id !== FORM) return;
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      void setProps("job-training", { data: { fields, asked: Date.now() } });
      form.querySelector(MARKED)?.focus();
    });
    document.addEventListener("input", ({ target }) => target instanceof Element && target.closest(`#${FORM}`) && forget());
    document.addEventListener("click", ({ target }) => target instanceof Element && target.closest(CHOICE) && forget());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && isChoice(event.target)) event.preventDefault();
    });
  }
  var isChoice = (target) => target instanceof HTMLInputElement && target.readOnly && target.form?.id === FORM;
  function forget() {
    if (document.getElementById("job-message")?.textContent) void setProps("job-message", { children: "" });
  }

  // dashboard/job_logs.ts
  var AT_END = 4;
  var open = /* @__PURE__ */ new Map();
  function install5() {
    const page = byId("page-jobs");
    page.addEventListener("toggle", ({ target }) => toggled(target), true);
    page.addEventListener("scroll", ({ target }) => scrolled(target), true);
    new MutationObserver((changes) => {
      if (changes.some(({ target }) => !(target instanceof HTMLPreElement))) renew(page);
    }).observe(page, { childList: true, subtree: true });
  }
  var nameOf2 = (details) => details.dataset.logOf ?? "";
  function toggled(target) {
    if (!(target instanceof HTMLDetailsElement) || !target.isConnected) return;
    if (!target.open) open.delete(nameOf2(target));
    else if (!open.has(nameOf2(target))) {
      open.set(nameOf2(target), { text: "", top: null });
      void read4(target);
    }
  }
  function scrolled(target) {
    if (!(target instanceof HTMLPreElement)) return;
    const log = open.get(nameOf2(target.parentElement));
    const { scrollTop, scrollHeight, clientHeight } = target;
    if (log) log.top = scrollTop + clientHeight >= scrollHeight - AT_END ? null : scrollTop;
  }
  function renew(page) {
    for (const details of page.querySelectorAll("[data-log-of]")) {
      const log = open.get(nameOf2(details));
      if (!log) continue;
      details.open = true;
      show3(details, log);
      void read4(details);
    }
  }
  async function read4(details) {
    const [text, log] = [await answered(jobLog(nameOf2(details))), open.get(nameOf2(details))];
    if (text === null || !log) return;
    log.text = text || jobs.noOutput;
    show3(details, log);
  }
  function show3(details, { text, top }) {
    const pre = details.querySelector("pre");
    if (!pre) return;
    if (pre.textContent !== text) pre.textContent = text;
    pre.scrollTop = top ?? pre.scrollHeight;
  }

  // dashboard/menus.ts
  var OPEN = "details.export[open]";
  var MARGIN2 = 8;
  function install6() {
    document.addEventListener("toggle", ({ target }) => placeIfOpen(target), true);
    window.addEventListener("resize", () => open2().forEach(place3));
    document.addEventListener("pointerdown", ({ target }) => {
      for (const menu of open2()) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") open2().forEach(close);
    });
  }
  var open2 = () => [...document.querySelectorAll(OPEN)];
  function close(menu) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    menu.open = false;
  }
  function placeIfOpen(target) {
    if (target instanceof HTMLDetailsElement && target.matches(OPEN)) place3(target);
  }
  function place3(menu) {
    const list = menu.querySelector(".menu");
    if (!list) return;
    list.style.left = "0";
    const { right, top } = list.getBoundingClientRect();
    list.style.left = `${Math.min(0, document.documentElement.clientWidth - MARGIN2 - right)}px`;
    list.style.maxHeight = `${window.innerHeight - MARGIN2 - top}px`;
  }

  // dashboard/spark.ts
  function sparkPoints(curves, { width, height }) {
    const known2 = curves.map(
      ({ x, y: y2 }) => Array.from(x, (epoch, i) => [epoch, y2[i]]).filter(([, loss]) => isOnLogAxis(loss))
    );
    const powers = known2.flatMap((points) => points.map(([, loss]) => Math.log10(loss)));
    const [low, high] = [Math.min(...powers), Math.max(...powers)];
    const last = Math.max(1, ...known2.flatMap((points) => points.map(([epoch]) => epoch)));
    const y = (loss) => high > low ? (high - Math.log10(loss)) / (high - low) * height : height / 2;
    return known2.map((points) => points.map(([epoch, loss]) => [epoch / last * width, y(loss)]));
  }

  // dashboard/glance_cell.ts
  var SPARK = { width: 76, height: 22 };
  var INSET = 1;
  function glanceCell(glance2, theme2) {
    const parts4 = glance2 ? [spark(glance2, theme2), ...glance2.strip ? [strip2(glance2.strip)] : []] : [];
    return make("td", { class: "glance" }, ...parts4);
  }
  function spark({ train, test }, theme2) {
    const words3 = runs.sparkline(fromTo(test), fromTo(train));
    const canvas = make("canvas", { class: "spark", role: "img", "aria-label": words3, title: words3 });
    const context = fit(canvas, SPARK.width, SPARK.height);
    context.translate(INSET, INSET);
    const points = sparkPoints([train, test], { width: SPARK.width - 2 * INSET, height: SPARK.height - 2 * INSET });
    points.forEach((line, i) => {
      context.strokeStyle = cssValue(theme2, i === 0 ? "--train" : "--test");
      context.beginPath();
      for (const [x, y] of line) context.lineTo(x, y);
      context.stroke();
    });
    return canvas;
  }
  function strip2({ subject, epochs, size: [rows, columns], hasGaps, cells }) {
    const words3 = `${subject} at ${epochs.length === 1 ? "epoch" : "epochs"} ${epochs.map(epochWords).join(", ")}`;
    const steps = bytesOf(cells);
    const { stops, sequential } = scales();
    const palette = Palette.of(stops[sequential], [0, 1]);
    const frames2 = epochs.map((_, i) => {
      const canvas = make("canvas", { width: columns, height: rows });
      const image = new ImageData(columns, rows);
      const frame = frameOf(steps.subarray(i * rows * columns, (i + 1) * rows * columns), [0, 1], hasGaps);
      palette.paint(frame, columns, "upper", new Uint32Array(image.data.buffer));
      contextOf(canvas).putImageData(image, 0, 0);
      return canvas;
    });
    return make("span", { class: "glance-strip", role: "img", "aria-label": words3, title: words3 }, ...frames2);
  }
  function fromTo({ y }) {
    const [first, last] = [y[0], y[y.length - 1]].map((loss) => lossWords(loss ?? null));
    return `${first} → ${last}`;
  }

  // dashboard/glances.ts
  var AT_ONCE = 3;
  var Glances = class {
    #kept = /* @__PURE__ */ new Map();
    #onArrival;
    #wanted = [];
    #busy = 0;
    /** `onArrival()` is called whenever one came. */
    constructor(onArrival) {
      this.#onArrival = onArrival;
    }
    /** The glance of a run, as far as it is here. */
    of(id) {
      return this.#kept.get(id)?.glance ?? null;
    }
    /** Get what is missing of these rows, and nothing else that was wanted before. */
    want(table, rows) {
      const [ids, epochs, states2] = ["id", "epoch", "state"].map((column) => valuesOf2(table, column));
      const wanted = usable(table, rows).map((row) => [String(ids[row]), `${epochs[row]} ${states2[row]}`]);
      this.#wanted = wanted.filter(([id, stand]) => this.#kept.get(id)?.stand !== stand);
      for (let free = AT_ONCE - this.#busy; free > 0; free--) void this.#next();
    }
    async #next() {
      const [[id, stand] = [null, ""], ...others] = this.#wanted;
      if (id === null) return;
      this.#wanted = others;
      this.#busy += 1;
      this.#kept.set(id, { stand, glance: this.of(id) });
      const glance2 = await found(id);
      this.#kept.set(id, { stand, glance: glance2 });
      this.#busy -= 1;
      this.#onArrival();
      void this.#next();
    }
  };
  async function found(id) {
    try {
      return await glance(id);
    } catch (error) {
      if (error instanceof ApiError) return null;
      throw error;
    }
  }

  // dashboard/run_actions.ts
  var tagsOf = (text) => [
    ...new Set(
      text.split(",").map((tag) => tag.trim()).filter(Boolean)
    )
  ];
  var RunActions = class {
    #chosen;
    #onLeave;
    #onDone;
    #field = new FormField();
    /**
     * `chosen()` are the chosen runs; `onLeave()` is called with those that are to leave the table, at once, and `onDone()` when
     * some were changed, deleted or put back.
     */
    constructor(chosen2, onLeave, onDone) {
      this.#chosen = chosen2;
      this.#onLeave = onLeave;
      this.#onDone = onDone;
      byId("run-actions").append(this.#field.element);
      onAction({
        "label-run": (button) => this.#label(button),
        "tag-runs": (button) => this.#tag(button),
        "hide-runs": () => this.#hide(),
        "delete-runs": () => void this.#delete()
      });
    }
    /** Offer what can be done with the chosen runs. */
    show() {
      const actions = byId("run-actions");
      const table = () => [byId("run-list")];
      keepFocus(actions, () => this.#offer(actions), table);
    }
    #offer(actions) {
      const chosen2 = this.#chosen();
      actions.hidden = !canChange() || !chosen2.length;
      byId("label-run").disabled = chosen2.length !== 1;
      byId("hide-runs").textContent = this.#areHidden ? runs.unhide : runs.hide;
    }
    get #areHidden() {
      return this.#chosen().every(({ isHidden }) => isHidden);
    }
    #label(button) {
      const [run2] = this.#chosen();
      this.#field.open(button, runs.label, run2.label, (label) => this.#note([run2.id], { label }));
    }
    #tag(button) {
      const chosen2 = this.#chosen();
      const same = chosen2.every(({ tags }) => tags === chosen2[0].tags) ? chosen2[0].tags : "";
      const ids = chosen2.map(({ id }) => id);
      this.#field.open(button, runs.tags, same, (text) => this.#note(ids, { tags: tagsOf(text) }));
    }
    #hide() {
      const ids = this.#chosen().map(({ id }) => id);
      this.#note(ids, { is_hidden: !this.#areHidden });
      this.#onLeave(ids);
    }
    async #delete() {
      const ids = this.#chosen().map(({ id }) => id);
      const asked2 = ask({ kind: "trash", runs: ids });
      this.#onLeave(ids);
      const { problem, done } = await asked2;
      const sentences2 = [...done.length ? [runs.inTrash(done.length)] : [], ...problem ? [problem] : []];
      const undo = done.length ? { label: runs.undo, act: () => void this.#restore(done) } : null;
      say(sentences2, undo);
      focusOffer();
      this.#onDone();
    }
    async #restore(runs3) {
      const { problem, done } = await ask({ kind: "restore", runs: runs3 });
      say([runs.putBack(done.length), ...problem ? [problem] : []]);
      focusFirst([byId("run-list")]);
      this.#onDone();
    }
    #note(runs3, notes2) {
      void ask({ kind: "note", runs: runs3, notes: notes2 }).then(({ problem }) => {
        if (problem) say([problem]);
        this.#onDone();
      });
    }
  };

  // dashboard/shown_row.ts
  var ShownRow = class {
    element;
    #box;
    #first;
    #cells = /* @__PURE__ */ new Map();
    // by column and words
    constructor(id, run2) {
      this.#box = make("input", { type: "checkbox", "aria-label": runs.select(run2) });
      this.#first = make("td", {}, this.#box);
      this.element = make("tr", { "data-id": id }, this.#first);
    }
    /** Show these words, with `glance` beside the name of the run. */
    show(place4, isSelected, words3, glance2) {
      this.#box.checked = isSelected;
      this.element.setAttribute("aria-rowindex", String(place4 + 2));
      const keyed = words3.map((each) => [JSON.stringify(each), each]);
      this.#cells = new Map(keyed.map(([key, each]) => [key, this.#cells.get(key) ?? cell(each)]));
      const cells = [...this.#cells.values()];
      cells.splice(words3.findIndex(({ column }) => column === "run") + 1, 0, glance2);
      arrange(this.element, [this.#first, ...cells]);
    }
  };
  function cell({ column, text, isNumber }) {
    if (column === "run")
      return make("td", { class: "run" }, make("button", { type: "button", class: "run-name", title: text }, ...breakable(text)));
    if (column === "state") return make("td", {}, make("span", { class: "state", "data-state": text }, text));
    return make("td", { class: isNumber ? "number" : "" }, text);
  }
  var breakable = (name2) => name2.split(/(?<=_)/).flatMap((part) => [part, make("wbr")]);

  // dashboard/run_list.ts
  var ROW_HEIGHT = 30;
  var SPARE = 10;
  var RunList = class {
    #mount;
    #head = make("tr");
    #body = make("tbody");
    #above = make("tr", { "aria-hidden": "true" }, make("td"));
    #below = make("tr", { "aria-hidden": "true" }, make("td"));
    #calls;
    #content = null;
    #rows = /* @__PURE__ */ new Map();
    // those in the document, by the id of the run
    #scheduled = 0;
    constructor(mount, calls) {
      this.#mount = mount;
      this.#calls = calls;
      const table = make("table", { "aria-label": runs.table }, make("thead", {}, this.#head), this.#body);
      mount.replaceChildren(table);
      markEdges(mount);
      mount.addEventListener("scroll", () => this.#schedule());
      new ResizeObserver(() => this.#schedule()).observe(mount);
      this.#body.addEventListener("change", (event) => this.#choose(event.target));
      this.#body.addEventListener("click", (event) => this.#open(event));
    }
    show(content) {
      const isNew = JSON.stringify([this.#content?.columns, this.#content?.order]) !== JSON.stringify([content.columns, content.order]);
      this.#content = content;
      if (isNew) this.#showHead(content);
      this.#draw();
    }
    #showHead({ columns, order, table }) {
      const numbers = numeric(table);
      const cells = columns.map((column) => {
        const direction = order?.column === column ? order.isDescending ? "descending" : "ascending" : "none";
        const button = make("button", { type: "button", class: "sort" }, heading(column));
        button.addEventListener("click", () => this.#calls.onOrder({ column, isDescending: direction === "ascending" }));
        return make("th", { scope: "col", "aria-sort": direction, class: numbers.includes(column) ? "number" : column }, button);
      });
      cells.splice(columns.indexOf("run") + 1, 0, make("th", { scope: "col", class: "glance" }, runs.glance));
      const focused = [...this.#head.children].indexOf(document.activeElement?.parentElement);
      this.#head.replaceChildren(
        make("th", { scope: "col" }, make("span", { class: "hidden-words" }, runs.selected)),
        ...cells
      );
      if (focused > 0) this.#head.children[focused]?.querySelector("button")?.focus();
    }
    /** Draw the rows anew, since a cell of one changed. */
    redraw() {
      this.#schedule();
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(() => {
        this.#scheduled = 0;
        this.#draw();
      });
    }
    #draw() {
      if (!this.#content) return;
      const { arranged: arranged2 } = this.#content;
      const first = Math.max(0, Math.floor(this.#mount.scrollTop / ROW_HEIGHT) - SPARE);
      const last = Math.min(arranged2.length, first + Math.ceil(this.#mount.clientHeight / ROW_HEIGHT) + 2 * SPARE);
      const focused = document.activeElement?.closest("tr")?.dataset.id;
      const rows = arranged2.slice(first, last).map((row, index) => this.#row(row, first + index));
      this.#rows = new Map(rows);
      this.#calls.onSeen(arranged2.slice(first, last));
      const elements = rows.map(([, { element }]) => element);
      arrange(this.#body, [...gap(this.#above, first), ...elements, ...gap(this.#below, arranged2.length - last)]);
      if (focused && !this.#body.contains(document.activeElement)) this.#focus(focused);
    }
    /** Focus a run's row, or the table where the row is no longer there. */
    #focus(id) {
      const box = this.#body.querySelector(`tr[data-id="${CSS.escape(id)}"] input`);
      (box ?? this.#mount).focus({ preventScroll: true });
    }
    /** The id and the row of a run. */
    #row(number, place4) {
      const { table, columns, selected } = this.#content;
      const values = table.rows[number];
      const value = (column) => values[table.columns.indexOf(column)] ?? null;
      const id = String(value("id"));
      const row = this.#rows.get(id) ?? new ShownRow(id, String(value("run")));
      const shown = columns.map((column) => ({
        column,
        text: column === "run" ? nameInTable(table, values) : words(column, value(column)),
        isNumber: typeof value(column) !== "string"
      }));
      row.show(place4, selected.has(id), shown, this.#calls.cell(id));
      return [id, row];
    }
    #choose(target) {
      const id = target instanceof Element ? target.closest("tr")?.dataset.id : void 0;
      if (id) this.#calls.onSelect(id);
    }
    #open(event) {
      const name2 = event.target instanceof Element ? event.target.closest(".run-name") : null;
      const id = name2?.closest("tr")?.dataset.id;
      if (id) this.#calls.onOpen(id);
    }
  };
  function gap(row, count) {
    row.style.height = `${count * ROW_HEIGHT}px`;
    return count > 0 ? [row] : [];
  }

  // dashboard/scatter_points.ts
  function scatterOf(table, rows, x, y, by) {
    const [xs, ys, groups] = [valuesOf2(table, x), valuesOf2(table, y), by === null ? [] : valuesOf2(table, by)];
    const points = rows.flatMap((row) => pointOf(row, xs[row], ys[row]));
    const found2 = Map.groupBy(points, ({ row }) => groups[row] ?? null);
    const names2 = [...found2.keys()].sort(byValue);
    return {
      groups: names2.map((value) => groupOf(by === null ? runs.all : `${value ?? "–"}`, found2.get(value) ?? [])),
      n: points.length,
      missing: rows.length - points.length
    };
  }
  function pointOf(row, x, y) {
    return typeof x === "number" && typeof y === "number" ? [{ row, x, y }] : [];
  }
  function groupOf(name2, points) {
    const columns = [...Map.groupBy(points, ({ x }) => x)].sort(([one], [other]) => one - other);
    const hasShared = columns.some(([, shared]) => shared.length > 1);
    return { name: name2, points, summaries: hasShared ? columns.map(([x, shared]) => summaryOf(x, shared)) : [] };
  }
  function summaryOf(x, points) {
    const n = points.length;
    const mean = points.reduce((sum, { y }) => sum + y, 0) / n;
    const squares = points.reduce((sum, { y }) => sum + (y - mean) ** 2, 0);
    return { x, mean, spread: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
  }
  function byValue(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), "en", { numeric: true });
  }
  function axisOf(values, isLog2) {
    const known2 = isLog2 ? values.filter((value) => value > 0).map(Math.log10) : values;
    if (!known2.length) return [0, 1];
    const low = known2.reduce((least, value) => Math.min(least, value), Infinity);
    const high = known2.reduce((most, value) => Math.max(most, value), -Infinity);
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    return [low - room, high + room];
  }

  // dashboard/plot_axes.ts
  var SVG2 = "http://www.w3.org/2000/svg";
  var FEW = 6;
  var ROOM3 = { left: 64, right: 18, top: 26, bottom: 46 };
  function scaleOf(values, isLog2, [from, to], areCounts) {
    const [low, high] = axisOf(values, isLog2);
    const placed2 = (value) => from + (value - low) / (high - low) * (to - from);
    const words3 = (tick) => isLog2 ? powerWords(tick) : areCounts ? epochWords(tick) : valueWords(tick, 4);
    const distinct2 = [...new Set(values)];
    const steps = distinct2.length <= FEW && !isLog2 ? distinct2 : niceTicks(low, high, 6).filter((tick) => !(isLog2 || areCounts) || Number.isInteger(tick));
    return {
      at: (value) => placed2(isLog2 ? value > 0 ? Math.log10(value) : low : value),
      ticks: steps.map((tick) => ({ place: placed2(tick), words: words3(tick) }))
    };
  }
  function framed(mount, label, { width, height }, scales2, axes) {
    const plot = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    plot.style.font = `11px ${getComputedStyle(mount).fontFamily}`;
    const ink = cssValue(mount, "--text");
    plot.append(...grid(scales2.x, scales2.y, { width, height }, mount), ...names(axes, { width, height }, ink));
    return plot;
  }
  function grid(x, y, { width, height }, mount) {
    const [soft, line] = [cssValue(mount, "--soft"), cssValue(mount, "--grid")];
    const bottom = height - ROOM3.bottom;
    const across = x.ticks.flatMap(({ place: place4, words: words3 }) => [
      svg("path", { d: `M${place4},${ROOM3.top}V${bottom}`, stroke: line }),
      svg("text", { x: place4, y: bottom + 16, fill: soft, "text-anchor": "middle" }, words3)
    ]);
    const up = y.ticks.flatMap(({ place: place4, words: words3 }) => [
      svg("path", { d: `M${ROOM3.left},${place4}H${width - ROOM3.right}`, stroke: line }),
      svg("text", { x: ROOM3.left - 8, y: place4 + 4, fill: soft, "text-anchor": "end" }, words3)
    ]);
    return [...across, ...up];
  }
  function names({ x, y }, { width, height }, ink) {
    const middle = (ROOM3.left + width - ROOM3.right) / 2;
    return [
      svg("text", { x: middle, y: height - 10, fill: ink, "text-anchor": "middle" }, x),
      svg("text", { x: ROOM3.left, y: 14, fill: ink }, y)
    ];
  }
  var isCount = (name2) => /epoch|lock-in|frequency|seed|modulus/.test(name2);
  function svg(tag, attributes = {}, text = "") {
    const element = document.createElementNS(SVG2, tag);
    for (const [name2, value] of Object.entries(attributes)) element.setAttribute(name2, String(value));
    if (text) element.append(text);
    return element;
  }
  function save2(plot, name2) {
    const copy = plot.cloneNode(true);
    copy.setAttribute("xmlns", SVG2);
    saveAs(new Blob([copy.outerHTML], { type: "image/svg+xml" }), `${name2}.svg`);
  }

  // dashboard/loss_plot.ts
  var AXES = { x: losses.axis, y: losses.test };
  var LEAST5 = { width: 800, height: 450 };
  var LINE = 15;
  function lossPlot(mount, series, names2) {
    const [width, height] = [Math.max(mount.clientWidth, LEAST5.width), Math.max(mount.clientHeight, LEAST5.height)];
    const last = Math.max(1, ...series.map(({ x: x2 }) => x2[x2.length - 1] ?? 0));
    const powers = decades(series).map((power) => 10 ** power);
    const x = scaleOf(
      [0, ...Array.from({ length: 8 }, (_, i) => last * (i + 1) / 8)],
      false,
      [ROOM3.left, width - ROOM3.right],
      true
    );
    const y = scaleOf(powers, true, [height - ROOM3.bottom, ROOM3.top], false);
    const plot = framed(mount, losses.testPlot(series.length), { width, height }, { x, y }, AXES);
    for (const one of series) {
      const kept = envelope(one, 0, last, Math.ceil(width));
      const stroke = one.color.startsWith("--") ? cssValue(mount, one.color) : one.color;
      const points = kept.map((i) => `${x.at(one.x[i]).toFixed(1)},${y.at(one.y[i]).toFixed(1)}`).join(" ");
      plot.append(svg("polyline", { points, fill: "none", stroke, "stroke-width": one.width }));
    }
    plot.append(...legend(mount, series, names2, width));
    return plot;
  }
  function legend(mount, series, names2, width) {
    const named = series.flatMap((one, index) => names2[index] ? [{ color: one.color, name: names2[index] }] : []);
    return named.map(({ color, name: name2 }, place4) => {
      const at = { x: width - ROOM3.right - 6, y: ROOM3.top + LINE * (place4 + 1) };
      return svg("text", { ...at, fill: cssValue(mount, color), "text-anchor": "end" }, name2);
    });
  }

  // dashboard/run_losses.ts
  var MOST3 = 64;
  var COLORS = ["--run-0", "--run-1", "--run-2", "--run-3"];
  var RunLosses = class {
    #mount = byId("run-losses");
    #chart = new LineChart(this.#mount, losses.testChart, () => {
    });
    #losses;
    #shown = { series: [], names: [] };
    constructor(losses3) {
      this.#losses = losses3;
      onAction({
        "save-losses": () => save2(lossPlot(this.#mount, this.#shown.series, this.#shown.names), "test-losses")
      });
    }
    /** Show the first of `rows`, and all of `selected`. */
    async show(table, rows, selected) {
      const shown = [.../* @__PURE__ */ new Set([...selected, ...rows.slice(0, MOST3)])];
      const draw2 = () => this.#draw(table, shown, selected, rows.length);
      draw2();
      await this.#losses.load(table, shown, draw2);
    }
    #draw(table, shown, selected, all) {
      const ids = valuesOf2(table, "id").map(String);
      const front = shown.filter((row) => selected.has(row));
      const behind = shown.filter((row) => !selected.has(row));
      const curves = [
        ...behind.map((row) => ({ row, color: "--faint", width: 1, name: null })),
        ...front.map((row, index) => ({ row, color: COLORS[index % COLORS.length], width: 2, name: calledAs(table, row) }))
      ].flatMap(({ row, name: name2, ...style }) => this.#losses.series(ids[row], style).map((one) => ({ one, name: name2 })));
      const series = curves.map(({ one }) => one);
      this.#shown = { series, names: curves.map(({ name: name2 }) => name2) };
      const last = series.reduce((most, { x }) => Math.max(most, x[x.length - 1] ?? 0), 0);
      this.#chart.show({ series, marks: [], stops: [], last });
      const part = behind.length < all - front.length ? runs.firstOf(behind.length, all) : "";
      byId("run-losses-words").textContent = losses.test + part + (front.length ? runs.selectedInColour : "");
    }
  };

  // dashboard/scatter.ts
  var RADIUS = 4;
  function scatterPlot(mount, scatter, axes, looks) {
    const { clientWidth: width, clientHeight: height } = mount;
    const points = scatter.groups.flatMap(({ points: points2 }) => points2);
    const spreads = scatter.groups.flatMap(
      ({ summaries }) => summaries.flatMap((s) => [s.mean - (s.spread ?? 0), s.mean + (s.spread ?? 0)])
    );
    const x = scaleOf(
      points.map((point) => point.x),
      axes.isLogX,
      [ROOM3.left, width - ROOM3.right],
      isCount(axes.x)
    );
    const y = scaleOf(
      [...points.map((point) => point.y), ...spreads],
      axes.isLogY,
      [height - ROOM3.bottom, ROOM3.top],
      isCount(axes.y)
    );
    const ink = cssValue(mount, "--text");
    const label = runs.scatter(axes.y, axes.x, scatter.n);
    const plot = framed(mount, label, { width, height }, { x, y }, axes);
    scatter.groups.forEach((group, index) => {
      plot.append(...drawn(group, axes.colors[index % axes.colors.length], x, y, looks, ink));
    });
    return plot;
  }
  function drawn(group, color, x, y, looks, ink) {
    const points = group.points.map(({ row, x: across, y: up }) => {
      const isSelected = looks.selected.has(row);
      const point = svg("circle", {
        cx: x.at(across),
        cy: y.at(up),
        r: isSelected ? RADIUS + 2 : RADIUS,
        fill: color,
        "fill-opacity": 0.6
      });
      if (isSelected) point.setAttribute("stroke", ink);
      point.append(svg("title", {}, looks.nameOf(row)));
      point.addEventListener("click", () => looks.onPoint(row));
      point.style.cursor = "pointer";
      return point;
    });
    const bars = group.summaries.flatMap(({ x: across, mean, spread: spread2, n }) => {
      const [place4, middle] = [x.at(across), y.at(mean)];
      const line = svg("path", { d: `M${place4 - 9},${middle}h18`, stroke: color, "stroke-width": 2.5 });
      line.append(svg("title", {}, runs.mean(group.name, valueWords(mean, 4), n)));
      const ends = spread2 === null ? [] : [y.at(mean - spread2), y.at(mean + spread2)];
      return [
        line,
        ...ends.length ? [svg("path", { d: `M${place4},${ends[0]}V${ends[1]}`, stroke: color, "stroke-width": 1.25 })] : []
      ];
    });
    return [...bars, ...points];
  }

  // dashboard/run_scatter.ts
  var COLORS2 = ["--run-0", "--run-1", "--run-2", "--run-3", "--test", "--train"];
  var RunScatter = class {
    #mount = byId("run-plot");
    #words = byId("run-plot-words");
    #choices;
    #onPoint;
    #plot = null;
    /** `onPoint(row)` is called when the point of a row is chosen. */
    constructor(onPoint) {
      this.#onPoint = onPoint;
      this.#choices = { plot_y: select("plot_y"), plot_x: select("plot_x"), plot_by: select("plot_by") };
      onAction({ "save-plot": () => this.#plot && save2(this.#plot, "runs") });
    }
    show(table, rows, selected) {
      const found2 = plotted(table, asked(get()));
      if (!found2) return;
      const { plot_x: x, plot_y: y } = found2;
      const by = found2.plot_by === NOTHING2 ? null : found2.plot_by;
      offer(this.#choices.plot_y, numeric(table), y);
      offer(this.#choices.plot_x, numeric(table), x);
      offer(this.#choices.plot_by, [NOTHING2, ...groupable(table)], found2.plot_by);
      const scatter = scatterOf(table, rows, x, y, by);
      const name2 = (row) => `${calledAs(table, row)}: ${[x, y].map((c) => `${heading(c)} ${words(c, valuesOf2(table, c)[row])}`).join(", ")}`;
      const colors2 = COLORS2.map((variable) => cssValue(this.#mount, variable));
      const axes = { x: heading(x), y: heading(y), isLogX: isLog(x), isLogY: isLog(y), colors: colors2 };
      this.#plot = scatterPlot(this.#mount, scatter, axes, { selected, nameOf: name2, onPoint: this.#onPoint });
      this.#mount.replaceChildren(this.#plot);
      const hasMeans = scatter.groups.some(({ summaries }) => summaries.length);
      const legend2 = by === null ? [] : scatter.groups.map(
        (group, i) => legendOf(runs.group(heading(by), group.name, group.points.length), colors2[i % colors2.length])
      );
      this.#words.replaceChildren(runs.scatterCounts(scatter.n, scatter.missing, hasMeans), ...legend2);
    }
  };
  var isLog = (name2) => name2.endsWith("_loss") || name2 === "lr";
  function select(field) {
    const found2 = byId(field.replace("_", "-"));
    found2.addEventListener("change", () => set({ [field]: found2.value }));
    return found2;
  }
  function offer(choice2, names2, value) {
    const key = names2.join();
    if (choice2.dataset.key !== key)
      choice2.replaceChildren(...names2.map((name2) => make("option", { value: name2 }, heading(name2))));
    choice2.dataset.key = key;
    choice2.value = value;
  }
  var legendOf = (text, color) => make("span", { class: "legend", style: `--run: ${color}` }, text);

  // dashboard/selection.ts
  var Selection = class {
    /** The filters that were set while something was selected, in turn. */
    #filters = [];
    #filter = "";
    /** How many of these there were when a run was selected. */
    #since = /* @__PURE__ */ new Map();
    /** `filter` is set now. */
    setFilter(filter) {
      if (filter === this.#filter) return;
      this.#filter = filter;
      if (this.#since.size) this.#filters.push(filter);
    }
    /** Select or deselect a run. Others that are not `seen` as selected are deselected. */
    toggle(id, seen) {
      for (const other of this.#since.keys()) if (other !== id && !seen.has(other)) this.#since.delete(other);
      if (!this.#since.delete(id) || !seen.has(id)) this.#since.set(id, this.#filters.length);
    }
    remove(ids) {
      for (const id of ids) this.#since.delete(id);
      if (!this.#since.size) this.#filters = [];
    }
    /** The ids of those of the rows that are selected, as they were selected in turn. */
    among(table, rows) {
      const at = table.columns.indexOf("id");
      const places = new Map(rows.map((row) => [String(table.rows[row][at]), row]));
      const tests = this.#filters.map((filter) => filterOf(table, filter));
      const isSelected = (id, since) => {
        const row = places.get(id);
        return row !== void 0 && tests.slice(since).every((passes) => passes(table.rows[row]));
      };
      return new Set([...this.#since].flatMap(([id, since]) => isSelected(id, since) ? [id] : []));
    }
  };

  // dashboard/test_losses.ts
  var AT_ONCE2 = 4;
  var TestLosses = class {
    #kept = /* @__PURE__ */ new Map();
    #asked = 0;
    /** The curve of a run, none before it is here; the same one until the losses or the style change. */
    series(id, { width, ...style }) {
      const kept = this.#kept.get(id);
      if (!kept?.curve.y.length) return [];
      const key = JSON.stringify([width, style]);
      if (kept.made?.key !== key) {
        const [test] = lossSeries({ x: [], y: [] }, kept.curve, { ...style, name: null });
        kept.made = { key, series: [{ ...test, width }] };
      }
      return kept.made.series;
    }
    /** Get what is missing of these rows; `onArrival()` is called as it comes. A later call ends this one. */
    async load(table, rows, onArrival) {
      this.#asked += 1;
      const asked2 = this.#asked;
      const [ids, epochs] = [valuesOf2(table, "id").map(String), valuesOf2(table, "epoch").map((epoch) => Number(epoch ?? 0))];
      const stale = usable(table, rows).filter((row) => this.#kept.get(ids[row])?.epoch !== epochs[row]);
      for (let at = 0; at < stale.length && asked2 === this.#asked; at += AT_ONCE2) {
        await Promise.all(stale.slice(at, at + AT_ONCE2).map((row) => this.#load(ids[row], epochs[row])));
        onArrival();
      }
    }
    async #load(id, epoch) {
      const pairs = await losses2(id, 0).catch((error) => {
        if (!(error instanceof ApiError)) throw error;
        return new Float32Array(0);
      });
      this.#kept.set(id, { epoch, curve: testCurve(pairs), made: null });
    }
  };
  function testCurve(pairs) {
    const [x, y] = [new Float64Array(pairs.length / 2), new Float32Array(pairs.length / 2)];
    for (let step = 0; step < y.length; step++) {
      x[step] = step + 1;
      y[step] = pairs[2 * step + 1];
    }
    return { x, y };
  }

  // dashboard/trash.ts
  var Trash = class {
    #dialog = byId("trash");
    #empty = find(this.#dialog, "[data-action=empty-trash]");
    #onChange;
    #runs = [];
    #isSure = false;
    /** `onChange()` is called when runs were put back. */
    constructor(onChange) {
      this.#onChange = onChange;
      const opener = byId("show-trash");
      opener.hidden = !canChange();
      this.#dialog.addEventListener("close", () => opener.focus());
      onAction({
        "show-trash": () => void this.#open(),
        "close-trash": () => this.#dialog.close(),
        "empty-trash": () => void this.#delete()
      });
    }
    async #open() {
      await this.#look("");
      this.#dialog.showModal();
    }
    /** Show what is in the trash now, and `words` above it. */
    async #look(words3) {
      this.#runs = await trash2();
      this.#isSure = false;
      this.#empty.hidden = !this.#runs.length;
      this.#empty.disabled = false;
      this.#empty.textContent = trash.empty;
      this.#say(words3 || trash.count(this.#runs.length));
      find(this.#dialog, "tbody").replaceChildren(...this.#runs.map((run2) => this.#row(run2)));
      if (this.#dialog.open) ensureFocus(this.#dialog, [...this.#dialog.querySelectorAll("button")]);
    }
    #say(words3) {
      find(this.#dialog, "p").textContent = words3;
    }
    #row({ token: token2, family, run: run2, label }) {
      const restore = make(
        "button",
        { class: "text-button", type: "button", "aria-label": trash.restoreRun(run2) },
        trash.restore
      );
      restore.addEventListener("click", () => {
        restore.disabled = true;
        void this.#restore(token2);
      });
      const when = token2.slice(0, "2026-01-31_12-59".length).replace("_", " ").replace(/-(\d+)$/, ":$1");
      return make("tr", {}, make("td", { title: `${family}/${run2}` }, label), make("td", {}, when), make("td", {}, restore));
    }
    async #restore(token2) {
      await this.#told(await ask({ kind: "restore", runs: [token2] }), trash.restored);
      this.#onChange();
    }
    /** The first press asks, the second deletes. */
    async #delete() {
      if (!this.#isSure) {
        this.#isSure = true;
        this.#empty.textContent = trash.sure(this.#runs.length);
        this.#say(trash.warning);
        return;
      }
      this.#empty.disabled = true;
      await this.#told(await ask({ kind: "empty", runs: this.#runs.map(({ token: token2 }) => token2) }), trash.deleted);
    }
    async #told({ problem, done }, did) {
      await this.#look(problem || did(done.length));
    }
  };

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

  // dashboard/run_labels.ts
  var UNTOLD = ["run", "label", "hidden", "state", "tags"];
  function labelsOf(table, rows) {
    const part = { columns: table.columns, rows: rows.map((row) => table.rows[row]) };
    const isTold = (column) => !isOutcome(column) && !UNTOLD.includes(column);
    const settings2 = split(part).shown.filter((column) => isTold(column) && (rows.length === 1 || isVaried(part, column)));
    const families = valuesOf2(part, "family");
    const names2 = valuesOf2(part, "run").map(String);
    const siblings = new Map(families.map((family) => [family, siblingsOf(part, family, settings2)]));
    const found2 = rows.map((_, index) => {
      const { own, shared } = siblings.get(families[index]);
      const said = (columns) => saidOf2(part, index, columns);
      const needed = said([...own, ...settings2.filter((column) => column === "family")]);
      const others = said(settings2.filter((column) => column !== "family" && !own.includes(column)));
      return { given: givenLabel(part, index), needed, others, short: shortOf(names2[index], families[index], shared) };
    });
    return distinct(found2, names2);
  }
  function titlesOf(labels, fits) {
    const titles = labels.map((label) => titleOf2(label, fits));
    const counts = Map.groupBy(titles, (title) => title);
    return labels.map((label, index) => {
      if (label.given === null || counts.get(titles[index])?.length === 1) return titles[index];
      const both = [label.needed.join(", "), label.short].map((settings2) => `${label.given}, ${settings2}`);
      return both.find(fits) ?? titleOf2({ ...label, given: null }, fits);
    });
  }
  function titleOf2(label, fits) {
    const { given, needed, others, short: short2 } = label;
    if (given === null) return fits(needed.join(", ")) ? longest3(needed, others, fits) : short2;
    return fits(given) ? longest3([given], [...needed, ...others], fits) : shortened2(given, fits);
  }
  function longest3(first, others, fits) {
    const text = (count2) => [...first, ...others.slice(0, count2)].join(", ");
    let count = others.length;
    while (count && !fits(text(count))) count--;
    return text(count);
  }
  function shortened2(text, fits) {
    const letters = [...text];
    let count = letters.length - 1;
    const cut = () => `${letters.slice(0, count).join("").trimEnd()}…`;
    while (count > 1 && !fits(cut())) count--;
    return cut();
  }
  function siblingsOf(part, family, settings2) {
    const families = valuesOf2(part, "family");
    const mine = { columns: part.columns, rows: part.rows.filter((_, index) => families[index] === family) };
    const own = settings2.filter((column) => column !== "family" && isVaried(mine, column));
    const [first, ...others] = valuesOf2(mine, "run").map((name2) => partsOf2(String(name2), family));
    const isShared = (one) => others.length > 0 && others.every((parts4) => parts4.includes(one));
    return { own, shared: first.filter(isShared) };
  }
  function saidOf2(part, index, columns) {
    const values = columns.map((column) => [column, valuesOf2(part, column)[index]]);
    return values.filter(([, value]) => value !== null).map(([column, value]) => `${heading(column)} ${words(column, value)}`);
  }
  var partsOf2 = (name2, family) => name2.replace(`${family}_`, "").split("_");
  function shortOf(name2, family, shared) {
    const parts4 = partsOf2(name2, family);
    return parts4.filter((one) => !shared.includes(one)).join(" ") || parts4.join(" ");
  }
  function distinct(labels, names2) {
    const counts = (all) => Map.groupBy(all, (one) => one);
    const needed = counts(labels.map((label) => label.needed.join(", ")));
    const short2 = counts(labels.map((label) => label.short));
    return labels.map((label, index) => {
      const text = label.needed.join(", ");
      const isClear = text !== "" && needed.get(text)?.length === 1;
      const isShortClear = short2.get(label.short)?.length === 1;
      return {
        ...label,
        needed: isClear ? label.needed : [names2[index]],
        others: isClear ? label.others : [...label.needed, ...label.others],
        short: isShortClear ? label.short : names2[index]
      };
    });
  }

  // dashboard/wall_layout.ts
  var CAPTION = 44;
  var GAP4 = 8;
  var BETWEEN = 2;
  var LEAST6 = 56;
  var NO_GUTTER = { left: 0, right: 0, top: CAPTION, bottom: 0 };
  var tileWidth = ({ across, side }) => across * side + BETWEEN * (across - 1);
  function wallLayout(tiles, panels, room) {
    const across = Math.ceil(Math.sqrt(panels));
    const down = Math.ceil(panels / across);
    const shape = { rows: down, columns: across };
    const { columns, panel } = arrange2(tiles, room, shape, NO_GUTTER, { gap: GAP4, least: LEAST6 });
    return { columns, across, side: Math.max(Math.floor((panel.width - BETWEEN * (across - 1)) / across), 1) };
  }

  // dashboard/wrapping.ts
  function linesOf(text, room, widthOf) {
    const [first, ...words3] = text.split(" ");
    const lines = [first];
    for (const word of words3) {
      const longer = `${lines.at(-1)} ${word}`;
      if (widthOf(longer) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }
  function asManyAsFit(parts4, room, widthOf) {
    for (let count = parts4.length; count > 1; count--) {
      const text = common.join(parts4.slice(0, count));
      if (widthOf(text) <= room) return text;
    }
    return parts4[0];
  }

  // dashboard/wall_picture.ts
  var SCALE = 2;
  var GAP5 = 12;
  var HEADER = 34;
  function wallPicture(mount, tiles, layout, title) {
    const { columns, across, side } = layout;
    const down = Math.ceil(Math.max(...tiles.map(({ canvases }) => canvases.length), 1) / across);
    const [wide, high] = [across * (side + 2), down * (side + 2) + CAPTION];
    const rows = Math.ceil(tiles.length / columns);
    const [width, height] = [columns * (wide + GAP5) + GAP5, HEADER + rows * (high + GAP5) + GAP5];
    const canvas = make("canvas", { width: width * SCALE, height: height * SCALE });
    const context = canvas.getContext("2d");
    context.scale(SCALE, SCALE);
    context.imageSmoothingEnabled = false;
    context.fillStyle = cssValue(mount, "--page");
    context.fillRect(0, 0, width, height);
    const font = getComputedStyle(mount).fontFamily;
    const write = (text, x, y, size, room, color = "--text") => {
      context.font = `${size}px ${font}`;
      context.fillStyle = cssValue(mount, color);
      context.fillText(text, x, y, room);
    };
    write(title, GAP5, HEADER - 12, 14, width - 2 * GAP5);
    tiles.forEach((tile, index) => {
      const [x, y] = [GAP5 + index % columns * (wide + GAP5), HEADER + Math.floor(index / columns) * (high + GAP5)];
      context.font = `11px ${font}`;
      const [first, ...others] = linesOf(tile.label, wide, (text) => context.measureText(text).width);
      [first, others.join(" ")].forEach((line, number) => {
        write(line, x, y + 11 + 13 * number, 11, wide);
      });
      write(tile.words, x, y + 38, 10, wide, "--soft");
      tile.canvases.forEach((panel, place4) => {
        const [column, row] = [place4 % across, Math.floor(place4 / across)];
        context.drawImage(panel, x + column * (side + 2), y + CAPTION + row * (side + 2), side, side);
      });
    });
    return canvas;
  }

  // dashboard/wall_run.ts
  var LIMITS2 = { inFlight: 1, batch: 8, bytes: 8e6 };
  var WallRun = class {
    id;
    problem = "";
    #detail = null;
    #cache = null;
    #view = null;
    #stand = "";
    #onFrames;
    /** `onFrames()` is called whenever frames arrived. */
    constructor(id, onFrames) {
      this.id = id;
      this.#onFrames = onFrames;
    }
    /** Ask for what is known of the run, unless it still stands where it stood. */
    async load(stand) {
      if (stand === this.#stand) return;
      this.#stand = stand;
      try {
        this.#detail = await variant(this.id);
        this.problem = this.#detail.problem ?? "";
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.problem = error.message;
      }
      this.#update();
    }
    /** The grids of a view, or without a choice the first ones; null where the run has none. */
    get panel() {
      const { views } = this;
      return views.find(({ view }) => view === this.#view) ?? (this.#view === null ? views[0] ?? null : null);
    }
    get panels() {
      return this.#detail?.panels ?? [];
    }
    /** The views that can be on the wall. */
    get views() {
      return this.panels.filter(({ shows, problem }) => shows === "grids" && !problem);
    }
    get isLoaded() {
      return this.#detail !== null || this.problem !== "";
    }
    get epochs() {
      return this.panel?.epochs ?? [];
    }
    get grokkedAt() {
      return this.#detail?.grokked_at ?? null;
    }
    get frames() {
      return this.#cache?.frames ?? null;
    }
    /** Which frames to have from now on. */
    choose(view, choices, part) {
      this.#view = view;
      const { panel } = this;
      if (!panel) return;
      const wanted = wantedOf(panel, choices, part);
      const key = JSON.stringify(wanted);
      if (this.#cache?.key === key) return;
      this.#cache?.frames.close();
      const fetch2 = (epochs, isExact, signal) => answered(frames(this.id, wanted, epochs, isExact ? "float32" : "uint8", signal));
      this.#cache = { key, frames: new FrameCache(fetch2, this.#onFrames, LIMITS2) };
      this.#update();
    }
    /** The checkpoint that stands for a moment of the common axis; `shift` is how far this run is moved along it. */
    at(moment, shift) {
      const index = nearest(this.epochs, moment - shift);
      return index < 0 ? null : this.epochs[index];
    }
    /** The frame of an epoch, undefined while it is on its way. */
    frame(epoch) {
      this.frames?.look(epoch);
      const frame = this.frames?.get(epoch);
      return frame && "values" in frame ? frame : void 0;
    }
    /** What all frames share, once the first is here. */
    grids(choices) {
      const described = this.frames?.shared?.grids;
      return described ? laidOut(described, this.panel?.controls ?? [], choices) : null;
    }
    close() {
      this.#cache?.frames.close();
      this.#cache = null;
    }
    #update() {
      const { epochs = [], stamps = [] } = this.panel ?? {};
      this.frames?.setEpochs(epochs, stamps);
    }
  };

  // dashboard/wall_tile.ts
  var WallTile = class {
    element;
    #name = make("button", { type: "button", class: "tile-name" });
    #words = make("span", { class: "tile-words" });
    #panels = make("div", { class: "tile-panels" });
    #maps = [];
    #prepared = "";
    #painted = null;
    /** `onOpen()` is called when the name is chosen. */
    constructor(onOpen) {
      this.element = make("section", { class: "tile narrow" }, make("header", {}, this.#name, this.#words), this.#panels);
      this.#name.addEventListener("click", onOpen);
    }
    get label() {
      return this.#name.textContent ?? "";
    }
    get words() {
      return this.#words.textContent ?? "";
    }
    /** Its canvases, in the order of the panels. */
    get canvases() {
      return [...this.#panels.querySelectorAll("canvas")];
    }
    describe(label, name2, words3) {
      if (this.label !== label) this.#name.textContent = label;
      this.#name.title = wall.open(name2);
      if (this.words !== words3) this.#words.textContent = words3;
    }
    setLayout(layout) {
      this.#panels.style.gridTemplateColumns = `repeat(${layout.across}, ${layout.side}px)`;
      this.element.style.width = `${tileWidth(layout)}px`;
    }
    /** Paint a frame; without one the old picture fades. */
    paint(grids, frame, palette) {
      this.#panels.classList.toggle("waiting", !frame);
      if (!grids || !frame || !palette) return;
      this.#prepare(grids);
      this.#painted = { grids, frame };
      this.#maps.forEach((map, panel) => {
        map.paint({ values: panelValues(grids, frame, panel), range: frame.range }, palette);
        map.draw(frame.curves?.filter((curve) => curve.panel === panel) ?? []);
      });
    }
    #say(cell2, panel) {
      const { grids, frame } = this.#painted ?? {};
      const words3 = cell2 && grids && frame ? `${grids.titles[panel]}: ${cellWords(grids, frame, panel, cell2)}` : "";
      this.#panels.title = words3;
    }
    #prepare(grids) {
      const key = JSON.stringify(grids);
      if (key === this.#prepared) return;
      this.#prepared = key;
      this.#maps = grids.titles.map((_, panel) => new HeatMap(grids, panel, { onCell: (cell2) => this.#say(cell2, panel) }));
      this.#panels.replaceChildren(...this.#maps.map(({ plot }) => plot));
    }
  };

  // dashboard/wall.ts
  var MOST4 = 64;
  var AT_ONCE3 = 6;
  var ALL = "all";
  var LABEL = { size: 11, lines: 2 };
  var WORDS_SIZE = 10;
  var Wall = class {
    timeline;
    isLive = false;
    #mount = byId("wall");
    #tiles = make("div", { class: "tiles" });
    #bar;
    #controls;
    #palettes = new Palettes(scales());
    #losses;
    #measure = contextOf(make("canvas"));
    #hung = [];
    #runs = [];
    // that have grids
    #shifts = /* @__PURE__ */ new Map();
    #epochs = [];
    #layout = { columns: 1, across: 1, side: 1 };
    #painted = null;
    #scheduled = 0;
    #asked = 0;
    #check = new LinkCheck();
    constructor(losses3) {
      this.#losses = losses3;
      const [bar, choices] = [make("div", { class: "color-bar" }), make("div", { class: "choices" })];
      const controls2 = make("div", { class: "controls" }, foldButton(), choices);
      this.#mount.append(controls2, make("div", { class: "stage" }, this.#tiles, bar), ...transport2());
      this.#bar = new ColorBar(bar);
      this.#controls = new ControlBar(choices, (name2, value) => this.#choose(name2, value), "wall-");
      this.timeline = new Timeline(this.#mount, this);
      new ResizeObserver(() => this.update()).observe(this.#tiles);
    }
    /** Hang these rows; those that hang already keep what they have loaded. */
    async show(table, rows) {
      const before = new Map(this.#hung.map((hung) => [hung.run.id, hung]));
      const ids = valuesOf2(table, "id").map(String);
      const names2 = valuesOf2(table, "run").map(String);
      const labels = labelsOf(table, rows);
      this.#hung = rows.map((row, index) => {
        const hung = before.get(ids[row]) ?? this.#made(ids[row]);
        before.delete(ids[row]);
        return Object.assign(hung, { name: names2[row], label: labels[index] });
      });
      for (const { run: run2 } of before.values()) run2.close();
      this.#tiles.replaceChildren(...this.#hung.map(({ tile }) => tile.element));
      this.update();
      void this.#losses.load(table, rows, () => this.#showTimeline());
      await this.#load(rows.map((row) => JSON.stringify(table.rows[row])));
    }
    /** Something else was chosen, or became known of a run. */
    update() {
      this.#arrange();
      this.#align();
      this.#showControls();
      this.#showTimeline();
      this.#schedule();
    }
    /** Only the epoch changed. */
    move() {
      this.timeline.showPlayer();
      this.#schedule();
    }
    close() {
      this.#check.restart();
      for (const { run: run2 } of this.#hung) run2.close();
      this.#hung = [];
      this.#tiles.replaceChildren();
    }
    get epochs() {
      return this.#epochs;
    }
    get epoch() {
      const { epochs } = this;
      const index = nearest(epochs, get().epoch ?? Infinity);
      return index < 0 ? null : epochs[index];
    }
    get isFollowing() {
      return get().epoch === null;
    }
    isReady(moment) {
      return this.#runs.every((run2) => {
        const epoch = run2.at(moment, this.#shift(run2));
        return epoch === null || (run2.frames?.isSettled(epoch) ?? true);
      });
    }
    go(epoch) {
      set({ epoch });
    }
    chooseNumber(index) {
      chooseNumber(this.#first?.panel?.controls ?? [], index);
    }
    /** Save what is on the wall as an image. */
    save() {
      const head = this.#headControl.options.find(({ value }) => value === this.#head)?.label ?? "";
      const subject = this.#first?.frames?.shared?.subject ?? "";
      const colors2 = this.#painted ? `${this.#name} from ${valueWords(this.#painted.low, 3)} to ${valueWords(this.#painted.high, 3)}` : "";
      const title = common.join([common.runs(this.#hung.length), head.toLowerCase(), subject, colors2]);
      const tiles = this.#hung.map(({ tile }) => tile);
      wallPicture(this.#mount, tiles, this.#layout, title).toBlob((blob) => blob && saveAs(blob, "wall.png"));
    }
    get #first() {
      return this.#runs[0] ?? null;
    }
    /** What a value is. */
    get #name() {
      return this.#first?.frames?.shared?.grids?.valueName ?? "";
    }
    get #head() {
      const { head } = get();
      return head === null ? ALL : String(head);
    }
    get #headControl() {
      const heads = this.#first?.panel?.heads ?? [];
      const options = [ALL, ...heads.map((_, head) => String(head))];
      const label = (value) => value === ALL ? common.allHeads : heads[Number(value)];
      const offered = options.map((value) => ({ value, label: label(value), arguments: {} }));
      return { name: "head", label: controls.heads, isLook: false, options: offered };
    }
    /** What the runs have; null where none can be on the wall. */
    get #facts() {
      const runs3 = this.#hung.map(({ run: run2 }) => run2).filter(({ views }) => views.length);
      if (!runs3.length) return null;
      const panels = onlyGrids(runs3.flatMap((run2) => run2.panels));
      const panel = this.#first?.panel ?? runs3[0].views[0];
      const epochs = this.#epochs.length ? this.#epochs : panel.epochs ?? [];
      return { panels, panel, controls: withRunRange(panel.controls ?? []), epochs };
    }
    get #own() {
      return withRunRange(this.#first?.panel?.controls ?? []);
    }
    #made(id) {
      const { epoch } = get();
      const open3 = () => set({ page: "explore", variant: id, epoch, head: null });
      const label = { given: null, needed: [id], others: [], short: id };
      return { run: new WallRun(id, () => this.#schedule()), tile: new WallTile(open3), name: id, label, title: id };
    }
    /** Ask for the runs, a few at a time. A later call ends this one. */
    async #load(stands) {
      this.#asked += 1;
      const [asked2, hung] = [this.#asked, this.#hung];
      for (let at = 0; at < hung.length && asked2 === this.#asked; at += AT_ONCE3) {
        await Promise.all(hung.slice(at, at + AT_ONCE3).map(({ run: run2 }, index) => run2.load(stands[at + index])));
        if (asked2 === this.#asked) this.update();
      }
      if (asked2 === this.#asked) this.#check.check("run", this.#facts);
    }
    #choose(name2, value) {
      if (name2 === "head") set({ head: value === ALL ? null : Number(value) });
      else if (name2 === "align" || name2 === "view") set({ [name2]: value });
      else choose(name2, value);
    }
    #shift(run2) {
      return this.#shifts.get(run2) ?? 0;
    }
    #showControls() {
      const { options, align, view } = get();
      const views = (this.#first?.views ?? []).map(({ view: view2, title }) => ({ value: view2, label: title, arguments: {} }));
      const all = [
        { name: "view", label: controls.view, isLook: false, options: views },
        this.#headControl,
        ...this.#own,
        { name: "align", label: controls.align, isLook: false, options: ALIGNMENTS }
      ];
      this.#controls.show(all, { ...options, align, head: this.#head, ...view ? { view } : {} });
    }
    #showTimeline() {
      const series = this.#hung.flatMap(
        ({ run: run2 }) => this.#losses.series(run2.id, { shift: this.#shift(run2), color: "--faint", width: 1 })
      );
      const ends = this.#runs.map((run2) => (run2.epochs.at(-1) ?? 0) + this.#shift(run2));
      this.timeline.show(series, [], Math.max(0, ...ends));
      this.timeline.showPlayer();
    }
    /** Give the tiles their sizes, and ask for frames that suit them. */
    #arrange() {
      const { width, height } = this.#tiles.getBoundingClientRect();
      if (!width || !this.#hung.length) return;
      const { head, view, options } = get();
      const panels = head === null ? this.#first?.panel?.heads?.length ?? 1 : 1;
      this.#layout = wallLayout(this.#hung.length, panels, { width, height });
      this.#tiles.style.gridTemplateColumns = `repeat(${this.#layout.columns}, max-content)`;
      const size = Math.ceil(this.#layout.side * (devicePixelRatio || 1));
      const labels = this.#hung.map(({ label }) => label);
      const titles = titlesOf(labels, this.#fitting());
      this.#hung.forEach((hung, index) => {
        hung.tile.setLayout(this.#layout);
        hung.title = titles[index];
        hung.run.choose(view, options, { panel: head, size });
      });
    }
    /** Whether a tile shows all of a label. */
    #fitting() {
      const widthOf = this.#widthsIn(LABEL.size);
      const room = tileWidth(this.#layout);
      return (label) => {
        const lines = linesOf(label, room, widthOf);
        return lines.length <= LABEL.lines && lines.every((line) => widthOf(line) <= room);
      };
    }
    #widthsIn(size) {
      this.#measure.font = `${size}px ${getComputedStyle(this.#mount).fontFamily}`;
      return (text) => Math.ceil(this.#measure.measureText(text).width);
    }
    /** Put the runs on one axis. */
    #align() {
      const { align } = get();
      this.#runs = this.#hung.map(({ run: run2 }) => run2).filter(({ panel }) => panel !== null);
      this.#shifts = new Map(this.#runs.map((run2) => [run2, shiftOf(run2, this.#runs, align)]));
      this.#epochs = moments(this.#runs, align);
    }
    #schedule() {
      this.#scheduled ||= requestAnimationFrame(this.#draw);
    }
    #draw = () => {
      this.#scheduled = 0;
      const moment = this.epoch;
      if (moment !== null) this.timeline.mark(moment);
      this.#paint(this.#hung.map(({ run: run2 }) => moment === null ? null : run2.at(moment, this.#shift(run2))));
    };
    #paint(epochs) {
      const frames2 = this.#hung.map(({ run: run2 }, index) => epochs[index] === null ? void 0 : run2.frame(epochs[index]));
      const palette = this.#palette(frames2.filter((frame) => frame !== void 0));
      const [room, widthOf] = [tileWidth(this.#layout), this.#widthsIn(WORDS_SIZE)];
      this.#hung.forEach(({ run: run2, tile, name: name2, label, title }, index) => {
        tile.paint(run2.grids(get().options), frames2[index], palette);
        tile.describe(
          title,
          common.join([label.given ?? "", name2]),
          asManyAsFit(wordsOf4(run2, epochs[index]), room, widthOf)
        );
      });
      this.#painted = palette;
      if (palette) this.#bar.draw(palette, this.#name);
    }
    #palette(here) {
      const range = this.#runs.map((run2) => run2.grids({})?.range).find((found2) => found2 !== void 0);
      if (!range || !here.length) return null;
      return this.#palettes.chosen(this.#own, get().options, {
        fixed: () => range,
        epoch: () => around(here.map(extent)),
        run: () => around(this.#runs.map(({ frames: frames2 }) => frames2?.range ?? range))
      });
    }
  };
  function wordsOf4(run2, epoch) {
    if (!run2.isLoaded) return [common.loading];
    if (epoch === null) return [run2.problem || wall.notAnalysed];
    if (run2.frames?.failed.has(epoch)) return [wall.unreadable(epoch)];
    const grokked = run2.grokkedAt === null ? grokking.before : epoch < run2.grokkedAt ? "" : grokking.after;
    return [common.epoch(epoch), grokked];
  }

  // dashboard/runs.ts
  var EVERY_MS = 1500;
  var NOTHING3 = { columns: [], rows: [], left: 0 };
  var Runs = class {
    #list;
    #scatter = new RunScatter((row) => this.#toggle(this.#idOf(row)));
    #losses;
    #wall;
    #glances = new Glances(() => this.#list.redraw());
    #selection = new Selection();
    /** The selected runs on the screen, as they were selected in turn. */
    #selected = /* @__PURE__ */ new Set();
    #actions;
    #check = new LinkCheck();
    #table = NOTHING3;
    #tag = "";
    #problem = "";
    #onWall = "";
    #drawing = 0;
    #looks = Promise.resolve();
    constructor() {
      const losses3 = new TestLosses();
      this.#losses = new RunLosses(losses3);
      this.#wall = new Wall(losses3);
      this.#list = new RunList(byId("run-list"), {
        onOrder: ({ column, isDescending }) => set({ sort: (isDescending ? "-" : "") + column }),
        onSelect: (id) => this.#toggle(id),
        onSeen: (seen) => this.#table.left || this.#glances.want(this.#table, seen),
        cell: (id) => glanceCell(this.#glances.of(id), byId("run-list")),
        onOpen: (id) => set({ page: "explore", variant: id, epoch: null, head: null })
      });
      this.#actions = new RunActions(
        () => this.#chosen(),
        (ids) => this.#deselect(ids),
        () => void this.#look()
      );
      new Trash(() => void this.#look());
      byId("run-search").append(searchField());
      onAction({
        "compare-runs": () => this.#compare(),
        wall: () => set({ wall: isWall() ? null : "on", epoch: null, head: null }),
        "save-wall": () => this.#wall.save()
      });
      onTheme(() => this.update());
      new ResizeObserver(() => isWall() || this.update()).observe(byId("run-plot"));
    }
    /** Look again and again while the page is shown; at once where some rows were not ready. */
    async watch() {
      if (get().page === "runs" && !(document.hidden && this.#tag)) await this.#look();
      setTimeout(() => this.watch(), this.#table.left ? 0 : EVERY_MS);
    }
    update() {
      if (get().page !== "runs" || !this.#tag) return;
      const { shown, same } = split(this.#table);
      const order = orderOf(get().sort);
      const { filter } = get();
      const rows = arranged(this.#table, order, filter);
      this.#selection.setFilter(filter);
      this.#selected = this.#selection.among(this.#table, rows);
      this.#switch();
      this.#say(rows.length, same);
      this.#actions.show();
      const chosen2 = new Set(this.#table.rows.flatMap((_, row) => this.#selected.has(this.#idOf(row)) ? [row] : []));
      if (isWall()) {
        this.#hang(rows, chosen2);
        return;
      }
      this.#list.show({ table: this.#table, columns: shown, arranged: rows, order, selected: this.#selected });
      this.#drawLater(rows, chosen2);
    }
    /** The plots, once the rows are on the screen: of thousands of runs they take longer than the table. */
    #drawLater(rows, chosen2) {
      cancelAnimationFrame(this.#drawing);
      const draw2 = () => {
        if (get().page !== "runs" || isWall()) return;
        this.#scatter.show(this.#table, rows, chosen2);
        void this.#losses.show(this.#table, rows, chosen2);
      };
      this.#drawing = requestAnimationFrame(() => {
        this.#drawing = requestAnimationFrame(draw2);
      });
    }
    /** What slider and keys move. */
    get timeline() {
      return this.#wall.timeline;
    }
    /** Only the epoch changed. */
    move() {
      this.#wall.move();
    }
    /** The wall shows many runs at one moment, and keeps none. */
    pin() {
    }
    chooseNumber(index) {
      this.#wall.chooseNumber(index);
    }
    /** Show the table and the pictures, or the wall. */
    #switch() {
      byId("run-parts").hidden = isWall();
      for (const id of ["wall", "save-wall"]) byId(id).hidden = !isWall();
      byId("show-wall").textContent = isWall() ? runs.toTable : runs.toWall;
      if (!isWall() && this.#onWall) this.#wall.close();
      if (!isWall()) this.#onWall = "";
    }
    /** The chosen runs, or without any the first ones. */
    #hang(rows, chosen2) {
      const wanted = chosen2.size ? rows.filter((row) => chosen2.has(row)) : rows;
      const hung = wanted.slice(0, MOST4);
      if (hung.length < wanted.length) byId("run-words").textContent += runs.onWall(MOST4, wanted.length);
      const key = JSON.stringify(hung.map((row) => this.#table.rows[row]));
      if (key === this.#onWall) {
        this.#wall.update();
        return;
      }
      this.#onWall = key;
      void this.#wall.show(this.#table, hung);
    }
    /** Look once more after the looks before, so that a later answer is never replaced by an earlier one. */
    async #look() {
      this.#looks = this.#looks.then(() => this.#lookOnce());
      await this.#looks;
    }
    async #lookOnce() {
      try {
        const found2 = await runs2(this.#tag);
        const isNew = found2 !== null || this.#problem !== "";
        if (found2) this.#take(found2);
        this.#problem = "";
        if (isNew) this.update();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.#problem = error.message;
        byId("run-words").textContent = error.message;
      }
    }
    #take({ table, tag }) {
      this.#table = table;
      this.#tag = tag;
      this.#check.check("table", table.left || !table.rows.length ? null : table);
    }
    /** The chosen runs. */
    #chosen() {
      const { columns, rows } = this.#table;
      return rows.flatMap((values, row) => {
        const of = (column) => String(values[columns.indexOf(column)] ?? "");
        const id = this.#idOf(row);
        return this.#selected.has(id) ? [{ id, label: of("label"), tags: of("tags"), isHidden: of("hidden") !== "" }] : [];
      });
    }
    #idOf(row) {
      return String(this.#table.rows[row]?.[this.#table.columns.indexOf("id")] ?? "");
    }
    #toggle(id) {
      this.#selection.toggle(id, this.#selected);
      this.update();
    }
    #deselect(ids) {
      this.#selection.remove(ids);
      this.update();
    }
    #compare() {
      const [variant2, ...others] = [...this.#selected].slice(0, MOST);
      if (variant2) set({ page: "compare", variant: variant2, with: others.join(",") || null });
    }
    #say(count, same) {
      const { columns, rows, left } = this.#table;
      const unknown = wordsWithoutColumn(columns, get().filter);
      const counts = runs.counts(count, rows.length, this.#selected.size) + (unknown.length ? runs.noColumn(unknown) : "");
      const equal = same.map((column) => [column, valuesOf2(this.#table, column)[0] ?? null]).filter(([column, value]) => value !== null && column !== "state").map(([column, value]) => `${heading(column)} ${words(column, value)}`);
      byId("run-words").textContent = counts + (left ? runs.reading(left) : runs.allWith(equal));
      const button = byId("compare-runs");
      button.disabled = this.#selected.size === 0;
      button.textContent = this.#selected.size > MOST ? runs.compareFirst(MOST) : runs.compare;
    }
  };
  var isWall = () => get().wall !== null;
  function searchField() {
    const field = make("input", {
      type: "search",
      class: "run-filter",
      placeholder: runs.filterHint,
      "aria-label": runs.filter
    });
    field.value = get().filter;
    field.addEventListener("input", () => set({ filter: field.value }));
    return field;
  }

  // dashboard/variant_picker.ts
  var EVERY_MS2 = 3e3;
  var VariantPicker = class {
    /** In natural order; the same ones until something changes. */
    variants = null;
    broken = [];
    /** The command that starts this server. */
    command = empty.dashboard;
    /** Why the list could not be had. */
    problem = null;
    #onChange;
    #shortNames = {};
    #tag = "";
    /** `onChange()` is called after every look. */
    constructor(onChange) {
      this.#onChange = onChange;
    }
    async watch() {
      await this.#look();
      setTimeout(() => this.watch(), EVERY_MS2);
    }
    /** What to open when the address names nothing: a running variant, else one with pictures, else any. */
    get preferred() {
      const usable2 = (this.variants ?? []).filter((variant2) => variant2.state !== "unusable");
      const best = usable2.find(({ state: state2 }) => state2 === "training") ?? usable2.find(({ analysed }) => analysed > 0) ?? usable2[0];
      return best?.id ?? null;
    }
    /** The variant of that id, or the only one of that name; null where there is none. */
    named(id) {
      const variants2 = this.variants ?? [];
      const alike = variants2.filter((variant2) => variant2.id.endsWith(`/${id}`));
      return this.entry(id)?.id ?? (alike.length === 1 ? alike[0].id : null);
    }
    get offered() {
      return { variants: this.variants ?? [], shortNames: this.#shortNames };
    }
    entry(id) {
      return this.variants?.find((variant2) => variant2.id === id) ?? null;
    }
    async #look() {
      if (document.hidden && this.variants) return;
      try {
        const answer = await variants(this.#tag);
        this.problem = null;
        if (answer) this.#take(answer.list, answer.tag);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.problem = error;
      }
      this.#onChange();
    }
    #take({ variants: variants2, broken, command, short_names: shortNames }, tag) {
      Object.assign(this, { variants: ordered(variants2), broken, command });
      this.#shortNames = shortNames;
      this.#tag = tag;
    }
  };

  // dashboard/start.ts
  var VARIANT = { id: "variant", label: picker.label, placeholder: picker.placeholder };
  async function start2() {
    tell(unreadIn(location.search));
    await load();
    const picker2 = new VariantPicker(() => onVariants());
    const chosen2 = new VariantBox(byId("variant-choice"), VARIANT, (variant2) => set({ variant: variant2, epoch: null, head: null }));
    const offer2 = (id) => chosen2.show(picker2.offered, picker2.entry(id));
    const explore = new Explore(picker2);
    const compare2 = new Compare(picker2);
    const runs3 = new Runs();
    const shown = () => {
      const { page, wall: wall2 } = get();
      if (page === "runs" && wall2 !== null) return runs3;
      return page === "compare" ? compare2 : explore;
    };
    function onVariants() {
      if (get().variant === null && picker2.preferred) set({ variant: picker2.preferred });
      const { problem, variants: variants2, command } = picker2;
      banner(problem && variants2 !== null ? unreachable(problem, command) : null);
      offer2(get().variant);
      shown().update();
    }
    function onState(state2, changed2) {
      if (changed2.size === 1 && changed2.has("epoch")) {
        shown().move();
        return;
      }
      if (state2.page === "runs" && state2.wall === null || changed2.has("page")) runs3.update();
      if (changed2.has("page") && state2.page !== "compare") compare2.close();
      if (changed2.has("variant")) {
        offer2(state2.variant);
        void explore.open();
      }
      if (state2.page === "compare" && ["variant", "with", "page"].some((field) => changed2.has(field))) compare2.open();
      showPage(state2.page);
      shown().update();
    }
    subscribe(onState);
    offerTheme();
    listen2(shown, explore, compare2);
    followLinks();
    install();
    install6();
    install2(byId("help"));
    install3();
    install4();
    if (document.getElementById("page-jobs")) install5();
    showPage(get().page);
    const table = runs3.watch();
    if (get().page === "runs") await table;
    await picker2.watch();
    new LinkCheck().check("variants", picker2);
    if (!explore.session && get().variant) await explore.open();
    if (get().page === "compare") compare2.open();
  }
  function listen2(shown, explore, compare2) {
    const help = byId("help");
    const exported = () => get().page === "compare" ? compare2 : explore;
    onAction({
      fold: toggle,
      export: (button) => void save(exported(), button),
      "copy-python": (button) => void copyPython(exported(), button),
      help: () => help.showModal(),
      pin: () => shown().pin(),
      "close-help": () => help.close()
    });
    const all = shortcutsOf(shown, explore, help);
    find(help, "tbody").replaceChildren(...rowsOf(all));
    listen(window, keysOf(all));
  }
  function shortcutsOf(shown, explore, help) {
    const view = (step) => () => chooseView(explore, step);
    const pin = () => shown().pin();
    return [
      ...stepShortcuts({
        step: (steps) => shown().timeline.step(steps),
        first: () => shown().timeline.first(),
        last: () => shown().timeline.last(),
        play: () => shown().timeline.play()
      }),
      ...pictureShortcuts({
        get panels() {
          return explore.panel?.heads?.length ?? 0;
        },
        get panel() {
          return get().head;
        },
        showPanel: (head) => set({ head }),
        chooseNumber: (index) => shown().chooseNumber(index)
      }),
      { shown: ["V", "Shift V"], words: keys.views, keys: { v: view(1), V: view(1), "Shift+V": view(-1) } },
      { shown: ["P"], words: keys.pin, keys: { p: pin, P: pin } },
      { shown: ["?"], words: keys.help, keys: { "?": () => help.showModal() } }
    ];
  }
  function chooseView({ session, panel }, step) {
    const usable2 = (session?.panels ?? []).filter(({ problem }) => !problem).map((one) => one.view);
    if (panel) set({ view: neighbour(usable2, panel.view, step) });
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
    if (page !== "explore") document.title = common.tab([document.getElementById(`page-${page}`)?.ariaLabel ?? page]);
    if (page === "jobs") standIn(byId("page-jobs"));
    if (isLoaded()) void setProps("jobs-clock", { disabled: page !== "jobs" });
    for (const link of document.querySelectorAll("a[data-page]")) {
      link.toggleAttribute("aria-current", link.dataset.page === page && link.classList.contains("page-link"));
      link.href = address({ ...get(), page: link.dataset.page ?? "explore" });
    }
  }

  // dashboard/main.ts
  applyTheme();
  document.addEventListener("DOMContentLoaded", () => void start2());
})();
