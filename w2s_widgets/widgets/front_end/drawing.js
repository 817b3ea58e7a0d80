// Small pieces that every view draws with: SVG elements, markers of the roles, label placement.

import { formatFixed } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";

// Every widget on a page runs a copy of this module, so counting alone would give ids twice.
const COPY = Math.random().toString(36).slice(2, 10);
let made = 0;

export function uniqueId(kind) {
  made += 1;
  return `w2s-${kind}-${COPY}-${made}`;
}

export function svg(name, attributes = {}, parent = null, text = null) {
  const node = document.createElementNS(SVG, name);
  set(node, attributes);
  if (text !== null) node.textContent = text;
  if (parent) parent.append(node);
  return node;
}

export function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
}

export function html(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  set(node, attributes);
  node.append(...children);
  return node;
}

export function show(node, visible) {
  node.style.display = visible ? "" : "none";
}

// A titled drawing that a screen reader reads as one picture with one description.
export function createPicture(parent, heading, width, height) {
  const figure = html("figure", { class: "w2s-panel" });
  const caption = html("figcaption", {}, heading);
  const id = uniqueId("drawing");
  const picture = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-labelledby": `${id}-title ${id}-text`,
    class: "w2s-picture",
  });
  svg("title", { id: `${id}-title` }, picture, heading);
  const description = svg("desc", { id: `${id}-text` }, picture, "");
  figure.append(caption, picture);
  parent.append(figure);
  return { figure, picture, description };
}

const SHAPES = {
  truth: "M0,-7 L7,0 L0,7 L-7,0 Z",
  teacher: "M-6,-6 H6 V6 H-6 Z",
  student: "M-6.5,0 A6.5,6.5 0 1 0 6.5,0 A6.5,6.5 0 1 0 -6.5,0 Z",
  ceiling: "M0,-7 L7,6 L-7,6 Z",
  state: "M0,-9 L2.6,-3 L9,-2.6 L4,1.6 L5.6,8 L0,4.4 L-5.6,8 L-4,1.6 L-9,-2.6 L-2.6,-3 Z",
};

export function marker(role, parent) {
  return svg("path", { d: SHAPES[role], class: `w2s-marker w2s-fill-${role}` }, parent);
}

