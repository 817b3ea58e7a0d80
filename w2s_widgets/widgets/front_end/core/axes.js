// Axes: ticks, the frame of gain against misfit with its diagonal, and a frame whose axes are logarithmic.

import { write } from "./labels.js";
import { formatFixed } from "../maths/numbers.js";
import { svg, uniqueId } from "./svg.js";

/** @import { Edges, GainMisfit, Point, Range, Scale } from "../types.js" */

const SUPERSCRIPT = [..."\u2070\u00b9\u00b2\u00b3\u2074\u2075"];

/** @param {number} low @param {number} high @param {number} wanted */
export function ticks(low, high, wanted = 5) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((m) => m * power >= rough) ?? 10) * power;
  const marks = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k += 1) marks.push(k * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
  return marks.map((value) => ({ value, words: formatFixed(value, decimals) }));
}

/** @param {Range} range @param {number} from @param {number} to @returns {Scale} */
export function scale([low, high], from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** @param {Element} parent @param {number} x @param {number} bottom @param {string} words */
export function tickBelow(parent, x, bottom, words) {
  svg("line", { x1: x, x2: x, y1: bottom, y2: bottom + 4, class: "w2s-axis" }, parent);
  write(parent, words, { x, y: bottom + 18 });
}

/** @param {Element} parent @param {number} left @param {number} y @param {string} words */
export function tickBeside(parent, left, y, words) {
  svg("line", { x1: left - 4, x2: left, y1: y, y2: y, class: "w2s-axis" }, parent);
  write(parent, words, { x: left - 7, y: y + 4 }, "w2s-quiet", "end");
}

// The name of an axis, turned along it.
/** @param {Element} parent @param {string} words @param {string} className @param {number} y */
export function nameUpright(parent, words, className, y) {
  const text = write(parent, words, { x: 0, y: 0 }, className);
  text.setAttribute("transform", `translate(15 ${y}) rotate(-90)`);
}

/** @param {Element} parent @param {Edges} edges */
export function drawCorner(parent, { left, right, top, bottom }) {
  svg("path", { d: `M${left},${top}V${bottom}H${right}`, class: "w2s-axis" }, parent);
}

// Gain against misfit: what the theorem allows, ticks and names, the line of no gain, and the diagonal.
export class GainMisfitAxes {
  /** @param {Element} parent @param {Edges} edges @param {GainMisfit} range @param {boolean} shaded */
  constructor(parent, edges, range, shaded = true) {
    const { x, y } = range;
    this.range = range;
    this.x = scale(x, edges.left, edges.right);
    this.y = scale(y, edges.bottom, edges.top);
    const low = Math.max(x[0], y[0]);
    const high = Math.min(x[1], y[1]);
    this.low = low;
    this.high = high;
    const region = [[x[0], low], [high, high], [high, y[1]], [x[0], y[1]]].map(([a, b]) => this.at(a, b));
    if (shaded) svg("path", { d: `M${region.join("L")}Z`, class: "w2s-allowed" }, parent);
    for (const { value, words } of ticks(...x)) tickBelow(parent, this.x(value), edges.bottom, words);
    const marks = ticks(...y);
    for (const { value, words } of marks) tickBeside(parent, edges.left, this.y(value), words);
    drawCorner(parent, edges);
    write(parent, "misfit", { x: (edges.left + edges.right) / 2, y: edges.bottom + 34 }, "w2s-ink-misfit");
    // The turned name stands between two of the axis's numbers.
    const middle = Math.floor(marks.length / 2);
    nameUpright(parent, "gain", "w2s-ink-gain", (this.y(marks[middle - 1].value) + this.y(marks[middle].value)) / 2);
    if (y[0] < 0) svg("path", { d: `M${this.at(x[0], 0)}L${this.at(x[1], 0)}`, class: "w2s-zero" }, parent);
    svg("path", { d: `M${this.at(low, low)}L${this.at(high, high)}`, class: "w2s-diagonal" }, parent);
  }

  at(/** @type {number} */ misfit, /** @type {number} */ gain) {
    return `${this.x(misfit).toFixed(1)},${this.y(gain).toFixed(1)}`;
  }

  // A place a share of the way along a line from one point of the map to another, some pixels on and off it.
  /** @param {Point} from @param {Point} to @param {number} share @param {number} on @param {number} off */
  along(from, to, share, on, off) {
    const [left, right, start, end] = [this.x(from.x), this.x(to.x), this.y(from.y), this.y(to.y)];
    const slope = Math.atan2(end - start, right - left);
    const [cos, sin] = [Math.cos(slope), Math.sin(slope)];
    const x = left + share * (right - left) + on * cos - off * sin;
    const y = start + share * (end - start) + on * sin + off * cos;
    return { x, y, turn: (slope * 180) / Math.PI };
  }

  // What lies beyond the map's edge is drawn on the edge.
  place(/** @type {number} */ misfit, /** @type {number} */ gain) {
    const inside = (/** @type {number} */ value, /** @type {Range} */ [low, high]) => Math.min(high, Math.max(low, value));
    const [a, b] = [inside(misfit, this.range.x), inside(gain, this.range.y)];
    return { x: this.x(a), y: this.y(b), outside: a !== misfit || b !== gain };
  }
}

/** Words turned along a line. @param {Element} text @param {Point & { turn: number }} place */
export function turnAlong(text, { x, y, turn }) {
  text.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})`);
}

export class LogAxes {
  /** @param {Element} parent @param {Edges} box @param {Range} x @param {Range} y */
  constructor(parent, box, x, y) {
    this.box = box;
    this.range = { x, y };
    this.alongX = scale([Math.log10(x[0]), Math.log10(x[1])], box.left, box.right);
    this.alongY = scale([Math.log10(y[0]), Math.log10(y[1])], box.bottom, box.top);
    const id = uniqueId("clip");
    const clip = svg("clipPath", { id }, parent);
    svg("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top }, clip);
    this.frame = svg("g", {}, parent);
    this.content = svg("g", { "clip-path": `url(#${id})` }, parent);
    drawCorner(this.frame, box);
  }

  x(/** @type {number} */ value) {
    return this.alongX(Math.log10(value));
  }

  // Far below the frame where there is no logarithm.
  y(/** @type {number} */ value) {
    const [low, high] = this.range.y;
    return this.alongY(Math.log10(Math.min(100 * high, Math.max(low / 100, value))));
  }

  /** @param {number[]} powersX @param {number[]} powersY @param {Element} parent */
  ticks(powersX, powersY, parent) {
    const { left, bottom } = this.box;
    for (const power of powersX) tickBelow(parent, this.x(10 ** power), bottom, String(10 ** power));
    for (const power of powersY) {
      const words = power < -2 || power > 3 ? `10${superscript(power)}` : String(10 ** power);
      tickBeside(parent, left, this.alongY(power), words);
    }
  }

  path(/** @type {number[]} */ xs, /** @type {ArrayLike<number>} */ ys) {
    return `M${Array.from(ys, (y, i) => `${this.x(xs[i]).toFixed(1)},${this.y(y).toFixed(1)}`).join("L")}`;
  }

  /** @param {number[]} xs @param {ArrayLike<number>} low @param {ArrayLike<number>} high */
  band(xs, low, high) {
    const back = Array.from(low, (y, i) => `${this.x(xs[i]).toFixed(1)},${this.y(y).toFixed(1)}`).reverse();
    return `${this.path(xs, high)}L${back.join("L")}Z`;
  }
}

function superscript(/** @type {number} */ power) {
  return `${power < 0 ? "\u207b" : ""}${SUPERSCRIPT[Math.abs(power)]}`;
}
