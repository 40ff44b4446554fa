// The course's interactive figures: custom elements in one module that needs no other.
//
// The first half is arithmetic, on numbers and arrays alone: tests/test_explorer_arithmetic.py holds it
// to helpers.ops, outside of any browser. The second half draws. Elements are used in notebooks
// (helpers/explore.py), in the book and on a page of their own (index.html).

// ------------------------------------------------------------------------------ arithmetic: checks

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

function asWhole(value, name, low, high) {
  if (!Number.isInteger(value) || value < low || value > (high ?? Infinity)) {
    const range = high === undefined ? `of at least ${low}` : `from ${low} to ${high}`;
    throw new RangeError(`${name} is ${spell(value)}; expected a whole number ${range}`);
  }
  return value;
}

function asNumber(value, name, low, high) {
  if (typeof value !== "number" || !(value >= low && value <= high) || !Number.isFinite(value)) {
    throw new RangeError(`${name} is ${spell(value)}; expected a number from ${show(low)} to ${show(high)}`);
  }
  return value;
}

function asChoice(value, name, choices) {
  if (!choices.includes(value)) {
    throw new RangeError(`${name} is ${spell(value)}; expected one of ${choices.join(", ")}`);
  }
  return value;
}

function asTable(value, name, largest) {
  const sound = Array.isArray(value) && value.length && Array.isArray(value[0]) && value[0].length;
  if (!sound || value.some((row) => !Array.isArray(row) || row.length !== value[0].length)) {
    throw new RangeError(`${name} is no table; expected rows of numbers, all of one length`);
  }
  value.forEach((row, r) => row.forEach((number, c) => {
    if (typeof number !== "number" || !Number.isFinite(number)) {
      throw new RangeError(`${name} holds ${spell(number)} in row ${r}, column ${c}; expected a number`);
    }
  }));
  if (largest && Math.max(value.length, value[0].length) > largest) {
    throw new RangeError(`${name} is ${value.length}×${value[0].length}; expected at most ${largest}×${largest}`);
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
    throw new RangeError(`kernel is ${kernel}${wide}; expected at most ${size + 2 * padding}, the padded size`);
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
    throw new RangeError(`padding is ${padding}; reflecting can add at most ${Math.min(height, width) - 1} here`);
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
  const padded = pad2d(image, padding, mode);
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
    throw new RangeError(`padding is ${padding}; expected less than the window, ${kernel}, or a window would hold nothing but padding`);
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
    read = new Set([...read].flatMap((output) => taps(layers[l], output)));
    lost.unshift([...Array(sizes[l]).keys()].filter((place) => !read.has(place)));
  }
  return lost;
}

// ------------------------------------------------- arithmetic: activation, normalisation, dropout

// 1 - erf(x) for x >= 0: a series where it converges fast, else a continued fraction (Abramowitz
// and Stegun 1964, 7.1.6 and 7.1.14); JavaScript has neither function.
function erfc(x) {
  if (x < 2.5) {
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
  return x.map((value, k) => (mask[k] ? (early ? value / (1 - p) : value) : 0));
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
export function inputGradient(network, pixels, label, erased = []) {
  const { sums, maps, pooled, hiddenSums } = forward(network, pixels, erased);
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

// Numbers as they are shown: rounded, with a real minus sign.
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
