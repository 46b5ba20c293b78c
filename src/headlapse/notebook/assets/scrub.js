// Paints the frames that the kernel sends. One question is open at a time, so fast scrubbing never queues up.

const number = (value) => {
  if (value === null) return "–";
  if (value === 0 || (value >= 0.001 && value < 100)) return value.toPrecision(2);
  return value.toExponential(1).replace("e+", "e");
};

function element(parent, tag, properties = {}) {
  return parent.appendChild(Object.assign(document.createElement(tag), properties));
}

function paint(canvas, cells, start, setting, table) {
  const { p, origin } = setting;
  canvas.width = canvas.height = p;
  const image = new ImageData(p, p);
  for (let a = 0; a < p; a++) {
    const row = origin === "upper" ? a : p - 1 - a;
    for (let b = 0; b < p; b++) {
      const color = 3 * cells.getUint8(start + a * p + b);
      const pixel = 4 * (row * p + b);
      for (let channel = 0; channel < 3; channel++) image.data[pixel + channel] = table.getUint8(color + channel);
      image.data[pixel + 3] = 255;
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function render({ model, el }) {
  const root = element(el, "div", { className: "headlapse-scrub" });
  const bar = element(root, "div", { className: "bar" });
  const play = element(bar, "button", { textContent: "▶", title: "play" });
  const last = model.get("moments").length - 1;
  const slider = element(bar, "input", { type: "range", min: 0, max: last, value: model.get("index"), ariaLabel: "epoch" });
  const select = element(bar, "select", { ariaLabel: "what to show" });
  for (const [value, label] of model.get("choices")) element(select, "option", { value, textContent: label });
  select.value = model.get("choice");
  select.hidden = model.get("choices").length < 2;
  const moment = element(root, "div", { className: "moment" });
  const heads = element(root, "div", { className: "heads" });
  let canvases = [];
  let waiting = false;
  let timer = null;

  function ask() {
    if (waiting || Number(slider.value) === model.get("index")) return;
    waiting = true;
    model.set("index", Number(slider.value));
    model.save_changes();
  }

  function show() {
    const frame = model.get("frame");
    const setting = model.get("setting");
    const table = model.get("table");
    const index = frame.getUint32(0, true);
    if (canvases.length !== setting.names.length) {
      heads.replaceChildren();
      heads.style.gridTemplateColumns = `repeat(${Math.min(setting.names.length, 4)}, 1fr)`;
      canvases = setting.names.map((name) => {
        const figure = element(heads, "figure");
        element(figure, "figcaption", { textContent: name });
        return element(figure, "canvas", { title: "a down, b to the right" });
      });
    }
    const [epoch, train, test] = model.get("moments")[index];
    const losses = `train loss ${number(train)} · test loss ${number(test)}`;
    moment.textContent = `${setting.subject} · epoch ${epoch.toLocaleString("en-US")} · ${losses}`;
    canvases.forEach((canvas, head) => paint(canvas, frame, 4 + head * setting.p * setting.p, setting, table));
    waiting = false;
    ask();
  }

  function step() {
    if (Number(slider.value) >= last) return stop();
    if (!waiting) slider.value = Number(slider.value) + 1;
    ask();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "▶";
  }

  play.onclick = () => {
    if (timer) return stop();
    if (Number(slider.value) >= last) slider.value = 0;
    play.textContent = "❚❚";
    timer = setInterval(step, 80);
  };
  slider.oninput = ask;
  select.onchange = () => {
    model.set("choice", select.value);
    model.save_changes();
  };
  model.on("change:frame", show);
  if (model.get("frame").byteLength) show();
  return stop;
}

export default { render };
