// The course's interactive figures: custom elements in one module that needs no other.
//
// The first half is arithmetic, on numbers and arrays alone: tests/test_explorer_*.py hold it to
// helpers, outside of any browser. The second half draws. Elements are used in notebooks
// (helpers/explore), in the book and on a page of their own (index.html).

// ------------------------------------------------------------------------------ arithmetic: checks

// What cannot be, said in words; the engine has RangeErrors of its own.
class Refusal extends RangeError {}

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

function asWhole(value, name, low, high) {
  if (!Number.isInteger(value) || value < low || value > (high ?? Infinity)) {
    const range = high === undefined ? `of at least ${low}` : `from ${low} to ${high}`;
    throw new Refusal(`${name} is ${spell(value)}; expected a whole number ${range}`);
  }
  return value;
}

function asNumber(value, name, low, high) {
  if (typeof value !== "number" || !(value >= low && value <= high) || !Number.isFinite(value)) {
    throw new Refusal(`${name} is ${spell(value)}; expected a number from ${show(low)} to ${show(high)}`);
  }
  return value;
}

function asChoice(value, name, choices) {
  if (!choices.includes(value)) {
    throw new Refusal(`${name} is ${spell(value)}; expected one of ${choices.join(", ")}`);
  }
  return value;
}

function asTable(value, name, largest) {
  const sound = Array.isArray(value) && value.length && Array.isArray(value[0]) && value[0].length;
  if (!sound || value.some((row) => !Array.isArray(row) || row.length !== value[0].length)) {
    throw new Refusal(`${name} is no table; expected rows of numbers, all of one length`);
  }
  value.forEach((row, r) => row.forEach((number, c) => {
    if (typeof number !== "number" || !Number.isFinite(number)) {
      throw new Refusal(`${name} holds ${spell(number)} in row ${r}, column ${c}; expected a number`);
    }
  }));
  if (largest && Math.max(value.length, value[0].length) > largest) {
    throw new Refusal(`${name} is ${value.length}×${value[0].length}; expected at most ${largest}×${largest}`);
  }
  return value;
}

const spell = (value) => (typeof value === "string" ? `“${value}”` : String(value));

const table = (rows, columns, at) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => at(r, c)));

const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

// ------------------------------------------------------------- arithmetic: convolution and pooling

// How many windows fit along one axis, as helpers.geometry.conv_output_size counts them.
export function outputSize(size, kernel, stride = 1, padding = 0, dilation = 1) {
  asWhole(size, "size", 1);
  asWhole(kernel, "kernel", 1);
  asWhole(stride, "stride", 1);
  asWhole(padding, "padding", 0);
  asWhole(dilation, "dilation", 1);
  const span = dilation * (kernel - 1) + 1;
  if (span > size + 2 * padding) {
    const wide = dilation > 1 ? `, with dilation ${dilation} a span of ${span}` : "";
    throw new Refusal(`kernel is ${kernel}${wide}; expected at most ${size + 2 * padding}, the padded size`);
  }
  return Math.floor((size + 2 * padding - span) / stride) + 1;
}

// Which pixel a padded place repeats, or -1 for a zero.
export function sourceOf(index, size, mode) {
  if (index >= 0 && index < size) return index;
  if (mode === "reflect") return index < 0 ? -index : 2 * (size - 1) - index;
  if (mode === "replicate") return index < 0 ? 0 : size - 1;
  if (mode === "circular") return ((index % size) + size) % size;
  return -1;
}

export function pad2d(image, padding, mode = "zeros") {
  const [height, width] = [image.length, image[0].length];
  asChoice(mode, "padding mode", PADDING_MODES);
  if (mode === "reflect" && padding >= Math.min(height, width)) {
    throw new Refusal(`padding is ${padding}; reflecting can add at most ${Math.min(height, width) - 1} here`);
  }
  return table(height + 2 * padding, width + 2 * padding, (r, c) => {
    const [row, column] = [sourceOf(r - padding, height, mode), sourceOf(c - padding, width, mode)];
    return row < 0 || column < 0 ? 0 : image[row][column];
  });
}

const flipped = (kernel) => kernel.map((row) => [...row].reverse()).reverse();

// One channel of helpers.ops.conv2d; with `flip` a convolution proper, as helpers.ops.convolve2d.
export function conv2d(image, kernel, { stride = 1, padding = 0, dilation = 1, mode = "zeros", flip = false } = {}) {
  const rows = outputSize(image.length, kernel.length, stride, padding, dilation);
  const columns = outputSize(image[0].length, kernel[0].length, stride, padding, dilation);
  const padded = padding ? pad2d(image, padding, mode) : image;
  const weights = flip ? flipped(kernel) : kernel;
  return table(rows, columns, (i, j) => {
    let sum = 0;
    for (let u = 0; u < weights.length; u += 1) {
      const row = padded[i * stride + u * dilation];
      for (let v = 0; v < weights[0].length; v += 1) sum += weights[u][v] * row[j * stride + v * dilation];
    }
    return sum;
  });
}

// What one output adds up: for each weight the padded image's place, its value, and their product.
export function windowTerms(image, kernel, i, j, { stride = 1, padding = 0, dilation = 1, mode = "zeros", flip = false } = {}) {
  const padded = padding ? pad2d(image, padding, mode) : image;
  const weights = flip ? flipped(kernel) : kernel;
  return weights.flatMap((row, u) => row.map((weight, v) => {
    const [r, c] = [i * stride + u * dilation, j * stride + v * dilation];
    return { row: r, column: c, value: padded[r][c], weight, product: weight * padded[r][c] };
  }));
}

const POOLS = {
  max: (values) => Math.max(...values),
  average: (values) => total(values) / values.length,
  soft: (values) => {
    const largest = Math.max(...values);
    const weights = values.map((value) => Math.exp(value - largest));
    return largest + total(values.map((value, k) => weights[k] * (value - largest))) / total(weights);
  },
};

// The pixels in one window of a pooling; what hangs over the border is left out.
export function poolWindow(image, i, j, kernel, stride = kernel, padding = 0) {
  const places = [];
  for (let r = i * stride - padding; r < i * stride - padding + kernel; r += 1) {
    for (let c = j * stride - padding; c < j * stride - padding + kernel; c += 1) {
      if (r in image && c in image[0]) places.push({ row: r, column: c, value: image[r][c] });
    }
  }
  return places;
}

// helpers.ops.max_pool2d, avg_pool2d (exclusive) and, without padding, soft_pool2d; one channel.
export function pool2d(image, kind, kernel, stride = kernel, padding = 0) {
  asChoice(kind, "kind", Object.keys(POOLS));
  if (padding >= kernel) {
    throw new Refusal(`padding is ${padding}; expected less than the window, ${kernel}, or a window would hold nothing but padding`);
  }
  const [rows, columns] = [image.length, image[0].length].map((size) => outputSize(size, kernel, stride, padding));
  return table(rows, columns, (i, j) =>
    POOLS[kind](poolWindow(image, i, j, kernel, stride, padding).map((place) => place.value)));
}

// The image moved by whole pixels; what comes in is 0.
export const shifted = (image, down, right) =>
  table(image.length, image[0].length, (r, c) => image[r - down]?.[c - right] ?? 0);

// --------------------------------------------------------------------------- arithmetic: geometry

// A layer is {kernel, stride, padding, dilation}. One row a layer, the input first, as
// helpers.geometry.receptive_field counts.
export function receptiveField(layers, size) {
  const rows = [{ size: asWhole(size, "size", 1), jump: 1, field: 1, start: 0 }];
  for (const { kernel, stride, padding, dilation } of layers) {
    const below = rows.at(-1);
    rows.push({
      size: outputSize(below.size, kernel, stride, padding, dilation),
      jump: below.jump * stride,
      field: below.field + dilation * (kernel - 1) * below.jump,
      start: below.start + ((dilation * (kernel - 1)) / 2 - padding) * below.jump,
    });
  }
  return rows;
}

const taps = ({ kernel, stride, padding, dilation }, output) =>
  Array.from({ length: kernel }, (_, k) => output * stride - padding + k * dilation);

// The positions of every level that one position depends on (below) and reaches (above).
export function connections(layers, size, level, index) {
  const sizes = receptiveField(layers, size).map((row) => row.size);
  const found = sizes.map(() => new Set());
  found[level].add(index);
  for (let l = level; l > 0; l -= 1) {
    for (const output of found[l]) {
      for (const place of taps(layers[l - 1], output)) {
        if (place >= 0 && place < sizes[l - 1]) found[l - 1].add(place);
      }
    }
  }
  for (let l = level; l < layers.length; l += 1) {
    for (let output = 0; output < sizes[l + 1]; output += 1) {
      if (taps(layers[l], output).some((place) => found[l].has(place))) found[l + 1].add(output);
    }
  }
  return found.map((places) => [...places].sort((a, b) => a - b));
}

// The positions of every level that no output of the last layer depends on.
export function unread(layers, size) {
  const sizes = receptiveField(layers, size).map((row) => row.size);
  let read = new Set(Array(sizes.at(-1)).keys());
  const lost = [[]];
  for (let l = layers.length - 1; l >= 0; l -= 1) {
    read = new Set([...read].flatMap((output) => taps(layers[l], output)).filter((place) => place >= 0 && place < sizes[l]));
    lost.unshift([...Array(sizes[l]).keys()].filter((place) => !read.has(place)));
  }
  return lost;
}

// ------------------------------------------------- arithmetic: activation, normalisation, dropout

// 1 - erf(x) for x >= 0: a series where it converges fast, else a continued fraction (Abramowitz
// and Stegun 1964, 7.1.6 and 7.1.14); JavaScript has neither function.
function erfc(x) {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; term > 1e-17 * sum; n += 1) sum += term *= (2 * x * x) / (2 * n + 1);
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let tail = x;
  for (let n = 80; n > 0; n -= 1) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const below = (x) => (x >= 0 ? 1 - erfc(x / Math.SQRT2) / 2 : erfc(-x / Math.SQRT2) / 2);

