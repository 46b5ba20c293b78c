"use strict";

const content = JSON.parse(document.getElementById("content").textContent);
const { moments, names, p, colors, labels, curves } = content;
const cellsOfFrame = names.length * p * p;
const lastEpoch = Math.max(1, moments.at(-1).epoch, curves.train.at(-1)?.[0] ?? 0, curves.test.at(-1)?.[0] ?? 0);
const element = (id) => document.getElementById(id);
const inTheme = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
let cells = null; // one byte per cell and frame
let shown = 0;
let pointed = null;
let timer = null;

// Data ------------------------------------------------------------------------------------------------------------

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

async function inflate(compressed) {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const inflated = new Uint8Array(await new Response(stream).arrayBuffer());
  for (let i = cellsOfFrame; i < inflated.length; i++) inflated[i] += inflated[i - cellsOfFrame]; // modulo 256
  return inflated;
}

const table = bytes(colors.table);
const pixelOf = new Uint32Array(256);
const channels = new Uint8Array(pixelOf.buffer);
for (let step = 0; step < 256; step++) channels.set([...table.subarray(3 * step, 3 * step + 3), 255], 4 * step);

const LEAST_CURVES = 110; // pixels
const rowOf = (a) => (content.origin === "upper" ? a : p - 1 - a);

function nearest(epoch) {
  const distance = (frame) => Math.abs(moments[frame].epoch - epoch);
  return moments.reduce((best, _, frame) => (distance(frame) < distance(best) ? frame : best), 0);
}

// Words -----------------------------------------------------------------------------------------------------------

function lossInWords(loss) {
  if (loss === null) return "–";
  if (loss === 0 || (loss >= 0.001 && loss < 100)) return loss.toPrecision(2);
  return loss.toExponential(1).replace("+", "");
}

function write() {
  const { epoch, test, train } = moments[shown];
  const epochWords = `epoch ${epoch.toLocaleString("en-US")}`;
  element("moment").replaceChildren(
    create("span", {}, epochWords),
    create("span", { className: "test" }, `test loss ${lossInWords(test)}`),
    create("span", { className: "train" }, `train loss ${lossInWords(train)}`),
  );
  element("epoch").value = epoch;
  element("epoch").setAttribute("aria-valuetext", epochWords);
  if (pointed) element("readout").textContent = cellInWords(pointed);
}

function cellInWords({ panel, a, b }) {
  const step = cells[shown * cellsOfFrame + panel * p * p + a * p + b];
  const value = colors.low + (step / 255) * (colors.high - colors.low);
  return `${names[panel]}: ${labels.y} = ${a}, ${labels.x} = ${b}, ${labels.value} ${value.toFixed(2)}`;
}

// Elements --------------------------------------------------------------------------------------------------------

function create(tag, attributes = {}, ...children) {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
}

function axis(kind, ...texts) {
  return create("div", { className: `axis ${kind}` }, ...texts.map((text) => create("span", {}, String(text))));
}

function addPanel(name, panel) {
  const canvas = create("canvas", { width: p, height: p, role: "img", ariaLabel: name });
  const ends = content.origin === "upper" ? [0, p - 1] : [p - 1, 0];
  const vertical = axis("y", ends[0], labels.y, ends[1]);
  const horizontal = axis("x", 0, labels.x, p - 1);
  element("panels").append(create("figure", { className: "panel" }, create("figcaption", {}, name), vertical, canvas, horizontal));
  canvas.addEventListener("pointermove", (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const cell = (pixels, size) => Math.min(p - 1, Math.max(0, Math.floor((pixels / size) * p)));
    pointed = { panel, a: rowOf(cell(event.clientY - top, height)), b: cell(event.clientX - left, width) };
    write();
  });
  return canvas;
}

function addColorBar() {
  const canvas = create("canvas", { width: 1, height: 256 });
  const image = new ImageData(1, 256);
  new Uint32Array(image.data.buffer).set(pixelOf.toReversed());
  canvas.getContext("2d").putImageData(image, 0, 0);
  const ends = [colors.high, colors.low].map((value) => Number(value.toPrecision(3)));
  element("bar").append(canvas, axis("values", ends[0], labels.value, ends[1]));
}

function fit() { // the heads as large as one screen allows; the curves take what height is left
  const heightOf = (selector) => document.querySelector(selector).offsetHeight;
  const width = document.body.clientWidth - 48 - 64;
  const height = innerHeight - 56 - heightOf("header") - heightOf("footer") + heightOf("#losses") - LEAST_CURVES;
  const sideWith = (columns) => {
    const rows = Math.ceil(names.length / columns);
    return Math.min((width - 14 * (columns - 1)) / columns - 28, (height - 6 * (rows - 1)) / rows - 44);
  };
  const choices = names.map((_, index) => index + 1);
  const columns = choices.reduce((best, choice) => (sideWith(choice) > sideWith(best) ? choice : best));
  const side = Math.max(110, sideWith(columns));
  const ratio = devicePixelRatio;
  const whole = Math.floor((side * ratio) / p) * p / ratio; // cells of whole pixels, where they fit
  document.documentElement.style.setProperty("--columns", columns);
  document.documentElement.style.setProperty("--side", `${whole || side}px`);
  const left = height - heightOf("main");
  element("losses").style.height = `${LEAST_CURVES + Math.min(160, Math.max(0, left))}px`;
}