export function moveTo(node, x, y) {
  node.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`);
}

// Text with a halo in the paper's colour, so that a line behind it does not cut through the letters.
export function label(parent, className = "", anchor = "middle") {
  return svg("text", { class: `w2s-label ${className}`, "text-anchor": anchor }, parent);
}

export function ticks(low, high, wanted = 5) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const marks = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k += 1) marks.push(k * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
  return marks.map((value) => ({ value, decimals }));
}

export function scale(low, high, from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

// The axes of gain against misfit, with numbered ticks; the turned name stands between two of their numbers.
export function drawAxes(picture, x, y, ranges) {
  const [left, bottom] = [x(ranges.x[0]), y(ranges.y[0])];
  for (const { value, decimals } of ticks(...ranges.x)) {
    tickBelow(picture, x(value), bottom, formatFixed(value, decimals));
  }
  const marks = ticks(...ranges.y);
  for (const { value, decimals } of marks) {
    tickBeside(picture, left, y(value), formatFixed(value, decimals));
  }
  svg("path", { d: `M${left},${y(ranges.y[1])}V${bottom}H${x(ranges.x[1])}`, class: "w2s-axis" }, picture);
  const across = label(picture, "w2s-ink-misfit");
  across.textContent = "misfit";
  set(across, { x: (left + x(ranges.x[1])) / 2, y: bottom + 34 });
  const up = label(picture, "w2s-ink-gain");
  up.textContent = "gain";
  const middle = Math.floor(marks.length / 2);
  const between = (y(marks[middle - 1].value) + y(marks[middle].value)) / 2;
  set(up, { transform: `translate(15 ${between}) rotate(-90)` });
}

export function tickBelow(parent, x, bottom, words) {
  svg("line", { x1: x, x2: x, y1: bottom, y2: bottom + 4, class: "w2s-axis" }, parent);
  const text = label(parent, "w2s-quiet");
  text.textContent = words;
  set(text, { x, y: bottom + 18 });
}

export function tickBeside(parent, left, y, words) {
  svg("line", { x1: left - 4, x2: left, y1: y, y2: y, class: "w2s-axis" }, parent);
  const text = label(parent, "w2s-quiet", "end");
  text.textContent = words;
  set(text, { x: left - 7, y: y + 4 });
}

// Steps away from where a label would best be, the nearest first; sideways counts a little more.
const STEPS = Array.from({ length: 101 * 41 }, (_, i) => (
  { x: 8 * ((i % 41) - 20), y: 3 * (Math.floor(i / 41) - 50) }
)).sort((a, b) => Math.hypot(1.3 * a.x, a.y) - Math.hypot(1.3 * b.x, b.y));

// Put each label at the free place nearest to where it would best be, those that come first before the others.
export function separate(boxes, bounds) {
  const taken = boxes.filter((box) => box.fixed);
  for (const box of boxes.filter(({ fixed }) => !fixed)) {
    const low = { x: bounds.left + box.width / 2, y: bounds.top + box.height / 2 };
    const high = { x: bounds.right - box.width / 2, y: bounds.bottom - box.height / 2 };
    const best = { x: Math.max(low.x, Math.min(high.x, box.x)), y: Math.max(low.y, Math.min(high.y, box.y)) };
    const free = STEPS.find((step) => {
      Object.assign(box, { x: best.x + step.x, y: best.y + step.y });
      const inside = box.x >= low.x && box.x <= high.x && box.y >= low.y && box.y <= high.y;
      return (inside || step === STEPS[0]) && !taken.some((other) => meet(box, other));
    });
    if (!free) Object.assign(box, best);
    taken.push(box);
  }
}

// Whether two boxes, turned by degrees or not, come within a few pixels of each other.
export function meet(a, b) {
  if (!a.turn && !b.turn) {
    return Math.abs(a.x - b.x) < (a.width + b.width) / 2 + 4 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
  }
  const turns = [a, b].map(({ turn = 0 }) => (turn * Math.PI) / 180);
  return turns.every((turn) => [turn, turn + Math.PI / 2].every((way) => {
    const reach = [a, b].reduce((sum, { width, height }, i) => {
      const [cos, sin] = [Math.cos(turns[i] - way), Math.sin(turns[i] - way)].map(Math.abs);
      return sum + cos * (width / 2 + 2) + sin * (height / 2);
    }, 0);
    return Math.abs((a.x - b.x) * Math.cos(way) + (a.y - b.y) * Math.sin(way)) < reach;
  }));
}

const fonts = new Map();
const widths = new Map();
let brush = null;

// After the page has another font.
export function forgetFonts() {
  fonts.clear();
  widths.clear();
}

// How wide a text is, or would be with other words: measured off the page, so that no frame waits for a layout.
export function textWidth(node, words = node.textContent) {
  const kind = node.getAttribute("class");
  if (!fonts.has(kind)) {
    const { fontFamily, fontSize, fontWeight } = getComputedStyle(node);
    // Not on the page yet: close enough until it is there and drawn again.
    if (!fontFamily) return words.length * 6.6 + 2;
    fonts.set(kind, `${fontWeight} ${fontSize} ${fontFamily}`);
  }
  const key = `${kind}|${words}`;
  if (!widths.has(key)) {
    brush ??= document.createElement("canvas").getContext("2d");
    brush.font = fonts.get(kind);
    // Numbers come and go without end.
    if (widths.size > 5000) widths.clear();
    widths.set(key, brush.measureText(words).width);
  }
  return widths.get(key);
}

// Write words where there is only so much room: what is wider is squeezed into it. Says how wide they are.
export function fit(node, words, room) {
  if (node.textContent !== words) node.textContent = words;
  const width = textWidth(node);
  if (width > room) set(node, { textLength: room.toFixed(1), lengthAdjust: "spacingAndGlyphs" });
  else node.removeAttribute("textLength");
  return Math.min(width, room);
}