// Each activation of helpers.ops with its slope.
export const ACTIVATIONS = {
  relu: [(x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
  leaky_relu: [(x) => (x < 0 ? 0.01 * x : x), (x) => (x < 0 ? 0.01 : 1)],
  sigmoid: [sigmoid, (x) => sigmoid(x) * sigmoid(-x)],
  tanh: [Math.tanh, (x) => 4 * sigmoid(2 * x) * sigmoid(-2 * x)],
  silu: [(x) => x * sigmoid(x), (x) => sigmoid(x) * (1 + x * sigmoid(-x))],
  gelu: [(x) => x * below(x), (x) => below(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)],
};

// A chain of layers with one unit each, y = f(weight · x): all values, and how fast the last one
// changes with each of them.
export function chain(x, weight, depth, name) {
  const [bend, slope] = ACTIVATIONS[asChoice(name, "activation", Object.keys(ACTIVATIONS))];
  const values = [x];
  for (let l = 0; l < depth; l += 1) values.push(bend(weight * values[l]));
  const gradients = [1];
  for (let l = depth - 1; l >= 0; l -= 1) gradients.unshift(gradients[0] * weight * slope(weight * values[l]));
  return { values, gradients };
}

// One feature of helpers.ops.batch_norm; in training the running statistics move, too.
export function batchNorm(x, { runningMean = 0, runningVar = 1, weight = 1, bias = 0, training = true, momentum = 0.9, epsilon = 1e-5 } = {}) {
  const mean = total(x) / x.length;
  const variance = total(x.map((value) => (value - mean) ** 2)) / x.length;
  const [centre, spread] = training ? [mean, variance] : [runningMean, runningVar];
  const y = x.map((value) => ((value - centre) / Math.sqrt(spread + epsilon)) * weight + bias);
  const share = training ? 1 - momentum : 0;
  return {
    y, mean, variance,
    runningMean: (1 - share) * runningMean + share * mean,
    runningVar: (1 - share) * runningVar + share * variance,
  };
}

export const DROPOUT_MODES = ["upscale_in_train", "downscale_in_infer"];

// helpers.ops.dropout; a mask holds true for what is kept.
export function dropout(x, mask, p, { mode = "upscale_in_train", training = true } = {}) {
  asNumber(p, "p", 0, 1);
  const early = asChoice(mode, "mode", DROPOUT_MODES) === "upscale_in_train";
  if (!training) return x.map((value) => (early ? value : value * (1 - p)));
  return x.map((value, k) => (mask[k] ? (early ? value / (1 - p || 1) : value) : 0));
}

// The same random numbers from 0 to 1 everywhere, for a seed: "mulberry32", in the public domain.
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// ---------------------------------------------------------------------- arithmetic: a small network

// Conv 3×3 (padding 1) – ReLU – max pool 2 – linear – ReLU – linear, as chapter 13 trains it.
// network: {kernels (K, 3, 3), biases (K), first {weight (16 K, U), bias}, last {weight (U, 10), bias}}.
// erased: numbers of kernels whose map is set to 0.
export function forward(network, pixels, erased = []) {
  const sums = network.kernels.map((kernel, k) =>
    conv2d(pixels, kernel, { padding: 1 }).map((row) => row.map((sum) => sum + network.biases[k])));
  const maps = sums.map((map, k) =>
    map.map((row) => row.map((sum) => (erased.includes(k) ? 0 : Math.max(sum, 0)))));
  const pooled = maps.map((map) => pool2d(map, "max", 2));
  const hiddenSums = dense(pooled.flat(2), network.first);
  const hidden = hiddenSums.map((sum) => Math.max(sum, 0));
  const scores = dense(hidden, network.last);
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const shares = powers.map((power) => power / total(powers));
  return { sums, maps, pooled, hiddenSums, hidden, scores, shares, label: scores.indexOf(largest) };
}

const dense = (x, { weight, bias }) => bias.map((start, j) => start + total(x.map((value, i) => value * weight[i][j])));

// How the score of one class changes with each pixel: back through every layer.
// found: what `forward` returned, if it is at hand.
export function inputGradient(network, pixels, label, erased = [], found = forward(network, pixels, erased)) {
  const { sums, maps, pooled, hiddenSums } = found;
  const onHidden = hiddenSums.map((sum, u) => (sum > 0 ? network.last.weight[u][label] : 0));
  const onFlat = network.first.weight.map((row) => total(row.map((weight, u) => weight * onHidden[u])));
  const [height, width] = [pixels.length, pixels[0].length];
  const [rows, columns] = [pooled[0].length, pooled[0][0].length];
  const gradient = table(height, width, () => 0);
  onFlat.forEach((amount, place) => {
    const k = Math.floor(place / (rows * columns));
    const [i, j] = [Math.floor(place / columns) % rows, place % columns];
    // The first of the largest values passes the gradient on, if ReLU let it through.
    const winner = poolWindow(maps[k], i, j, 2).find(({ value }) => value === pooled[k][i][j]);
    if (!amount || erased.includes(k) || sums[k][winner.row][winner.column] <= 0) return;
    network.kernels[k].forEach((row, u) => row.forEach((weight, v) => {
      const [r, c] = [winner.row + u - 1, winner.column + v - 1];
      if (r in gradient && c in gradient[0]) gradient[r][c] += amount * weight;
    }));
  });
  return gradient;
}

// Strokes are lists of points [x, y] from 0 to 1. The pen's ink on side×side pixels, 0 or 1; with
// `fit` the drawing is first moved and enlarged to fill the height or the width, as the digits do
// that the network learned from.
export function rasterise(strokes, { side = 32, radius = 2, fit = true } = {}) {
  const points = strokes.flat();
  if (!points.length) return table(side, side, () => 0);
  let place = (point) => point.map((part) => part * side);
  if (fit) {
    const low = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
    const extent = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])) - low[axis]);
    const scale = (side - 2 * radius) / Math.max(...extent, 0.1);
    place = (point) => point.map((part, axis) => (part - low[axis] - extent[axis] / 2) * scale + side / 2);
  }
  const bitmap = table(side, side, () => 0);
  for (const stroke of strokes) {
    const placed = stroke.map(place);
    placed.forEach((end, k) => ink(bitmap, placed[Math.max(k - 1, 0)], end, radius));
  }
  return bitmap;
}

function ink(bitmap, [ax, ay], [bx, by], radius) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const range = (a, b) => [Math.max(0, Math.floor(Math.min(a, b) - radius)), Math.min(bitmap.length - 1, Math.ceil(Math.max(a, b) + radius))];
  const [[left, right], [top, bottom]] = [range(ax, bx), range(ay, by)];
  for (let r = top; r <= bottom; r += 1) {
    for (let c = left; c <= right; c += 1) {
      const [px, py] = [c + 0.5 - ax, r + 0.5 - ay];
      const along = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      if ((px - along * dx) ** 2 + (py - along * dy) ** 2 <= radius * radius) bitmap[r][c] = 1;
    }
  }
}

// The share of ink in each block, as the digits' 8×8 pixels were counted out of 32×32.
export const toPixels = (bitmap, block = 4) => pool2d(bitmap, "average", block);

// Numbers as they are shown: rounded, with a real minus sign. In a cell all are rounded alike.
const short = (number, digits) => String(Number(number.toFixed(digits)) + 0).replace("-", "−");

// With at most seven signs, so that a cell can hold it.
const fitting = (number, digits) => {
  const text = short(number, digits);
  return text.length > 7 ? show(number, Math.abs(number) < 1e5 ? 0 : 2).slice(0, 9) : text;
};

// A number within a sum: three digits that count, in brackets where a sign would stand beside another.
const factor = (number) => {
  const text = show(Number(number.toPrecision(3)), 4);
  return /^−|·/.test(text) ? `(${text})` : text;
};

// Terms written out, and whether what is written gives what is shown.
function written(terms, rest, sum) {
  const value = (text) => Number(text.replace(/[()]/g, "").replace("−", "-"));
  const parts = terms.map((term) => [factor(term.value), factor(term.weight)]);
  const shown = show(sum, 4);
  const exact = total(parts.map(([a, b]) => value(a) * value(b))) + total(rest.map((part) => value(factor(part))));
  const close = Math.abs(exact - value(shown)) < 1e-9 * Math.max(1, Math.abs(exact));
  return { products: parts.map(([a, b]) => `${a}·${b}`), equal: close ? "=" : "≈", shown };
}

export function show(number, digits = 2) {
  if (!Number.isFinite(number)) return String(number).replace("-", "−");
  const size = Math.abs(number);
  if (size && (size < 0.5 * 10 ** -digits || size >= 1e5)) {
    const [head, power] = number.toExponential(1).split("e");
    const raised = [...power.replace("+", "")].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("");
    return `${head}·10${raised}`.replace("-", "−");
  }
  return String(Number(number.toFixed(digits))).replace("-", "−");
}

// ------------------------------------------------------------------------ drawing: what all share

const STYLE = `
:host { display: block; container-type: inline-size; color: var(--ink); background: var(--paper);
  font: 15px/1.45 system-ui, sans-serif; padding: 12px; border: 1px solid var(--line); border-radius: 8px;
  margin: 12px 0; --ink: #222222; --paper: #ffffff; --line: #767676; --soft: #f1f1f1; --faint: #595959;
  --window: #E69F00; --kernel: #0072B2; --output: #009E73; --alert: #B34700; color-scheme: light; }
:host([data-dark]) { --ink: #ececec; --paper: #1b1b1b; --line: #8c8c8c; --soft: #2e2e2e; --faint: #b8b8b8;
  --window: #F0B030; --kernel: #56B4E9; --output: #2CC79B; --alert: #FF9255; color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.controls, .board, .layer { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: flex-end; }
.board { align-items: flex-start; margin-top: 10px; gap: 12px 22px; }
.part { min-width: 0; max-width: 100%; overflow-x: auto; padding: 3px; margin: -3px; }
.caption { margin: 0 0 4px; font-weight: 600; font-size: 14px; }
.field { display: inline-flex; flex-direction: column; gap: 2px; }
label { font-size: 13px; }
label.tick { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; }
input, select, button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 4px; min-height: 32px; padding: 2px 8px; }
.controls input[type=number], .layer input { width: 5em; }
input[type=range] { padding: 0; width: 150px; accent-color: var(--kernel); }
input[type=checkbox] { min-height: 18px; width: 18px; accent-color: var(--kernel); }
button { background: var(--soft); cursor: pointer; }
button[aria-pressed=true] { background: var(--kernel); color: var(--paper); border-color: var(--kernel); }
[aria-invalid=true] { outline: 2px solid var(--alert); }
:focus-visible { outline: 3px solid var(--kernel); outline-offset: 1px; z-index: 2; }
.grid { display: inline-block; --cell: max(26px, var(--most) * 7px + 4px, min(var(--largest, 34px), (100cqw - 36px) / var(--columns))); border: 1px solid var(--line); }
.row { display: flex; }
.cell { width: var(--cell); height: var(--cell); position: relative; border: 1px solid var(--soft); text-align: center;
  line-height: calc(var(--cell) - 2px); font-size: min(15px, var(--cell) * .42, (var(--cell) - 4px) / (var(--chars) * .7)); white-space: nowrap;
  font-variant-numeric: tabular-nums; background: var(--tint, transparent); overflow: hidden; }
.cell.outer { color: var(--faint); font-style: italic; background: var(--soft); }
.cell input { all: unset; width: 100%; height: 100%; text-align: center; cursor: text; }
.cell input:focus-visible { outline: 3px solid var(--kernel); outline-offset: -3px; }
.cell.window { box-shadow: inset 0 0 0 3px var(--window); }
.cell.weight { box-shadow: inset 0 0 0 2px var(--kernel); }
.cell.reads { box-shadow: inset 0 0 0 3px var(--kernel); }
.cell.chosen { box-shadow: inset 0 0 0 3px var(--output); font-weight: 700; }
.cell.changed::after { content: ""; position: absolute; right: 0; top: 0; border: 5px solid; border-color: var(--alert) var(--alert) transparent transparent; }
.readout, .sum { margin: 10px 0 0; min-height: 3em; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.alert { color: var(--alert); font-weight: 600; margin: 6px 0 0; min-height: 1.45em; }
.hint { color: var(--faint); font-size: 13px; margin: 6px 0 0; }
.picture { position: relative; line-height: 0; width: fit-content; max-width: 100%; touch-action: pan-y; }
.picture.paper { touch-action: none; }
canvas { max-width: 100%; image-rendering: pixelated; border: 1px solid var(--line); display: block; }
.box { position: absolute; border: 2px solid var(--window); outline: 1px solid #000; pointer-events: none; }
svg { display: block; width: 100%; max-width: 720px; height: auto; touch-action: pan-y; }
svg text { fill: var(--ink); font-size: 13px; }
svg text.inside { fill: var(--paper); }
svg .axis { stroke: var(--line); stroke-width: 1; }
svg [role=slider] { cursor: ew-resize; }
.strip { position: relative; height: calc(var(--unit) + 2px); }
.spot { position: absolute; width: calc(var(--unit) * .9); height: var(--unit); border: 1px solid var(--line); background: var(--paper); padding: 0; border-radius: 2px; }
.spot.seen { background: var(--window); }
.spot.reached { background: var(--output); }
.spot.chosen { outline: 3px solid var(--ink); outline-offset: -1px; background: var(--kernel); }
.spot.unread { background: repeating-linear-gradient(45deg, var(--alert) 0 3px, var(--paper) 3px 6px); border-color: var(--alert); }
.links { display: block; width: 100%; max-width: none; height: 22px; }
.links line { stroke: var(--line); opacity: .35; stroke-width: 1; vector-effect: non-scaling-stroke; }
.links line.on { stroke: var(--ink); opacity: 1; stroke-width: 1.5; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
td, th { border: 1px solid var(--line); padding: 2px 8px; text-align: right; }
.scroll { overflow-x: auto; }
.maps { display: flex; flex-wrap: wrap; gap: 8px; }
.bars { display: grid; grid-template-columns: auto 1fr auto; gap: 2px 8px; align-items: center; width: min(280px, 100cqw - 30px); font-variant-numeric: tabular-nums; }
.bars .bar { height: 14px; background: var(--kernel); min-width: 1px; }
.bars .best { background: var(--output); outline: 2px solid var(--ink); }
@media (prefers-reduced-motion: no-preference) { .bars .bar { transition: width .1s; } }
`;

