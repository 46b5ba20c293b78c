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
    const [epoch, train, test] = model.get("moments")[frame.getUint32(0, true)];
    const words = `epoch ${epoch.toLocaleString("en-US")}`;
    const isThere = frame.byteLength > 4;
    if (!waiting) slider.value = frame.getUint32(0, true); // the same widget is shown elsewhere, and was moved there
    heads.style.opacity = isThere ? 1 : 0.2;
    if (isThere) paintHeads(frame, words, `train loss ${number(train)} · test loss ${number(test)}`);
    else moment.textContent = `${words} cannot be shown: ${model.get("problem")}`;
    waiting = false;
    ask();
  }

  function paintHeads(frame, words, losses) {
    const setting = model.get("setting");
    const table = model.get("table");
    if (canvases.length !== setting.names.length) {
      heads.replaceChildren();
      heads.style.gridTemplateColumns = `repeat(${Math.min(setting.names.length, 4)}, 1fr)`;
      canvases = setting.names.map((name) => {
        const figure = element(heads, "figure");
        element(figure, "figcaption", { textContent: name });
        return element(figure, "canvas", { title: "a down, b to the right" });
      });
    }
    moment.textContent = `${setting.subject} · ${words} · ${losses}`;
    canvases.forEach((canvas, head) => paint(canvas, frame, 4 + head * setting.p * setting.p, setting, table));
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
  const follow = () => { select.value = model.get("choice"); };
  model.on("change:frame", show);
  model.on("change:choice", follow);
  if (model.get("frame").byteLength) show();
  return () => {
    stop();
    model.off("change:frame", show);
    model.off("change:choice", follow);
  };
}

export default { render };
