/**
 * All texts that users read in the browser: on the page, in a site, in the offline page and in the notebook widget. Texts that
 * the server renders are in dashboard/texts.py. There is one group per place; a sentence with values is a function of them.
 */
import { epochWords, lossWords, valueWords } from "./format.ts";

const MOST_QUOTED = 80; // characters of an address
const MOST_NAMED = 24; // heads of which a mark says the same

const many = (n: number): string => n.toLocaleString("en");
const short = (given: string): string => (given.length > MOST_QUOTED ? `${given.slice(0, MOST_QUOTED)}…` : given);
const quoted = (given: string): string => `“${short(given)}”`;
/** "a", "a or b", "a, b or c" */
const listed = (names: readonly string[], conjunction: string): string =>
  [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(` ${conjunction} `);
const sentences = (parts: readonly (string | false | null)[]): string => parts.filter(Boolean).join(" · ");

/** Parts of sentences that several places share. */
export const common = {
  join: sentences,
  epoch: (epoch: number) => `epoch ${epochWords(epoch)}`,
  epochTitle: (epoch: number) => `Epoch ${epochWords(epoch)}`,
  loading: "loading…",
  allHeads: "All heads",
  tab: (parts: readonly string[]) => sentences([...parts, "headlapse"]),
  runs: (n: number) => (n === 1 ? "1 run" : `${many(n)} runs`),
};

export const losses = {
  test: "test loss",
  train: "train loss",
  testValue: (loss: number | null) => `test loss ${lossWords(loss)}`,
  trainValue: (loss: number | null) => `train loss ${lossWords(loss)}`,
  both: (test: number | null, train: number | null) => `test loss ${lossWords(test)} · train loss ${lossWords(train)}`,
  bothShort: (test: number | null, train: number | null) => `test ${lossWords(test)} · train ${lossWords(train)}`,
  chart: "Train and test loss by epoch, log axis",
  testChart: "Test losses by epoch, log axis",
  testPlot: (n: number) => `Test losses of ${n} runs`,
  axis: "epoch",
  besides: "Other curves",
};

export const marks = {
  group: "Marked epochs",
  note: "note",
  pinned: "pinned",
  pinnedAt: (epoch: number) => `pinned ${epochWords(epoch)}`,
  ofNote: (epoch: number, text: string) => `Epoch ${epochWords(epoch)}: ${text}`,
  ofEvent: (epoch: number, label: string) => `${label}: epoch ${epochWords(epoch)}`,
  several: "several marks",
  ofSeveral: (what: string, names: readonly string[]) => {
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
    return names.length ? `${what}: ${names.slice(0, MOST_NAMED).join(", ")}${more}` : what;
  },
  ofGroup: (first: number, last: number, events: readonly string[]) => {
    const when = first === last ? `Epoch ${epochWords(first)}` : `Epochs ${epochWords(first)} to ${epochWords(last)}`;
    return [when, ...events].join("\n");
  },
};

export const transport = {
  slider: "Epoch",
  place: (epoch: number, index: number, all: number) =>
    `epoch ${epochWords(epoch)}${index < 0 ? "" : `, checkpoint ${index + 1} of ${all}`}`,
  first: "First checkpoint (Home)",
  back: "Play backwards",
  play: "Play (Space)",
  last: "Last checkpoint (End)",
  speed: "Playback speed",
  loop: "Loop",
  log: "log",
  logTitle: "Logarithmic epoch axis",
};

export const picture = {
  histogram: "Histogram of the values shown",
  wholeGrid: "Show the whole grid (double-click)",
  map: (title: string, valueName: string, down: string, right: string) => `${title}, ${valueName} by ${down} and ${right}`,
  panels: (count: number, panelName: string) => `${count} ${panelName}s`,
  large: (title: string) => `Enlarge ${title}`,
  allPanels: (panelName: string) => `all ${panelName}s`,
  meanOver: (axis: string) => `mean over ${axis}`,
  meanOf: (axis: string, each: string) => `Mean over ${axis}, for each ${each}`,
  plot: (label: string, axis: string) => `${label} by ${axis}`,
  notShown: (epoch: number, problem: string) => `epoch ${epochWords(epoch)} cannot be shown: ${problem}`,
};

export const controls = {
  fold: "Controls",
  view: "View",
  heads: "Heads",
  unanalysed: (title: string) => `${title} (not analysed)`,
  beside: "Profiles",
  besideNothing: "None",
  besideProfiles: "Means and slices",
  wholeRun: "Range of this run",
  align: "Alignment",
  sameEpoch: "Same epoch",
  atGrokking: "At grokking",
};

export const grokking = {
  notBy: (epoch: number) => `has not grokked by epoch ${epochWords(epoch)}, not shifted`,
  at: (epoch: number) => `groks at epoch ${epochWords(epoch)}`,
  before: "not grokked",
  after: "grokked",
};

/** A link asks for something that does not exist: what is shown instead. */
export const links = {
  noView: (view: string) => `This run has no view “${short(view)}”.`,
  viewProblem: (title: string, problem: string | undefined) => `${title} cannot be shown (${problem}).`,
  shown: (title: string) => `Shown: ${title}.`,
  noCheckpoint: (epoch: number, shown: number) =>
    `Epoch ${epochWords(epoch)} has no checkpoint. Shown: epoch ${epochWords(shown)}.`,
  noHead: (head: number, count: number) => `There is no head ${head}: this run has ${count}. Shown: all heads.`,
  noSetting: (name: string) => `No view of this run has a setting “${short(name)}”.`,
  noName: (name: string) => `There is no setting “${short(name)}”.`,
  notAllowed: (label: string, value: string, shown: string) => `${label} cannot be “${short(value)}”. Shown: ${shown}.`,
  repeated: (name: string, times: number, first: string) =>
    `“${short(name)}” is given ${times} times. Used: “${short(first)}”.`,
  noColumn: (condition: string) => `There is no column for “${short(condition)}”. The filter searches for these words.`,
  onlyGrids: "only grids can be shown side by side",
  nothing: "nothing",
  epoch: { name: "Epoch", instead: "the newest epoch" },
  head: { name: "Head", instead: "all heads" },
  field: (field: string) => `“${field}”`,
  noVariant: (variant: string, shown: string) => `There is no variant ${short(variant)}. Shown: ${shown}.`,
  noneToCompare: (gone: readonly string[], areOthersShown: boolean) =>
    `There is no variant ${listed(gone.map(short), "or")} to compare with.${areOthersShown ? " Shown: the others." : ""}`,
  tooMany: (most: number) => `At most ${most} variants can be compared. Shown: the first ${most}.`,
  linear: "a linear axis",
  log: "a logarithmic axis",
  preferred: "another variant",
  firstView: "the first view",
  wholeGrid: "the whole grid",
  ownOrder: "runs in the order of their names",
  usualPlot: "the default plot",
  table: "the table",
};

/** Shown in place of a picture. */
export const empty = {
  variantProblem: "This variant cannot be shown",
  resultsProblem: "The results cannot be read",
  serverGone: "The server does not respond",
  serverGoneText: "It may have been stopped. What is already loaded stays usable. To continue, start the server again:",
  nothingTrained: "Nothing trained yet",
  nothingTrainedText: "Train a model and watch its heads form here. This small one takes about a minute.",
  familyProblem: (name: string, reason: string) => ` Family ${name} cannot be used: ${reason}.`,
  smallRun: "headlapse train modulo_addition_1layer --prime 31 --train-fraction 0.6 --epochs 3000",
  noneUsable: "No variant can be shown",
  andMore: (n: number) => ` ${n === 1 ? "Another variant" : `${many(n)} other variants`} cannot be shown either.`,
  check: "headlapse check --all",
  notTrained: "Not trained yet",
  notTrainedText: "This variant has no checkpoint. Train it:",
  train: (family: string, options: readonly string[]) => ["headlapse train", family, ...options].join(" "),
  trainNow: "Train it now",
  begun: "Training has started",
  begunText: "The first checkpoint will appear here soon.",
  nothing: "Nothing to show",
  nothingText: "This run has no artifacts for any of its views.",
  viewProblem: (title: string) => `${title} cannot be shown`,
  viewNotAnalysed: (title: string) => `“${title}” is not analysed yet`,
  viewNotAnalysedText: "This view needs an analysis that runs only on request:",
  notAnalysed: "Not analysed yet",
  notAnalysedText: (n: number) =>
    `This run has ${n === 1 ? "1 checkpoint" : `${many(n)} checkpoints`} but no attention patterns. Extract them:`,
  analyse: (run: string) => `headlapse analyze ${run}`,
  analyseNow: "Analyse now",
  started: "started: see Jobs",
  copy: "copy",
  copied: "copied",
  dismiss: "dismiss",
  dashboard: "headlapse dashboard",
};

export const states = {
  partlyAnalysed: (state: string, analysed: number, all: number) => `${state} · ${analysed} of ${all} analysed`,
  loadingPart: (part: number) => `loading ${Math.round(part * 100)}%`,
  checkpointNotAnalysed: "not analysed yet",
};

export const api = {
  noVariant: (id: string) => `There is no variant ${id}.`,
  noAnswer: "The server does not respond.",
  unreadable: (url: string) => `${url} cannot be read`,
  notLoaded: (url: string) => `${url} cannot be loaded; reload the page`,
};

/** A static site, which has no server. */
export const site = {
  notHere: "not part of this site",
  noJobs: "A static site cannot run jobs.",
  noFiles: "A static site cannot export files.",
  noPython: "A static site cannot write Python code.",
  shorter: "A file of this site has changed; reload the page.",
  asFile: "This page was opened as a file",
  asFileText:
    "A page opened as a file cannot read its data. Run this line in the folder of the site and open http://localhost:8000/.",
  serve: "python -m http.server",
  exact: "exact values",
  exactTitle: "The float32 values of this picture at every epoch, as a NumPy .npz file",
};

export const picker = {
  label: "Variant",
  placeholder: "Choose a variant",
  noMatch: "No variant matches",
  narrow: (shown: number, found: number) => `${shown} of ${many(found)}: type to narrow`,
  family: (family: string) => `${family} · `,
};

export const compare = {
  title: "Compare variants",
  invitation: "Choose two to four variants above, for example a run that groks and one without weight decay, or several seeds.",
  add: "Add a variant to compare",
  addShort: "Add a variant",
  remove: (label: string) => `Remove ${label}`,
  atEpoch: (label: string, epoch: number) => `${label} at epoch ${epochWords(epoch)}`,
  where: (epoch: number, isPinned: boolean) => `Epoch ${epochWords(epoch)}${isPinned ? ", pinned" : ""}`,
  notAnalysed: "not analysed yet",
  noView: "no artifacts for this view; analyse the run first",
  difference: "Second minus first",
  differenceValue: "difference",
};

export const exporting = {
  drawing: "drawing…",
  writing: "writing…",
  saved: (name: string) => `saved: ${name}`,
  copied: "copied",
};

export const notes = {
  on: (epoch: number) => `Note on epoch ${epochWords(epoch)}`,
  notKept: (problem: string) => `Note not saved: ${problem}`,
};

export const jobs = {
  noOutput: "(no output)",
  notStarted: (problem: string) => `Not started: ${problem}`,
  notCancelled: (problem: string) => `Not cancelled: ${problem}`,
};

/** Names of settings in the table of runs, as on the Jobs page; other settings keep their names. */
export const settings: Readonly<Record<string, string>> = {
  prime: "modulus p",
  train_fraction: "training fraction",
  lr: "learning rate",
  beta1: "Adam β₁",
  beta2: "Adam β₂",
};

export const runs = {
  table: "Runs",
  filter: "Filter",
  filterHint: "Filter: words, p=31, tag=paper",
  toWall: "wall of heads",
  toTable: "table",
  counts: (shown: number, all: number, selected: number) =>
    (shown === all ? common.runs(all) : `${many(shown)} of ${common.runs(all)}`) +
    (selected ? `, ${many(selected)} selected` : ""),
  noColumn: (conditions: readonly string[]) => ` · no column for ${listed(conditions.map(quoted), "or")}`,
  reading: (left: number) => `, reading ${many(left)} more…`,
  allWith: (equal: readonly string[]) => (equal.length ? ` · all with ${equal.join(", ")}` : ""),
  onWall: (most: number, all: number) => ` · the first ${most} of ${many(all)} on the wall`,
  compare: "compare selected",
  compareFirst: (most: number) => `compare the first ${most} selected`,
  selected: "selected",
  select: (run: string) => `Select ${run}`,
  glance: "losses · one head",
  sparkline: (test: string, train: string) => `test loss ${test}, train loss ${train}`,
  label: "Label",
  tags: "Tags, separated by commas",
  hide: "hide",
  unhide: "unhide",
  undo: "undo",
  inTrash: (n: number) => `${common.runs(n)} moved to the trash.`,
  putBack: (n: number) => `${common.runs(n)} restored.`,
  firstOf: (n: number, all: number) => ` of the first ${n} of ${many(all)} runs`,
  selectedInColour: ", selected runs in colour",
  all: "all runs",
  group: (heading: string, name: string, n: number) => `${heading} ${name} (n = ${n})`,
  scatterCounts: (n: number, missing: number, hasMeans: boolean) =>
    `n = ${n}${missing ? ` · ${missing} without a value` : ""}${hasMeans ? " · bars: mean ± standard deviation" : ""} `,
  scatter: (y: string, x: string, n: number) => `${y} against ${x} of ${n} runs`,
  mean: (group: string, mean: string, n: number) => `${group}: mean ${mean}, n = ${n}`,
};

export const trash = {
  empty: "Empty the trash",
  count: (n: number) => (n ? `${common.runs(n)} in the trash.` : "The trash is empty."),
  restore: "restore",
  restoreRun: (run: string) => `Restore ${run}`,
  restored: (n: number) => `${common.runs(n)} restored.`,
  sure: (n: number) => `Delete ${common.runs(n)} permanently`,
  warning: "This cannot be undone. Press again to delete.",
  deleted: (n: number) => `${common.runs(n)} deleted permanently.`,
};

/** The line under the heads; `inputs` is the word for the model's inputs, e.g. pairs. */
export const story = {
  now: (epoch: number, words: string) => `Epoch ${epochWords(epoch)}: ${words}.`,
  allEven: "every head spreads its attention evenly",
  onlyEven: "the head spreads its attention evenly",
  someEven: (heads: number, all: number) => `${heads} of ${all} heads spread their attention evenly`,
  grokked: (since: number) => `the model has grokked: test accuracy has been at least 0.99 since epoch ${epochWords(since)}`,
  memorised: (inputs: string, since: number) =>
    `the training ${inputs} are memorised (since epoch ${epochWords(since)}), but test accuracy is below 0.99`,
  notYetMemorised: (inputs: string) => `the training ${inputs} are not yet memorised`,
  notMemorised: (inputs: string) => `the training ${inputs} are not memorised`,
  notRecorded: "no accuracy is recorded, so it is unknown when the model memorises and groks",
  testIsLow: "test accuracy is below 0.99",
  memorises: (inputs: string, epoch: number) => `around epoch ${epochWords(epoch)} the training ${inputs} are memorised`,
  groks: (epoch: number) => `around epoch ${epochWords(epoch)} the model groks`,
  ahead: (words: readonly string[]) => `${words.join(", ").replace(/^a/, "A")}.`,
  notGrokked: (newest: number, accuracy: number) =>
    `It has not grokked by epoch ${epochWords(newest)} (test accuracy ${valueWords(accuracy, 2)}).`,
  lockedIn: (heads: number, all: number, last: number) => {
    const which = heads === all ? "All heads have" : `${heads} of ${all} heads ${heads === 1 ? "has" : "have"}`;
    return `${which} locked in: their attention stays close to that of epoch ${epochWords(last)}.`;
  },
};

export const wall = {
  open: (name: string) => `Open ${name}`,
  notAnalysed: "not analysed",
  unreadable: (epoch: number) => `epoch ${epochWords(epoch)} cannot be read`,
};

/** Descriptions of the keys, in the sheet of keys. */
export const keys = {
  steps: "previous or next checkpoint; with Shift, ten at a time",
  ends: "first or last checkpoint",
  play: "play or pause",
  digits: "choose the position attended to",
  head: "one head or all heads",
  heads: "previous or next head",
  views: "next or previous view",
  pin: "pin this epoch to compare it",
  help: "show these shortcuts",
  sheet: "keys",
};