function make(tag, attributes = {}, ...children) {
  const drawn = ["svg", "line", "path", "circle", "text", "rect", "g", "polygon"].includes(tag);
  const node = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat());
  return node;
}

let labels = 0;

// A control with its name above it.
function labelled(text, control) {
  labels += 1;
  control.id = `control-${labels}`;
  return make("div", { class: "field" }, make("label", { for: control.id }, text), control);
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// Arrow keys among rows of nodes, of which one at a time can be reached with Tab.
class Rover {
  constructor(frame) {
    this.rows = [];
    this.at = [0, 0];
    frame.addEventListener("keydown", (event) => this.press(event));
    frame.addEventListener("focusin", (event) => this.rows.forEach((row, r) => {
      const c = row.indexOf(event.target);
      if (c >= 0) this.stop(r, c);
    }));
  }

  take(rows) {
    this.rows = rows;
    rows.flat().forEach((node) => node.setAttribute("tabindex", "-1"));
    this.stop(...this.at);
  }

  stop(r, c) {
    this.rows[this.at[0]]?.[this.at[1]]?.setAttribute("tabindex", "-1");
    const row = Math.max(0, Math.min(r, this.rows.length - 1));
    this.at = [row, Math.max(0, Math.min(c, (this.rows[row]?.length ?? 1) - 1))];
    const node = this.rows[this.at[0]]?.[this.at[1]];
    node?.setAttribute("tabindex", "0");
    return node;
  }

  press(event) {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const node = this.stop(this.at[0] + step[0], this.at[1] + step[1]);
    node?.focus();
    node?.select?.();
  }
}

// A table of numbers: shown, pointed at, and edited where `editable` says so.
class Grid {
  constructor({ label, onPoint, onEdit, onBad, editable = () => false, largest, digits = 2 }) {
    Object.assign(this, { label, onPoint, onEdit, onBad, editable, digits });
    this.node = make("div", { class: "grid", role: "grid", "aria-label": label });
    if (largest) this.node.style.setProperty("--largest", `${largest}px`);
    this.rover = new Rover(this.node);
    this.cells = [];
  }

  // values: rows of numbers; classes(r, c): the marks of a cell.
  show(values, classes = () => "") {
    const shape = `${values.length}×${values[0].length} ${values.map((row, r) => row.map((_, c) => +this.editable(r, c)).join("")).join("")}`;
    if (shape !== this.shape) this.build(values);
    this.shape = shape;
    const limit = Math.max(...values.flat().map(Math.abs)) || 1;
    let most = 1;
    values.forEach((row, r) => row.forEach((value, c) => {
      const { cell, target } = this.cells[r][c];
      const text = fitting(value, target === cell ? this.digits : 4);
      cell.shown = text;
      most = Math.max(most, text.length);
      const name = `cell ${classes(r, c)}`;
      if (cell.className !== name) cell.className = name;
      const share = Math.round((42 * Math.abs(value)) / limit);
      const tint = `color-mix(in srgb, var(--${value < 0 ? "kernel" : "window"}) ${share}%, var(--paper))`;
      if (cell.tint !== tint) cell.style.setProperty("--tint", (cell.tint = tint));
      if (cell.chars !== text.length) cell.style.setProperty("--chars", (cell.chars = text.length));
      // What is being typed stays as it is.
      if (target === cell && cell.textContent !== text) cell.textContent = text;
      else if (target !== cell && !target.matches(":focus")) target.value = text;
    }));
    this.node.style.setProperty("--most", most);
  }

  build(values) {
    this.node.style.setProperty("--columns", values[0].length);
    this.cells = values.map((row, r) => row.map((_, c) => this.cell(r, c)));
    this.node.replaceChildren(...this.cells.map((row) => make("div", { class: "row", role: "row" }, row.map(({ cell }) => cell))));
    this.rover.take(this.cells.map((row) => row.map(({ target }) => target)));
  }

  cell(r, c) {
    const cell = make("div", { role: "gridcell" });
    const point = () => this.onPoint?.(r, c);
    cell.addEventListener("pointerenter", point);
    cell.addEventListener("focusin", point);
    if (!this.editable(r, c)) return { cell, target: cell };
    const input = make("input", { type: "text", inputmode: "text", "aria-label": `${this.label}, row ${r}, column ${c}`, autocomplete: "off" });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => {
      cell.style.setProperty("--chars", (cell.chars = Math.max(1, input.value.length)));
      if (/^[-−+]?[.,]?$/.test(input.value)) return; // a number that has only begun
      const value = Number(input.value.replace(",", ".").replace("−", "-"));
      const sound = Number.isFinite(value) && Math.abs(value) <= 999;
      if (sound) input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
      if (sound) this.onEdit(r, c, value);
      else this.onBad(`${this.label} holds ${spell(input.value)} in row ${r}, column ${c}; expected a number from −999 to 999`);
    });
    input.addEventListener("blur", () => {
      const wrong = input.getAttribute("aria-invalid");
      input.removeAttribute("aria-invalid");
      input.value = cell.shown;
      cell.style.setProperty("--chars", (cell.chars = cell.shown.length));
      if (wrong) this.onBad("");
    });
    cell.append(input);
    return { cell, target: input };
  }
}

// Where a picture is drawn number by number: grey, or with a sign blue and orange around white.
function paint(canvas, values, { signed = false, limit } = {}) {
  const [height, width] = [values.length, values[0].length];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(width, height);
  const largest = limit ?? (values.reduce((most, row) => row.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0) || 1);
  values.forEach((row, r) => row.forEach((value, c) => {
    const at = 4 * (r * width + c);
    const share = Math.min(1, Math.abs(value) / largest);
    const end = !signed ? null : value < 0 ? [0, 40, 110] : [200, 110, 0];
    for (let k = 0; k < 3; k += 1) pixels.data[at + k] = end ? 255 + share * (end[k] - 255) : 255 * Math.min(1, Math.max(0, value / largest));
    pixels.data[at + 3] = 255;
  }));
  context.putImageData(pixels, 0, 0);
}

// Is what an element stands on dark? The page says so by the colour behind it.
function onDark(node) {
  for (let place = node; place; place = place.parentElement ?? place.getRootNode().host) {
    const parts = getComputedStyle(place).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (parts.length === 3 || parts[3] > 0.5) return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 110;
  }
  return false;
}

class Explorer extends (globalThis.HTMLElement ?? Object) {
  connectedCallback() {
    // JupyterLab moves outputs about, and would take the arrow keys for itself.
    this.dataset.lmSuppressShortcuts = "true";
    if (!this.shadowRoot) this.open();
    this.watch = new MutationObserver(() => this.match());
    for (const node of [document.documentElement, document.body]) this.watch.observe(node, { attributes: true });
    this.match();
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.rematch = () => requestAnimationFrame(() => this.match());
    this.scheme.addEventListener("change", this.rematch);
    this.frame = new ResizeObserver(() => this.measure());
    this.frame.observe(this.controls);
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.frame?.disconnect();
    this.scheme?.removeEventListener("change", this.rematch);
    this.leave?.();
  }

  match() {
    if (this.parentElement) this.toggleAttribute("data-dark", onDark(this.parentElement));
  }

  // Drawings are as wide as there is room for, so that their letters keep their size.
  measure() {
    const width = Math.max(280, Math.min(720, Math.round(this.controls.clientWidth)));
    if (width === this.width) return;
    this.width = width;
    this.resized?.();
  }

  open() {
    this.width = 720;
    this.attachShadow({ mode: "open" });
    this.controls = make("div", { class: "controls" });
    this.board = make("div", { class: "board" });
    this.readout = make("p", { class: "readout", role: "status" });
    this.alert = make("p", { class: "alert", role: "alert" });
    this.shadowRoot.append(make("style", {}, STYLE), this.controls, this.alert, this.board, this.readout);
    this.start();
    if (this.warning) this.complain(this.warning);
  }

  // Read an attribute that holds JSON; what is wrong with it is said, and the default taken.
  given(name, fallback, check = (value) => value) {
    if (!this.hasAttribute(name)) return fallback;
    try {
      return check(JSON.parse(this.getAttribute(name)), name);
    } catch (error) {
      this.warning = error instanceof Refusal ? error.message : `${name} is no JSON: ${error.message}`;
      return fallback;
    }
  }

  // What colours mean, in a line.
  explain(words) {
    this.shadowRoot.append(make("p", { class: "hint" }, words));
  }

  complain(message) {
    if (this.alert.textContent !== message) this.alert.textContent = message;
  }

  say(message) {
    if (this.readout.textContent !== message) this.readout.textContent = message;
  }

  // Change options and draw; what cannot be is said, and what was drawn last stays.
  try(changes, quiet = false) {
    try {
      Object.assign(this.options, changes);
      this.draw();
      this.sound = { ...this.options };
      if (!quiet) this.complain("");
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.options = { ...(this.sound ?? { ...this.options, ...this.defaults }) };
      this.draw();
      this.sound = { ...this.options };
      this.complain(error.message);
      return false;
    }
  }

  part(caption, ...nodes) {
    const part = make("div", { class: "part" }, make("p", { class: "caption" }, caption), ...nodes);
    this.board.append(part);
    return part;
  }

  // A whole number that is read from the options and written there, or by other functions.
  field(label, key, low, high, { read = () => this.options[key], change = (changes) => this.try(changes) } = {}) {
    const input = make("input", { type: "number", min: low, max: high, step: 1, value: read() });
    input.addEventListener("input", () => {
      let sound = false;
      try {
        const value = input.value === "" ? "" : Number(input.value);
        sound = change({ [key]: asWhole(value, label, low, high) });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.complain(error.message);
      }
      if (sound) input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
    });
    input.addEventListener("blur", () => {
      if (!input.getAttribute("aria-invalid")) return;
      input.value = read();
      input.removeAttribute("aria-invalid");
      this.complain("");
    });
    return labelled(label, input);
  }