// Drawing ---------------------------------------------------------------------------------------------------------

function drawPanels() {
  canvases.forEach((canvas, panel) => {
    const image = new ImageData(p, p);
    const pixels = new Uint32Array(image.data.buffer);
    const start = shown * cellsOfFrame + panel * p * p;
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) pixels[rowOf(a) * p + b] = pixelOf[cells[start + a * p + b]];
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  });
}

const [LEFT, THUMB] = [52, 8]; // the axis begins where the slider does, and its thumb has a radius
const xOf = (epoch, width) => LEFT + THUMB + (epoch / lastEpoch) * (width - LEFT - 2 * THUMB);
const epochAt = (x, width) => ((x - LEFT - THUMB) / (width - LEFT - 2 * THUMB)) * lastEpoch;

function drawLosses() {
  const canvas = element("losses");
  const { clientWidth: width, clientHeight: height } = canvas;
  Object.assign(canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio });
  const draw = canvas.getContext("2d");
  draw.scale(devicePixelRatio, devicePixelRatio);
  const powers = [...curves.train, ...curves.test].map(([, loss]) => Math.log10(loss));
  const low = Math.floor(powers.reduce((x, y) => Math.min(x, y), 0));
  const high = Math.ceil(powers.reduce((x, y) => Math.max(x, y), 0.1));
  const yOf = (power) => 8 + ((high - power) / (high - low)) * (height - 16);
  const line = (color, width, points) => {
    Object.assign(draw, { strokeStyle: inTheme(color), lineWidth: width });
    draw.beginPath();
    for (const [x, y] of points) draw.lineTo(x, y);
    draw.stroke();
  };
  Object.assign(draw, { fillStyle: inTheme("--muted"), font: "12px Inter, Helvetica, Arial, sans-serif", textAlign: "right", textBaseline: "middle" });
  for (let power = high; power >= low; power -= Math.ceil((high - low) / 4)) {
    line("--line", 1, [[LEFT, yOf(power)], [width, yOf(power)]]);
    draw.fillText(`1e${power}`, LEFT - 6, yOf(power));
  }
  for (const name of ["test", "train"]) {
    line(`--${name}`, 1.7, curves[name].map(([epoch, loss]) => [xOf(epoch, width), yOf(Math.log10(loss))]));
  }
  const x = xOf(moments[shown].epoch, width);
  line("--ink", 2, [[x, 0], [x, height]]);
}

function show(frame) {
  shown = Math.min(moments.length - 1, Math.max(0, frame));
  write();
  drawPanels();
  drawLosses();
}

// Control ---------------------------------------------------------------------------------------------------------

function play(wanted) {
  clearInterval(timer);
  timer = wanted ? setInterval(() => show((shown + 1) % moments.length), 1000 / content.fps) : null;
  element("play").textContent = wanted ? "❚❚" : "▶";
  element("play").ariaLabel = wanted ? "Pause" : "Play";
}

function press(event) {
  const far = event.shiftKey ? 10 : 1;
  const target = { ArrowLeft: shown - far, ArrowRight: shown + far, Home: 0, End: moments.length - 1 }[event.key];
  if (target === undefined && event.key !== " ") return;
  event.preventDefault();
  if (event.key === " ") play(timer === null);
  else show(target);
}

function followSystem() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
    drawLosses();
  };
  dark.addEventListener("change", apply);
  apply();
}

function listen() {
  const losses = element("losses");
  const go = (event) => event.buttons && show(nearest(epochAt(event.offsetX, losses.clientWidth)));
  losses.addEventListener("pointerdown", go);
  losses.addEventListener("pointermove", go);
  element("epoch").addEventListener("input", (event) => show(nearest(event.target.valueAsNumber)));
  element("play").addEventListener("click", () => play(timer === null));
  addEventListener("keydown", press);
  addEventListener("resize", () => { fit(); drawLosses(); });
}

const canvases = names.map(addPanel);

async function start() {
  element("subject").textContent = content.subject;
  element("variant").textContent = content.variant;
  element("epoch").max = lastEpoch;
  addColorBar();
  cells = await inflate(bytes(content.cells));
  if (document.documentElement.dataset.theme === "auto") followSystem();
  listen();
  show(moments.length - 1);
  fit();
  drawLosses();
}

start();
