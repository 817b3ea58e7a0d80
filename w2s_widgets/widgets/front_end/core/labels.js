// Words in drawings: measured in the page's own font, pushed off each other, squeezed where room is short.

import { set, svg } from "./svg.js";

/** @import { Box, Edges, Point } from "../types.js" */

// Text with a halo in the paper's colour, so that a line behind it does not cut through the letters.
/** @param {Element} parent @param {string} className @param {string} anchor */
export function label(parent, className = "", anchor = "middle") {
  return svg("text", { class: `w2s-label ${className}`, "text-anchor": anchor }, parent);
}

// A label whose words and place stay.
/** @param {Element} parent @param {string} words @param {Point} at @param {string} className @param {string} anchor */
export function write(parent, words, at, className = "w2s-quiet", anchor = "middle") {
  const text = label(parent, className, anchor);
  text.textContent = words;
  set(text, at);
  return text;
}

// Centre words that are written about their middle on the box that was found for them.
export function centre(/** @type {Element} */ text, /** @type {Point} */ box) {
  set(text, { x: box.x.toFixed(1), y: (box.y + 4).toFixed(1) });
}

// What stands still, and is in the way of words.
/** @param {Point} at @param {number} width @param {number} height @returns {Box} */
export function obstacle({ x, y }, width, height = 15) {
  return { x, y, width, height, fixed: true };
}

// Steps away from where a label would best be, the nearest first; sideways counts a little more.
const STEPS = Array.from({ length: 101 * 41 }, (_, i) => (
  { x: 8 * ((i % 41) - 20), y: 3 * (Math.floor(i / 41) - 50) }
)).sort((a, b) => Math.hypot(1.3 * a.x, a.y) - Math.hypot(1.3 * b.x, b.y));

// Put each label at the free place nearest to where it would best be, those that come first before the others.
export function separate(/** @type {Box[]} */ boxes, /** @type {Edges} */ bounds) {
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
/** @typedef {Omit<Box, "fixed">} Area */

/** @param {Area} a @param {Area} b @returns {boolean} */
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

/** @type {Map<string, string>} */ const fonts = new Map();
/** @type {Map<string, number>} */ const widths = new Map();
/** @type {CanvasRenderingContext2D | null} */ let brush = null;

// After the page has another font.
export function forgetFonts() {
  fonts.clear();
  widths.clear();
}

// How wide a text is, or would be with other words: measured off the page, so that no frame waits for a layout.
/** @param {Element} node */
export function textWidth(node, words = node.textContent ?? "") {
  const kind = node.getAttribute("class") ?? "";
  if (!fonts.has(kind)) {
    const { fontFamily, fontSize, fontWeight } = getComputedStyle(node);
    // Not on the page yet: close enough until it is there and drawn again.
    if (!fontFamily) return words.length * 6.6 + 2;
    fonts.set(kind, `${fontWeight} ${fontSize} ${fontFamily}`);
  }
  const key = `${kind}|${words}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  brush ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  brush.font = fonts.get(kind) ?? "";
  // Numbers come and go without end.
  if (widths.size > 5000) widths.clear();
  const { width } = brush.measureText(words);
  widths.set(key, width);
  return width;
}

// Write words where there is only so much room: what is wider is squeezed into it. Says how wide they are.
/** @param {Element} node @param {string} words @param {number} room */
export function fit(node, words, room) {
  if (node.textContent !== words) node.textContent = words;
  const width = textWidth(node);
  if (width > room) set(node, { textLength: room.toFixed(1), lengthAdjust: "spacingAndGlyphs" });
  else node.removeAttribute("textLength");
  return Math.min(width, room);
}