  slider(label, key, low, high, step) {
    const shown = make("span", {}, show(this.options[key]));
    const input = make("input", { type: "range", min: low, max: high, step, value: this.options[key], "aria-label": label });
    input.addEventListener("input", () => {
      shown.textContent = show(Number(input.value));
      this.try({ [key]: Number(input.value) });
    });
    this.sliders ??= {};
    this.sliders[key] = (value) => {
      input.value = value;
      shown.textContent = show(value);
    };
    return labelled(make("span", {}, `${label} = `, shown), input);
  }

  choice(label, key, choices) {
    const select = make("select", {}, choices.map(([value, text]) => make("option", { value, selected: value === this.options[key] }, text)));
    select.addEventListener("change", () => {
      if (!this.try({ [key]: select.value })) select.value = this.options[key];
    });
    return labelled(label, select);
  }

  tick(label, checked, change) {
    const input = make("input", { type: "checkbox", checked });
    input.addEventListener("change", () => change(input.checked));
    return make("label", { class: "tick" }, input, label);
  }

  button(label, press, more = {}) {
    return make("button", { type: "button", onclick: press, ...more }, label);
  }
}

// ------------------------------------------------------------------------------------ conv-explorer

const LARGEST = 12; // rows and columns of an image of numbers
const PIXELS = 64e6; // as many as helpers.data.load_image decodes
const SIDE = 160; // a photograph is shown with this many pixels on its longer side

export const KERNELS = {
  "falling diagonal": [[1, 0], [0, 1]],
  "vertical edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "horizontal edges": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
  laplacian: [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  mean: table(3, 3, () => 1 / 9),
  "one pixel to the left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
};

const A_SEVEN = [[0, 0, 0, 0, 0, 0, 0], [0, 9, 9, 9, 9, 9, 0], [0, 0, 0, 0, 9, 0, 0], [0, 0, 0, 9, 0, 0, 0], [0, 0, 9, 0, 0, 0, 0], [0, 0, 9, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]];

// Grey values 0 to 255 of what can be drawn on a canvas, with SIDE pixels on the longer side.
function toGrey(source, width, height) {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const canvas = make("canvas", { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return table(canvas.height, canvas.width, (r, c) => {
    const at = 4 * (r * canvas.width + c);
    return Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
  });
}

class ConvExplorer extends Explorer {
  start() {
    const kernel = this.given("kernel", KERNELS["falling diagonal"], (value, name) => asTable(value, name, 5));
    const image = this.given("image", A_SEVEN, (value, name) => asTable(value, name, LARGEST));
    this.options = { image, kernel, stride: 1, padding: 0, dilation: 1, mode: "zeros", flip: false };
    this.defaults = { image: A_SEVEN, kernel: KERNELS["falling diagonal"] };
    this.place = [0, 0];
    this.numbers = image;
    this.input = new Grid({
      label: "image", editable: (r, c) => this.inside(r, c), onBad: (message) => this.complain(message),
      onPoint: (r, c) => this.trace(r, c),
      onEdit: (r, c, value) => this.edit("image", r - this.options.padding, c - this.options.padding, value),
    });
    this.weights = new Grid({
      label: "kernel", editable: () => true, onBad: (message) => this.complain(message),
      onEdit: (r, c, value) => this.edit("kernel", r, c, value),
    });
    this.used = new Grid({ label: "kernel as used" });
    this.output = new Grid({ label: "output", onPoint: (r, c) => this.point(r, c) });
    this.canvases = [0, 1].map(() => make("canvas", {}));
    this.boxes = [0, 1].map(() => make("div", { class: "box" }));
    this.settings();
    const names = ["photograph; arrow keys move the window", "response; arrow keys move the window"];
    this.views = this.canvases.map((canvas, k) => this.photograph(canvas, this.boxes[k], names[k], k));
    this.inputPart = this.part("image", this.input.node, this.views[0]);
    this.part("kernel", this.weights.node);
    this.usedPart = this.part("as used: half a turn", this.used.node);
    this.outputPart = this.part("output", this.output.node, this.views[1]);
    this.try({});
    this.explain("Frames: orange the window, blue the kernel, green the output; blue also the outputs that read a pixel you point at. Shades: orange above 0, blue below. A marked corner: your last change altered this output.");
  }

  settings() {
    this.preset = make("select", {}, make("option", { value: "" }, "own"), Object.keys(KERNELS).map((name) => make("option", { value: name }, name)));
    this.preset.addEventListener("change", () => {
      this.try({ kernel: KERNELS[this.preset.value] ?? this.options.kernel });
      this.name();
    });
    const sizeOf = (key) => ({ read: () => this.options[key].length, change: (size) => this.resize(key, size[key]) });
    this.sizeField = this.field("image size", "image", 2, LARGEST, sizeOf("image"));
    this.kernelField = this.field("kernel size", "kernel", 1, 5, sizeOf("kernel"));
    this.own = make("input", { type: "file", accept: "image/*" });
    this.own.addEventListener("click", () => (this.own.value = "")); // the same file may be chosen again
    this.own.addEventListener("change", () => this.read(this.turn));
    const sources = ["numbers", ...(this.hasAttribute("photograph") ? ["photograph"] : []), "own picture", "camera"];
    this.source = make("select", {}, sources.map((value) => make("option", { value }, value)));
    this.source.addEventListener("change", () => this.switch(this.source.value));
    this.ownField = labelled("your picture (it stays on this machine)", this.own);
    this.ownField.hidden = true;
    this.controls.append(
      labelled("source", this.source), this.ownField, labelled("kernel", this.preset), this.sizeField, this.kernelField,
      this.field("padding", "padding", 0, 4), this.field("stride", "stride", 1, 4), this.field("dilation", "dilation", 1, 4),
      this.choice("padding mode", "mode", PADDING_MODES.map((mode) => [mode, mode])),
      this.tick("flip the kernel (convolution proper)", false, (flip) => this.try({ flip })),
    );
  }

  photograph(canvas, box, label, which) {
    const move = (event) => {
      const frame = canvas.getBoundingClientRect();
      const place = [((event.clientY - frame.top) / frame.height) * canvas.height, ((event.clientX - frame.left) / frame.width) * canvas.width];
      const reach = this.reach();
      this.point(...place.map((part, axis) => Math.floor(which ? part : (part - reach[axis] / 2) / this.options.stride + 0.5)));
    };
    const view = make("div", { class: "picture", role: "application", "aria-label": label, tabindex: "0", hidden: true }, canvas, box);
    view.addEventListener("pointermove", move);
    view.addEventListener("pointerdown", move);
    view.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      this.point(this.place[0] + step[0], this.place[1] + step[1]);
    });
    return view;
  }

  // A field shows a size that changed elsewhere.
  follow(field, size) {
    const input = field.querySelector("input");
    if (!input.matches(":focus")) input.value = size;
  }

  // The list shows the name of the kernel that is used.
  name() {
    const same = JSON.stringify(this.options.kernel);
    this.preset.value = Object.keys(KERNELS).find((key) => JSON.stringify(KERNELS[key]) === same) ?? "";
  }

  inside(r, c) {
    const { padding, image } = this.options;
    return r >= padding && c >= padding && r < padding + image.length && c < padding + image[0].length;
  }

  reach() {
    const { kernel, dilation } = this.options;
    return [kernel.length, kernel[0].length].map((size) => dilation * (size - 1) + 1);
  }

  edit(key, row, column, value) {
    this.try({ [key]: this.options[key].map((numbers, r) => (r === row ? numbers.map((number, c) => (c === column ? value : number)) : numbers)) });
  }

  resize(key, size) {
    const old = this.options[key];
    return this.try({ [key]: table(size, size, (r, c) => old[r]?.[c] ?? 0) });
  }

  draw() {
    const { image, kernel, padding, mode, flip } = this.options;
    const before = this.result;
    this.result = conv2d(image, kernel, this.options);
    const same = before?.length === this.result.length && before[0].length === this.result[0].length;
    this.changed = same ? this.result.map((row, r) => row.map((value, c) => value !== before[r][c])) : undefined;
    const large = Math.max(image.length, image[0].length) > LARGEST;
    this.padded = pad2d(image, padding, mode);
    if (large) this.drawPhotograph();
    else {
      this.output.show(this.result, (r, c) => (this.changed?.[r][c] ? "changed" : ""));
      this.input.show(this.padded, (r, c) => (this.inside(r, c) ? "" : "outer"));
    }
    this.input.node.hidden = this.output.node.hidden = this.sizeField.hidden = large;
    for (const view of this.views) view.hidden = !large;
    this.weights.show(kernel, () => "weight");
    this.usedPart.hidden = !flip;
    if (flip) this.used.show(flipped(kernel), () => "weight");
    this.follow(this.sizeField, image.length);
    this.follow(this.kernelField, kernel.length);
    this.name();
    this.inputPart.firstChild.textContent = `image ${image.length}×${image[0].length}${padding ? `, with padding ${this.padded.length}×${this.padded[0].length}` : ""}`;
    this.outputPart.firstChild.textContent = `output ${this.result.length}×${this.result[0].length}`;
    this.point(...this.place);
  }

  drawPhotograph() {
    const largest = this.result.reduce((most, row) => row.reduce((m, value) => Math.max(m, Math.abs(value)), most), 0);
    const signed = this.result.some((row) => row.some((value) => value < 0));
    paint(this.canvases[0], this.padded, { limit: 255 });
    paint(this.canvases[1], this.result, { signed, limit: signed ? largest || 1 : Math.max(255, largest) });
    for (const canvas of this.canvases) canvas.style.width = `${2 * canvas.width}px`;
  }

  point(i, j) {
    const { kernel, stride } = this.options;
    this.place = [Math.max(0, Math.min(i, this.result.length - 1)), Math.max(0, Math.min(j, this.result[0].length - 1))];
    const [row, column] = this.place;
    const terms = windowTerms(this.padded, kernel, row, column, { ...this.options, padding: 0 });
    if (this.views[0].hidden) {
      const seen = new Set(terms.map((term) => `${term.row} ${term.column}`));
      this.outline(this.input, "window", (r, c) => seen.has(`${r} ${c}`));
      this.outline(this.output, "chosen", (r, c) => r === row && c === column);
      this.outline(this.output, "reads", () => false);
    } else {
      this.mark(0, row * stride, column * stride, this.reach(), this.padded);
      this.mark(1, row, column, [1, 1], this.result);
    }
    const { products, equal, shown } = written(terms, [], this.result[row][column]);
    const altered = this.changed?.flat().filter(Boolean).length;
    const last = altered && this.views[0].hidden ? `. The last change altered ${altered} of ${this.changed.flat().length} outputs` : "";
    this.say(`output row ${row}, column ${column}: ${products.join(" + ")} ${equal} ${shown}${last}`);
  }

  // Which outputs read a pixel: the question the other way round.
  trace(r, c) {
    const { kernel, stride, dilation } = this.options;
    const reads = (output, place, size) => {
      const step = (place - output * stride) / dilation;
      return Number.isInteger(step) && step >= 0 && step < size;
    };
    this.outline(this.output, "reads", (i, j) => reads(i, r, kernel.length) && reads(j, c, kernel[0].length));
  }

  outline(grid, mark, holds) {
    grid.cells.forEach((cells, r) => cells.forEach(({ cell }, c) => cell.classList.toggle(mark, holds(r, c))));
  }

  mark(which, top, left, size, image) {
    const box = this.boxes[which].style;
    const share = (part, whole) => `${(100 * part) / whole}%`;
    box.top = share(top, image.length);
    box.left = share(left, image[0].length);
    box.height = share(size[0], image.length);
    box.width = share(size[1], image[0].length);
  }

  // A source takes time to open. Who chose another one meanwhile gets that one: `turn` is the choice.
  async switch(source) {
    this.leave();
    const turn = (this.turn = {});
    this.ownField.hidden = source !== "own picture";
    if (source === "numbers") this.try({ image: this.numbers });
    if (source === "photograph") await this.load(this.getAttribute("photograph"), "the photograph", turn);
    if (source === "own picture") await this.read(turn);
    if (source === "camera") await this.film(turn);
  }

  async read(turn) {
    const [file] = this.own.files;
    if (!file) return;
    const address = URL.createObjectURL(file);
    await this.load(address, `“${file.name}”`, turn);
    URL.revokeObjectURL(address);
  }

  async load(address, name, turn) {
    const picture = new Image();
    picture.src = address;
    const sound = await new Promise((done) => {
      picture.onload = () => done(true);
      picture.onerror = () => done(false);
    });
    if (turn !== this.turn) return;
    const pixels = picture.naturalWidth * picture.naturalHeight;
    try {
      if (!sound || !pixels) throw new Error("not decoded");
      if (pixels > PIXELS) this.complain(`${name} has ${show(pixels / 1e6, 0)} megapixels; expected at most ${PIXELS / 1e6}`);
      else this.take(toGrey(picture, picture.naturalWidth, picture.naturalHeight));
    } catch {
      this.complain(`${name} is no picture that this browser can read; expected PNG, JPEG, WebP or GIF`);
    }
  }

  // A picture of a few pixels is shown as numbers.
  take(image, quiet) {
    const small = (numbers) => Math.max(numbers.length, numbers[0].length) <= LARGEST;
    if (small(this.options.image)) this.numbers = this.options.image;
    this.try({ image }, quiet);
  }

  async film(turn) {
    let stream;
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw new Error("this page has no access to one");
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320 } });
    } catch (error) {
      if (turn === this.turn) this.complain(`the camera cannot be used: ${error.message || error.name}`);
      return;
    }
    this.stream = stream;
    const video = make("video", { muted: true, playsinline: true });
    if (turn === this.turn) {
      video.srcObject = stream;
      await video.play();
    }
    if (turn !== this.turn) stop(stream);
    const step = () => {
      if (turn !== this.turn) return;
      if (video.videoWidth) this.take(toGrey(video, video.videoWidth, video.videoHeight), true);
      requestAnimationFrame(step);
    };
    step();
  }

  leave() {
    if (this.turn && this.source.value === "camera" && !this.isConnected) this.source.value = "own picture";
    this.turn = undefined;
    if (this.stream) stop(this.stream);
    this.stream = undefined;
  }

  get state() {
    return { ...this.options, output: this.result, changed: this.changed, place: this.place };
  }
}

const stop = (stream) => stream.getTracks().forEach((track) => track.stop());

// -------------------------------------------------------------------------------- geometry-explorer

const DEFAULT_STACK = [
  { kernel: 3, stride: 2, padding: 0, dilation: 1 }, { kernel: 3, stride: 2, padding: 0, dilation: 1 },
];

class GeometryExplorer extends Explorer {
  start() {
    const layers = this.given("layers", DEFAULT_STACK, (value, name) => {
      if (!Array.isArray(value) || !value.length) throw new Refusal(`${name} is no list of layers; expected at least one`);
      return value.map((layer, l) => {
        const whole = { kernel: 3, stride: 1, padding: 0, dilation: 1, ...layer };
        for (const key of Object.keys(whole)) asWhole(whole[key], `${key} of layer ${l + 1}`, key === "padding" ? 0 : 1);
        return whole;
      });
    });
    this.defaults = { layers: DEFAULT_STACK, size: 16 };
    this.options = { size: this.given("size", 16, (value, name) => asWhole(value, name, 1, 40)), layers };
    this.chosen = [layers.length, 0];
    this.stack = make("div", {});
    this.levels = make("div", {});
    this.table = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "sizes, jumps and fields" });
    this.controls.append(
      this.field("input size", "size", 1, 40),
      this.button("add a layer", () => this.change([...this.options.layers, { kernel: 3, stride: 1, padding: 0, dilation: 1 }])),
    );
    this.part("layers, from the input on", this.stack);
    this.map = this.part("one row or column of pixels; choose one to see what it depends on and what it reaches", this.levels);
    this.map.style.width = "100%";
    this.part("in numbers", this.table);
    this.rover = new Rover(this.levels);
    this.try({});
    this.list();
    this.explain("Blue: what you chose. Orange: what it depends on. Green: what it reaches. Striped: what no output of the last layer depends on.");
  }

  change(layers) {
    if (layers.length > 8) {
      this.complain(`there are ${layers.length} layers; expected at most 8`);
      return;
    }
    if (this.try({ layers })) this.list();
  }

  // The fields of every layer: built anew when a layer comes or goes, not while one is edited.
  list() {
    this.stack.replaceChildren(...this.options.layers.map((_, l) => {
      const set = (changes) => this.try({ layers: this.options.layers.map((old, k) => (k === l ? { ...old, ...changes } : old)) });
      const field = (key, low, high) => {
        const named = this.field(key, key, low, high, { read: () => this.options.layers[l][key], change: set });
        named.querySelector("input").setAttribute("aria-label", `${key} of layer ${l + 1}`);
        return named;
      };
      const drop = () => {
        this.change(this.options.layers.filter((_, k) => k !== l));
        this.stack.children[Math.min(l, this.stack.children.length - 1)].querySelector("input").focus();
      };
      const remove = this.button("remove", drop, { "aria-label": `remove layer ${l + 1}`, disabled: this.options.layers.length === 1 });
      return make("div", { class: "layer", role: "group", "aria-label": `layer ${l + 1}` }, field("kernel", 1, 11), field("stride", 1, 8), field("padding", 0, 8), field("dilation", 1, 8), remove);
    }));
  }

  draw() {
    const { layers, size } = this.options;
    this.rows = receptiveField(layers, size);
    this.lost = unread(layers, size);
    const low = Math.min(...this.rows.map((row) => row.start));
    const high = Math.max(...this.rows.map((row) => row.start + (row.size - 1) * row.jump));
    this.extent = [Math.floor(low), Math.ceil(high) + 1];
    const width = this.extent[1] - this.extent[0];
    this.levels.style.setProperty("--unit", `min(26px, calc((100cqw - 30px) / ${width}))`);
    const spots = this.rows.map((row, level) => Array.from({ length: row.size }, (_, index) => this.spot(level, index)));
    this.spots = spots;
    const names = this.rows.map((row, level) => (level ? `after layer ${level}: ${row.size}` : `input: ${row.size}`));
    this.links = [];
    this.levels.replaceChildren(...spots.flatMap((row, level) => [
      ...(level ? [this.lines(level, width)] : []),
      make("div", { class: "hint" }, names[level]),
      make("div", { class: "strip", role: "group", "aria-label": names[level] }, row),
    ]));
    this.levels.style.width = `min(100%, calc(var(--unit) * ${width}))`;
    this.rover.take(spots);
    const head = make("tr", {}, ["", "size", "jump", "receptive field", "unread"].map((name) => make("th", { scope: "col" }, name)));
    this.table.replaceChildren(make("table", {}, head, this.rows.map((row, level) => make("tr", {}, make("th", { scope: "row" }, level ? `layer ${level}` : "input"), [row.size, row.jump, row.field, this.lost[level].length].map((value) => make("td", {}, show(value)))))));
    const level = Math.min(this.chosen[0], layers.length);
    this.choose(level, Math.min(this.chosen[1], this.rows[level].size - 1));
  }

  at(level, index) {
    const { start, jump } = this.rows[level];
    return start + index * jump - this.extent[0];
  }

  spot(level, index) {
    const choose = () => this.choose(level, index);
    const node = make("button", { type: "button", class: "spot", "aria-label": `${level ? `output ${index} of layer ${level}` : `input pixel ${index}`}`, onclick: choose, onfocus: choose, onpointerenter: choose });
    node.style.left = `calc(var(--unit) * ${this.at(level, index)})`;
    return node;
  }

  lines(level, width) {
    const svg = make("svg", { class: "links", viewBox: `0 0 ${width} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
    for (let output = 0; output < this.rows[level].size; output += 1) {
      for (const place of taps(this.options.layers[level - 1], output)) {
        if (place < 0 || place >= this.rows[level - 1].size) continue;
        const line = make("line", { x1: this.at(level - 1, place) + 0.45, y1: 0, x2: this.at(level, output) + 0.45, y2: 1 });
        this.links.push([line, level, place, output]);
        svg.append(line);
      }
    }
    return svg;
  }

  choose(level, index) {
    this.chosen = [level, index];
    const { layers, size } = this.options;
    this.found = connections(layers, size, level, index);
    const sets = this.found.map((places) => new Set(places));
    this.spots.forEach((row, l) => {
      const lost = new Set(this.lost[l]);
      row.forEach((node, k) => {
        const mark = l === level && k === index ? "chosen" : !sets[l].has(k) ? "" : l < level ? "seen" : "reached";
        node.className = `spot ${mark} ${lost.has(k) && mark !== "chosen" ? "unread" : ""}`;
      });
    });
    for (const [line, l, place, output] of this.links) {
      line.setAttribute("class", sets[l].has(output) && sets[l - 1].has(place) ? "on" : "");
    }
    this.tell(level, index);
  }

  tell(level, index) {
    const { field, start, jump } = this.rows[level];
    const first = start + index * jump - (field - 1) / 2;
    const inside = Math.max(0, Math.min(this.options.size, first + field) - Math.max(0, first));
    const outside = field - inside;
    const name = level ? `output ${index} of layer ${level}` : `input pixel ${index}`;
    const sees = level ? ` sees ${count(this.found[0].length, "input pixel")} in a receptive field of ${field}${outside ? `, ${outside} of which ${outside === 1 ? "lies" : "lie"} outside the input` : ""}` : "";
    const top = this.options.layers.length;
    const reaches = level < top ? `${level ? " and" : ""} reaches ${count(this.found[top].length, "output")} of layer ${top}` : "";
    const lost = this.lost[0].length ? `. Striped: ${count(this.lost[0].length, "input pixel")} that no output of the last layer sees` : "";
    this.say(`${name}${sees}${reaches}${lost}.`);
  }

  get state() {
    return { ...this.options, rows: this.rows, found: this.found, lost: this.lost, chosen: this.chosen };
  }
}

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

// --------------------------------------------------------------------------------- pooling-explorer

const A_CORNER = table(8, 8, (r, c) => (r === 2 && c >= 1 && c <= 5) || (c === 5 && r >= 2 && r <= 6) ? 9 : 0);

class PoolingExplorer extends Explorer {
  start() {
    const image = this.given("image", A_CORNER, (value, name) => asTable(value, name, LARGEST));
    this.options = { image, kind: "max", kernel: 2, stride: 2, padding: 0 };
    this.defaults = { image: A_CORNER };
    this.first = image;
    this.input = new Grid({
      label: "image", editable: () => true, onBad: (message) => this.complain(message),
      onEdit: (r, c, value) => this.edit(r, c, value),
    });
    this.output = new Grid({ label: "pooled", onPoint: (r, c) => this.point(r, c) });
    const move = (name, down, right) => this.button(name, () => this.shift(down, right), { "aria-label": `move the image ${name.slice(2)}` });
    this.controls.append(
      this.choice("pooling", "kind", [["max", "maximum"], ["average", "average"], ["soft", "soft"]]),
      this.field("window", "kernel", 1, 4), this.field("stride", "stride", 1, 4), this.field("padding", "padding", 0, 3),
      move("← left", 0, -1), move("→ right", 0, 1), move("↑ up", -1, 0), move("↓ down", 1, 0),
      this.button("start again", () => this.again()),
    );
    this.part("image", this.input.node);
    this.outputPart = this.part("pooled", this.output.node);
    this.place = [0, 0];
    this.try({});
    this.explain("Orange frames: the window. Green frame: its output. A marked corner: the last move changed this output.");
  }

  again() {
    this.earlier = undefined;
    this.try({ image: this.first });
  }

  // What the reader wrote is what *start again* returns to.
  edit(row, column, value) {
    this.earlier = undefined;
    const image = this.options.image.map((numbers, r) => (r === row ? numbers.map((old, c) => (c === column ? value : old)) : numbers));
    if (this.try({ image })) this.first = image;
  }

  shift(down, right) {
    this.earlier = this.options.image;
    this.try({ image: shifted(this.options.image, down, right) });
  }

  draw() {
    const { image, kind, kernel, stride, padding } = this.options;
    if (kind === "soft" && padding) throw new Refusal(`padding is ${padding}; soft pooling takes none, expected 0`);
    const pooled = (numbers) => pool2d(numbers, kind, kernel, stride, padding);
    this.result = pooled(image);
    // Before the move, by the same rule; means of equal numbers may differ in their last bit.
    const same = this.earlier?.length === image.length && this.earlier[0].length === image[0].length;
    this.changed = same ? pooled(this.earlier).map((row, r) => row.map((old, c) => Math.abs(old - this.result[r][c]) > 1e-9 * Math.max(1, Math.abs(old)))) : undefined;
    this.input.show(image);
    this.output.show(this.result, (r, c) => (this.changed?.[r][c] ? "changed" : ""));
    this.outputPart.firstChild.textContent = `pooled ${this.result.length}×${this.result[0].length}`;
    this.point(...this.place);
  }

  point(i, j) {
    this.place = [Math.min(i, this.result.length - 1), Math.min(j, this.result[0].length - 1)];
    const { image, kind, kernel, stride, padding } = this.options;
    const [row, column] = this.place;
    const places = poolWindow(image, row, column, kernel, stride, padding);
    const seen = new Set(places.map((place) => `${place.row} ${place.column}`));
    this.input.cells.forEach((cells, r) => cells.forEach(({ cell }, c) => cell.classList.toggle("window", seen.has(`${r} ${c}`))));
    this.output.cells.forEach((cells, r) => cells.forEach(({ cell }, c) => cell.classList.toggle("chosen", r === row && c === column)));
    const names = { max: "largest", average: "mean", soft: "soft mean" };
    const moved = this.changed ? ` The last move changed ${this.changed.flat().filter(Boolean).length} of ${this.changed.flat().length} outputs.` : "";
    this.say(`output row ${row}, column ${column}: ${names[kind]} of ${places.map(({ value }) => show(value)).join(", ")} = ${show(this.result[row][column])}.${moved}`);
  }

  get state() {
    return { ...this.options, output: this.result, changed: this.changed, place: this.place };
  }
}

// ------------------------------------------------------------------------------ activation-explorer

// Where a number lies on a drawn axis, and back.
const axis = (low, high, from, to) => ({
  at: (value) => from + ((value - low) / (high - low)) * (to - from),
  back: (place) => low + ((place - from) / (to - from)) * (high - low),
});

class ActivationExplorer extends Explorer {
  start() {
    const names = Object.keys(ACTIVATIONS);
    const name = this.given("activation", "sigmoid", (value, label) => asChoice(value, label, names));
    this.options = { name, x: 1, weight: 1, depth: 10 };
    this.controls.append(
      this.choice("activation", "name", names.map((value) => [value, value.replace("_", " ")])),
      this.slider("x", "x", -6, 6, 0.1), this.slider("weight", "weight", -3, 3, 0.1), this.slider("layers", "depth", 1, 30, 1),
    );
    this.y = axis(-1.5, 6.3, 290, 8);
    this.curve = make("svg", { role: "img", "aria-label": "the curve and its slope" });
    this.bars = make("svg", { role: "img", "aria-label": "what is left of the gradient, layer by layer" });
    const move = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const frame = this.curve.getBoundingClientRect();
      const value = Math.round(10 * this.x.back(((event.clientX - frame.left) / frame.width) * this.width)) / 10;
      const x = Math.max(-6, Math.min(6, value));
      this.sliders.x(x);
      this.try({ x });
    };
    this.curve.addEventListener("pointerdown", move);
    this.curve.addEventListener("pointermove", move);
    this.part("one activation: the curve (solid) and its slope (dashed); press or drag to move x", this.curve).style.width = "100%";
    this.part("a chain of such layers: how fast the last output changes with the value before each layer", this.bars).style.width = "100%";
    this.resized();
  }

  resized() {
    this.x = axis(-6, 6, 30, this.width - 20);
    this.curve.setAttribute("viewBox", `0 0 ${this.width} 298`);
    this.bars.setAttribute("viewBox", `0 0 ${this.width} 230`);
    this.try({});
  }

  draw() {
    const { name, x, weight, depth } = this.options;
    const [bend, slope] = ACTIVATIONS[name];
    this.found = { value: bend(x), slope: slope(x), ...chain(x, weight, depth, name) };
    const { at } = this.x;
    const path = (curve) => `M${Array.from({ length: 241 }, (_, k) => -6 + k / 20).map((v) => `${at(v).toFixed(1)} ${this.y.at(curve(v)).toFixed(1)}`).join("L")}`;
    const ticks = [-6, -4, -2, 2, 4, 6].map((v) => make("text", { x: at(v), y: this.y.at(0) + 16, "text-anchor": "middle" }, show(v)));
    const levels = [-1, 1, 2, 4, 6].map((v) => make("text", { x: at(0) - 6, y: this.y.at(v) + 5, "text-anchor": "end" }, show(v)));
    const tangent = [-1.2, 1.2].map((step) => [at(x + step), this.y.at(this.found.value + step * this.found.slope)]);
    this.curve.replaceChildren(
      make("line", { class: "axis", x1: at(-6), x2: at(6), y1: this.y.at(0), y2: this.y.at(0) }),
      make("line", { class: "axis", x1: at(0), x2: at(0), y1: 4, y2: 294 }), ...ticks, ...levels,
      make("path", { d: path(slope), fill: "none", stroke: "var(--window)", "stroke-width": 2.5, "stroke-dasharray": "7 5" }),
      make("path", { d: path(bend), fill: "none", stroke: "var(--kernel)", "stroke-width": 3 }),
      make("line", { x1: tangent[0][0], y1: tangent[0][1], x2: tangent[1][0], y2: tangent[1][1], stroke: "var(--ink)", "stroke-width": 1.5 }),
      make("circle", { cx: at(x), cy: this.y.at(this.found.value), r: 7, fill: "var(--kernel)", stroke: "var(--paper)", "stroke-width": 2 }),
      make("circle", { cx: at(x), cy: this.y.at(this.found.slope), r: 6, fill: "var(--window)", stroke: "var(--ink)", "stroke-width": 1.5 }),
    );
    this.drawBars();
    const left = this.found.gradients[0];
    this.say(`${name.replace("_", " ")}(${show(x)}) = ${show(this.found.value, 4)}, slope ${show(this.found.slope, 4)}. After ${count(depth, "layer")} with weight ${show(weight)} the value is ${show(this.found.values.at(-1), 4)}; of a gradient of 1 at the end, ${show(left, 4)} arrives at the beginning.`);
  }

  // Powers of ten upwards, so that what vanishes can still be seen.
  drawBars() {
    const { gradients } = this.found;
    const y = axis(-12, 4, 195, 10);
    const width = (this.width - 80) / gradients.length;
    const bars = gradients.map((value, l) => {
      const top = value ? y.at(Math.max(-12, Math.min(4, Math.log10(Math.abs(value))))) : 195;
      return make("rect", { x: 60 + l * width, width: Math.max(1, width - 2), y: top, height: 195 - top, fill: value < 0 ? "var(--window)" : "var(--kernel)" });
    });
    // What lies beyond the scale is marked.
    const beyond = gradients.flatMap((value, l) => {
      const power = Math.log10(Math.abs(value));
      const mark = value === 0 ? "0" : power > 4 ? "▲" : power < -12 ? "▼" : "";
      return mark ? [make("text", { x: 60 + (l + 0.5) * width, y: power > 4 ? 24 : 192, "text-anchor": "middle", class: power > 4 ? "inside" : "" }, mark)] : [];
    });
    const marks = [-12, -8, -4, 0, 4].flatMap((power) => [
      make("line", { class: "axis", x1: 56, x2: this.width - 16, y1: y.at(power), y2: y.at(power), "stroke-dasharray": power ? "2 6" : undefined }),
      make("text", { x: 52, y: y.at(power) + 5, "text-anchor": "end" }, power ? `10${[...String(power)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("")}` : "1"),
    ]);
    this.bars.replaceChildren(...marks, ...bars, ...beyond, make("text", { x: 60, y: 218 }, "first layer"), make("text", { x: this.width - 20, y: 218, "text-anchor": "end" }, "end of the chain"));
  }

  get state() {
    return { ...this.options, ...this.found };
  }
}

// ------------------------------------------------------------------------------------ norm-explorer

class NormExplorer extends Explorer {
  start() {
    const samples = this.given("samples", [1, 2, 3, 4, 7], (value, name) => asTable([value], name)[0].map((number) => asNumber(number, name, -10, 10)));
    this.options = { samples, weight: 1, bias: 0, inference: false };
    this.forget();
    this.svg = make("svg", {});
    this.controls.append(
      this.slider("scale γ", "weight", -2, 2, 0.1), this.slider("shift β", "bias", -2, 2, 0.1),
      this.tick("inference: use the running statistics", false, (inference) => this.try({ inference })),
      this.button("one training step", () => this.train(1)), this.button("ten steps", () => this.train(10)),
      this.button("forget", () => this.forget() || this.try({})),
      this.button("add a sample", () => this.resize(1)), this.button("take one away", () => this.resize(-1)),
    );
    this.part("one feature of a batch: above as it comes, below as it leaves; drag a sample", this.svg).style.width = "100%";
    this.scene();
    this.resized();
    this.explain("Orange: the samples as they come. Blue: their mean, and a band of one standard deviation to each side. Green: the samples as they leave.");
  }

  resized() {
    this.x = axis(-10, 10, 30, this.width - 30);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} 245`);
    this.try({});
  }

  resize(step) {
    const { samples } = this.options;
    if (samples.length + step < 1 || samples.length + step > 12) {
      this.complain(`there are ${samples.length + step} samples; expected from 1 to 12`);
      return;
    }
    this.options.samples = step > 0 ? [...samples, 0] : samples.slice(0, -1);
    this.scene();
    this.try({});
  }

  train(steps) {
    for (let k = 0; k < steps; k += 1) {
      const { runningMean, runningVar } = batchNorm(this.options.samples, { ...this.running, training: true });
      this.running = { runningMean, runningVar };
    }
    this.steps += steps;
    this.try({});
  }

  forget() {
    this.running = { runningMean: 0, runningVar: 1 };
    this.steps = 0;
  }

  set(k, value) {
    const kept = Math.round(10 * Math.max(-10, Math.min(10, value))) / 10;
    this.try({ samples: this.options.samples.map((old, i) => (i === k ? kept : old)) });
  }

  place(event) {
    const frame = this.svg.getBoundingClientRect();
    return this.x.back(((event.clientX - frame.left) / frame.width) * this.width);
  }

  // Circles lie close together: who presses means the nearest one, whichever is drawn on top.
  nearest(value) {
    const far = this.options.samples.map((sample) => Math.abs(sample - value));
    return far.indexOf(Math.min(...far));
  }

  // One circle a sample, made once, so that it keeps the focus and the pointer while it moves.
  scene() {
    let dragged;
    this.handles = this.options.samples.map((_, k) => {
      const handle = make("circle", { r: 13, cy: 40, fill: "var(--window)", stroke: "var(--ink)", "stroke-width": 2, tabindex: 0, role: "slider", "aria-label": `sample ${k + 1}`, "aria-valuemin": -10, "aria-valuemax": 10 });
      handle.addEventListener("pointerdown", (event) => {
        handle.setPointerCapture(event.pointerId);
        dragged = this.nearest(this.place(event));
        this.handles[dragged].focus();
        event.preventDefault();
      });
      handle.addEventListener("pointermove", (event) => {
        if (handle.hasPointerCapture(event.pointerId)) this.set(dragged, this.place(event));
      });
      handle.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        if (!way) return;
        event.preventDefault();
        this.set(k, this.options.samples[k] + way * (event.shiftKey ? 1 : 0.1));
      });
      handle.style.touchAction = "none";
      return handle;
    });
    this.lines = this.handles.map(() => make("line", { stroke: "var(--line)", y1: 54, y2: 190 }));
    this.dots = this.handles.map(() => make("circle", { r: 8, cy: 200, fill: "var(--output)", stroke: "var(--ink)", "stroke-width": 1.5 }));
    this.band = make("rect", { y: 60, height: 12, fill: "var(--kernel)", opacity: 0.35 });
    this.centre = make("line", { y1: 56, y2: 78, stroke: "var(--kernel)", "stroke-width": 5 });
    this.axes = [40, 200].map((y) => make("line", { class: "axis", x1: 16, y1: y, y2: y }));
    this.labels = [14, 236].map((y) => [-1, -0.5, 0, 0.5, 1].map(() => make("text", { y, "text-anchor": "middle" })));
    this.svg.replaceChildren(...this.axes, ...this.labels.flat(), this.band, this.centre, ...this.lines, ...this.dots, ...this.handles);
  }

  draw() {
    const { samples, weight, bias, inference } = this.options;
    const found = batchNorm(samples, { ...this.running, weight, bias, training: !inference });
    this.found = { y: found.y, mean: found.mean, variance: found.variance, ...this.running, steps: this.steps };
    const [mean, variance] = inference ? [this.running.runningMean, this.running.runningVar] : [found.mean, found.variance];
    const spread = Math.sqrt(variance);
    const far = (value) => this.x.at(Math.max(-10.3, Math.min(10.3, value)));
    // As wide as what leaves, in steps, so that no dot stands still at the edge.
    const largest = Math.max(...found.y.map(Math.abs));
    const end = [4, 10, 20, 50, 100, 1000, 1e4].find((limit) => largest <= limit);
    const y = axis(-end, end, 30, this.width - 30);
    this.axes.forEach((line) => line.setAttribute("x2", this.width - 16));
    this.labels.forEach((labels, below) => labels.forEach((label, k) => {
      const share = (k - 2) / 2;
      label.setAttribute("x", this.x.at(10 * share));
      label.textContent = show(share * (below ? end : 10));
    }));
    samples.forEach((value, k) => {
      this.handles[k].setAttribute("cx", this.x.at(value));
      this.handles[k].setAttribute("aria-valuenow", value);
      this.dots[k].setAttribute("cx", y.at(found.y[k]));
      this.lines[k].setAttribute("x1", this.x.at(value));
      this.lines[k].setAttribute("x2", y.at(found.y[k]));
    });
    this.band.setAttribute("x", far(mean - spread));
    this.band.setAttribute("width", Math.max(1, far(mean + spread) - far(mean - spread)));
    this.centre.setAttribute("x1", far(mean));
    this.centre.setAttribute("x2", far(mean));
    const source = inference ? "Running statistics" : "This batch";
    this.say(`${source}: mean ${show(mean)}, variance ${show(variance)}. Out: ${found.y.map((value) => show(value)).join(", ")}. After ${count(this.steps, "training step")}: running mean ${show(this.running.runningMean)}, running variance ${show(this.running.runningVar)}.`);
  }

  get state() {
    return { ...this.options, ...this.found };
  }
}

// --------------------------------------------------------------------------------- dropout-explorer

const MASKS = 5000;

class DropoutExplorer extends Explorer {
  start() {
    const units = this.given("units", [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], (value, name) => asTable([value], name)[0]);
    this.options = { units, p: 0.5, mode: DROPOUT_MODES[0] };
    this.controls.append(
      this.slider("p", "p", 0, 0.9, 0.05),
      this.choice("mode", "mode", [[DROPOUT_MODES[0], "divide by 1 − p in training"], [DROPOUT_MODES[1], "multiply by 1 − p at inference"]]),
      this.button("draw a mask", () => this.more(1)), this.button("draw 100", () => this.more(100)), this.button("start again", () => this.again()),
    );
    this.now = new Grid({ label: "units with this mask", digits: 1, largest: 44 });
    this.mean = new Grid({ label: "mean over all masks", digits: 1, largest: 44 });
    this.still = new Grid({ label: "at inference", digits: 1, largest: 44 });
    this.strip = make("svg", { role: "img", "aria-label": "the sums under all masks" });
    this.part("with this mask", this.now.node);
    this.part("mean over all masks", this.mean.node);
    this.part("at inference", this.still.node);
    this.part("the sum of all units: a dot for each of the last 400 masks", this.strip).style.width = "100%";
    this.again();
    this.resized();
    this.explain("Grey and slanted: a dropped unit. Bar: the mean of all sums. Triangle: the sum at inference.");
  }

  resized() {
    this.strip.setAttribute("viewBox", `0 0 ${this.width} 90`);
    this.try({});
  }

  again() {
    this.random = randomNumbers(1);
    this.masks = [];
    this.more(1);
  }

  more(times) {
    const room = Math.min(times, MASKS - this.masks.length);
    for (let t = 0; t < room; t += 1) this.masks.push(this.options.units.map(this.random));
    this.try({});
    if (room < times) this.complain(`there are ${MASKS} masks, which is all that are kept; start again for others`);
  }

  // Masks are kept as the numbers they were drawn with, so that p can be moved under them.
  draw() {
    const { units, p, mode } = this.options;
    const kept = this.masks.map((numbers) => numbers.map((number) => number >= p));
    const outputs = kept.map((mask) => dropout(units, mask, p, { mode }));
    const still = dropout(units, [], p, { mode, training: false });
    const mean = units.map((_, k) => total(outputs.map((output) => output[k])) / outputs.length);
    const sums = outputs.map(total);
    const middle = total(sums) / sums.length;
    const spread = Math.sqrt(total(sums.map((sum) => (sum - middle) ** 2)) / sums.length);
    this.found = { mask: kept.at(-1), output: outputs.at(-1), mean, inference: still, count: outputs.length, spread };
    // Rows of six, or one row where they would not be full.
    const width = units.length % 6 ? units.length : 6;
    const rows = (values) => Array.from({ length: values.length / width }, (_, r) => values.slice(width * r, width * (r + 1)));
    this.now.show(rows(outputs.at(-1)), (r, c) => (kept.at(-1)[width * r + c] ? "" : "outer"));
    this.mean.show(rows(mean));
    this.still.show(rows(still));
    this.dots(sums, middle, total(still));
    this.say(`${count(sums.length, "mask")}: the sum is ${show(sums.at(-1), 1)} under this one; ${show(middle, 1)} in the mean, with a standard deviation of ${show(spread, 1)}; ${show(total(still), 1)} at inference.`);
  }

  dots(sums, mean, still) {
    const whole = 2 * total(this.options.units);
    const low = Math.min(0, whole, ...sums);
    const high = Math.max(0, whole, ...sums) || 1;
    const x = axis(low, high, 20, this.width - 20);
    const circles = sums.slice(-400).map((sum, k) => make("circle", { cx: x.at(sum), cy: 14 + ((k * 7) % 31), r: 3, fill: "var(--kernel)", opacity: 0.45 }));
    const labels = [0, 0.25, 0.5, 0.75, 1].map((share) => make("text", { x: x.at(low + share * (high - low)), y: 84, "text-anchor": "middle" }, show(low + share * (high - low), 0)));
    const mark = x.at(still);
    this.strip.replaceChildren(make("line", { class: "axis", x1: 20, x2: this.width - 20, y1: 66, y2: 66 }), ...labels, ...circles,
      make("rect", { x: x.at(mean) - 2, y: 48, width: 4, height: 18, fill: "var(--ink)" }), make("polygon", { points: `${mark},54 ${mark - 7},67 ${mark + 7},67`, fill: "var(--output)", stroke: "var(--ink)" }));
  }

  get state() {
    return { ...this.options, ...this.found };
  }
}

// --------------------------------------------------------------------------------- network-explorer

const arc = (x, y, rx, ry, from, to) =>
  Array.from({ length: 17 }, (_, k) => from + ((to - from) * k) / 16).map((turn) => [x + rx * Math.cos(2 * Math.PI * turn), y + ry * Math.sin(2 * Math.PI * turn)]);

// A digit of each class, for readers without a pen. Turns run clockwise from the right.
export const DIGITS = [
  [arc(0.5, 0.5, 0.25, 0.4, -0.25, 0.75)],
  [[[0.3, 0.4], [0.52, 0.1], [0.52, 0.9]]],
  [[...arc(0.48, 0.3, 0.23, 0.2, -0.5, 0.1), [0.25, 0.9], [0.75, 0.9]]],
  [[...arc(0.45, 0.3, 0.25, 0.2, -0.45, 0.22), ...arc(0.45, 0.7, 0.28, 0.2, -0.22, 0.45)]],
  [[[0.4, 0.1], [0.22, 0.6], [0.78, 0.6]], [[0.6, 0.35], [0.58, 0.92]]],
  [[[0.72, 0.1], [0.32, 0.1], [0.28, 0.45], ...arc(0.46, 0.65, 0.26, 0.24, -0.3, 0.42)]],
  [[[0.62, 0.1], [0.36, 0.45], ...arc(0.5, 0.68, 0.22, 0.22, -0.5, 0.5)]],
  [[[0.25, 0.1], [0.75, 0.1], [0.45, 0.9]], [[0.35, 0.5], [0.72, 0.5]]],
  [[...arc(0.5, 0.3, 0.16, 0.2, 0.25, -0.75), ...arc(0.5, 0.7, 0.2, 0.2, -0.25, 0.75)]],
  [[...arc(0.5, 0.32, 0.22, 0.22, 0, -1), [0.7, 0.5], [0.62, 0.9]]],
];

function asNetwork(value, name) {
  const lists = value && Array.isArray(value.kernels) && Array.isArray(value.biases) && value.first && value.last;
  if (!lists || value.kernels.length !== value.biases.length) throw new Refusal(`${name} is no network; expected kernels, biases, first and last`);
  value.kernels.forEach((kernel, k) => asTable(kernel, `kernel ${k} of ${name}`, 3));
  for (const layer of ["first", "last"]) asTable(value[layer].weight, `${layer} of ${name}`);
  if (value.first.weight.length !== 16 * value.kernels.length || value.last.weight.length !== value.first.weight[0].length) {
    throw new Refusal(`${name} has layers of ${value.first.weight.length} and ${value.last.weight.length} inputs; expected ${16 * value.kernels.length} and ${value.first.weight[0].length}`);
  }
  return value;
}

class NetworkExplorer extends Explorer {
  start() {
    this.options = { strokes: [], erased: [], fit: true, towards: 3 };
    this.chosen = ["map", 0, 3, 3];
    this.pen = [0.5, 0.5];
    this.network = this.given("network", undefined, asNetwork);
    if (this.network) this.build();
    else if (!this.hasAttribute("network")) this.fetch(this.getAttribute("src") ?? "digits.json");
  }

  async fetch(address) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Refusal(`the server said ${answer.status}`);
      this.network = asNetwork(await answer.json(), address);
      this.build();
    } catch (error) {
      this.complain(`the network could not be read from ${address}: ${error.message}`);
    }
  }

  build() {
    this.paper = make("canvas", { width: 240, height: 240 });
    this.pad = make("div", { class: "picture paper", role: "application", tabindex: "0", "aria-label": "paper: draw with the mouse or a finger; with keys, arrows move the pen and the space bar lowers and lifts it" }, this.paper);
    this.pad.style.width = "min(240px, 100%)";
    this.draughtsman();
    const ten = Array.from({ length: 10 }, (_, k) => k);
    const example = make("select", { "aria-label": "write a digit" }, make("option", { value: "" }, "write a digit"), ten.map((k) => make("option", { value: k }, `write a ${k}`)));
    example.addEventListener("change", () => {
      if (example.value !== "") this.rewrite(DIGITS[Number(example.value)]);
      example.value = "";
    });
    this.controls.append(
      example, this.button("undo a stroke", () => this.rewrite(this.options.strokes.slice(0, -1))),
      this.button("clear", () => this.rewrite([])),
      this.tick("enlarge the drawing to the full height, as the digits that it learned from", true, (fit) => this.try({ fit })),
    );
    this.part("draw a digit", this.pad);
    this.pixels = new Grid({ label: "what the network gets", digits: 1, largest: 30 });
    this.part("what the network gets: 8×8", this.pixels.node);
    this.part("how sure it is", this.drawBars(ten));
    this.sum = make("p", { class: "sum", role: "status" });
    this.part("kernels, their maps after ReLU, and after pooling; choose a place in a map, or erase a kernel", this.sum, this.drawMaps()).style.width = "100%";
    this.units = make("canvas", { style: "width:256px;height:64px", role: "img", "aria-label": "64 hidden units" });
    this.part("the 64 hidden units", this.units);
    this.wish = new Grid({ label: "gradient", digits: 1, largest: 30 });
    this.wishPart = this.part("", this.wish.node);
    this.try({});
    this.explain("Maps and units: the brighter, the larger. Kernels and gradient: orange above 0, blue below. Framed bar: the answer. Orange frame: the chosen place and what it sees.");
  }

  rewrite(strokes) {
    this.lowered = undefined;
    this.try({ strokes });
  }

  draughtsman() {
    let stroke;
    let pointer;
    const point = (event) => {
      const frame = this.paper.getBoundingClientRect();
      return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height].map((part) => Math.max(0, Math.min(1, part)));
    };
    this.pad.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      pointer = event.pointerId;
      this.pad.setPointerCapture(pointer);
      stroke = [point(event)];
      this.try({ strokes: [...this.options.strokes, stroke] });
    });
    this.pad.addEventListener("pointermove", (event) => {
      if (!stroke || event.pointerId !== pointer) return;
      stroke.push(point(event));
      this.try({});
    });
    for (const end of ["pointerup", "pointercancel"]) this.pad.addEventListener(end, (event) => {
        if (event.pointerId === pointer) stroke = undefined;
      });
    this.pad.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step && event.key !== " ") return;
      event.preventDefault();
      if (event.key === " ") this.lowered = this.lowered ? undefined : [[...this.pen]];
      if (event.key === " " && this.lowered) this.options.strokes = [...this.options.strokes, this.lowered];
      if (step) this.pen = [this.pen[0] + step[1] / 16, this.pen[1] + step[0] / 16].map((part) => Math.max(0, Math.min(1, part)));
      if (step && this.lowered) this.lowered.push([...this.pen]);
      this.try({});
    });
  }

  drawBars(ten) {
    this.bars = ten.map((k) => {
      const bar = make("div", { class: "bar" });
      const share = make("span", {});
      const name = this.button(String(k), () => this.towards(k), { "aria-label": `what raises the score of ${k}` });
      return { bar, share, name };
    });
    return make("div", { class: "bars" }, this.bars.flatMap(({ bar, share, name }) => [name, make("div", {}, bar), share]));
  }

  drawMaps() {
    const view = (label, size, choose) => {
      const canvas = make("canvas", { style: `width:${size}px;height:${size}px`, ...(choose ? { tabindex: 0, role: "application", "aria-label": label } : { role: "img", "aria-label": label }) });
      if (!choose) return canvas;
      const at = (event) => {
        const frame = canvas.getBoundingClientRect();
        choose(Math.floor((8 * (event.clientY - frame.top)) / frame.height), Math.floor((8 * (event.clientX - frame.left)) / frame.width));
      };
      canvas.addEventListener("pointerdown", at);
      canvas.addEventListener("pointermove", (event) => event.buttons && at(event));
      canvas.addEventListener("focus", () => choose(this.chosen[2] ?? 0, this.chosen[3] ?? 0));
      canvas.addEventListener("keydown", (event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        choose(this.chosen[2] + step[0], this.chosen[3] + step[1]);
      });
      return canvas;
    };
    this.maps = this.network.kernels.map((_, k) => ({
      kernel: view(`kernel ${k}`, 36),
      box: make("div", { class: "box" }),
      map: view(`map ${k}; arrow keys choose a place`, 80, (r, c) => this.choose("map", k, r, c)),
      pooled: view(`map ${k} after pooling`, 40),
      tick: this.tick(`erase ${k}`, false, (on) => this.try({ erased: on ? [...this.options.erased, k] : this.options.erased.filter((old) => old !== k) })),
    }));
    return make("div", { class: "maps" }, this.maps.map(({ kernel, map, box, pooled, tick }) => make("div", {}, make("div", { style: "display:flex;gap:4px;align-items:flex-end" }, kernel, make("div", { class: "picture" }, map, box), pooled), tick)));
  }

  towards(label) {
    this.chosen = ["score", label];
    this.try({ towards: label });
  }

  choose(kind, k, r, c) {
    this.chosen = [kind, k, Math.max(0, Math.min(7, r)), Math.max(0, Math.min(7, c))];
    this.try({});
  }

  draw() {
    const { strokes, erased, fit, towards } = this.options;
    const { network } = this;
    const pixels = toPixels(rasterise(strokes, { fit }));
    const found = forward(network, pixels, erased);
    const gradient = inputGradient(network, pixels, towards, erased, found);
    this.found = { pixels, gradient, ...found };
    this.sketch(strokes);
    const [kind, chosen, row, column] = this.chosen;
    const near = (r, c) => kind === "map" && Math.abs(r - row) <= 1 && Math.abs(c - column) <= 1;
    this.pixels.show(pixels, (r, c) => (near(r, c) ? "window" : ""));
    const limit = Math.max(0.01, ...found.maps.flat(2));
    this.maps.forEach(({ kernel, map, box, pooled }, k) => {
      paint(kernel, network.kernels[k], { signed: true });
      paint(map, found.maps[k], { limit });
      paint(pooled, found.pooled[k], { limit });
      box.hidden = kind !== "map" || chosen !== k;
      box.style.cssText = `top:${12.5 * row}%;left:${12.5 * column}%;width:12.5%;height:12.5%`;
    });
    paint(this.units, table(4, 16, (r, c) => found.hidden[16 * r + c]));
    this.bars.forEach(({ bar, share, name }, k) => {
      bar.style.width = `${Math.max(0.5, 100 * found.shares[k])}%`;
      bar.className = `bar ${k === found.label ? "best" : ""}`;
      share.textContent = `${short(100 * found.shares[k], 0)} %`;
      name.setAttribute("aria-pressed", k === towards);
    });
    this.wishPart.firstChild.textContent = `what ${towards} would like: more ink where positive, less where negative`;
    this.wish.show(gradient);
    this.tell();
  }

  sketch(strokes) {
    const context = this.paper.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 240, 240);
    Object.assign(context, { strokeStyle: "#222", lineWidth: 20, lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(240 * stroke[0][0], 240 * stroke[0][1]);
      for (const [x, y] of stroke.length > 1 ? stroke : [...stroke, ...stroke]) context.lineTo(240 * x, 240 * y);
      context.stroke();
    }
    context.strokeStyle = this.lowered ? "#B34700" : "#595959";
    context.lineWidth = 2;
    context.strokeRect(240 * this.pen[0] - 5, 240 * this.pen[1] - 5, 10, 10);
  }

  tell() {
    const { network, found } = this;
    const [kind, k, row, column] = this.chosen;
    const without = this.options.erased.length ? ` without ${count(this.options.erased.length, "kernel")}` : "";
    const answer = `${found.label} (${short(100 * found.shares[found.label], 0)} %)${without}`;
    this.say(this.options.strokes.length ? `The network reads ${answer}.` : `Nothing is drawn, and the network would still say ${answer}.`);
    if (kind === "map") {
      const terms = windowTerms(found.pixels, network.kernels[k], row, column, { padding: 1 });
      const { products, equal, shown } = written(terms, [network.biases[k]], found.sums[k][row][column]);
      this.sum.textContent = `Map ${k}, row ${row}, column ${column}: ${products.join(" + ")} + bias ${factor(network.biases[k])} ${equal} ${shown}, after ReLU ${show(found.maps[k][row][column], 4)}.`;
    } else {
      const units = found.hidden.map((value, unit) => ({ unit, value, weight: network.last.weight[unit][k] }));
      units.sort((a, b) => Math.abs(b.value * b.weight) - Math.abs(a.value * a.weight));
      const [first, others] = [units.slice(0, 4), total(units.slice(4).map((term) => term.value * term.weight))];
      const { products, equal, shown } = written(first, [others, network.last.bias[k]], found.scores[k]);
      this.sum.textContent = `Score of ${k}, from the units that count most: ${products.map((product, n) => `unit ${first[n].unit} ${product}`).join(" + ")} + ${factor(others)} from the others + bias ${factor(network.last.bias[k])} ${equal} ${shown}.`;
    }
  }

  get state() {
    return { ...this.options, ...this.found, chosen: this.chosen };
  }
}

// ---------------------------------------------------------------------------------------- the names

const ELEMENTS = {
  "conv-explorer": ConvExplorer, "geometry-explorer": GeometryExplorer, "pooling-explorer": PoolingExplorer,
  "activation-explorer": ActivationExplorer, "norm-explorer": NormExplorer, "dropout-explorer": DropoutExplorer,
  "network-explorer": NetworkExplorer,
};

// A notebook may load the module more than once.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
}
