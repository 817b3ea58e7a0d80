// A frame with logarithmic axes, and what is drawn in it: bands, lines, ticks at powers of ten.

import { scale, svg, tickBelow, tickBeside, uniqueId } from "./drawing.js";

const SUPERSCRIPT = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075" };

export class LogAxes {
  // box: left, right, top and bottom in the drawing's units; x and y: the range of each axis.
  constructor(parent, box, x, y) {
    this.box = box;
    this.range = { x, y };
    this.alongX = scale(Math.log10(x[0]), Math.log10(x[1]), box.left, box.right);
    this.alongY = scale(Math.log10(y[0]), Math.log10(y[1]), box.bottom, box.top);
    const id = uniqueId("clip");
    const clip = svg("clipPath", { id }, parent);
    svg("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top }, clip);
    this.frame = svg("g", {}, parent);
    this.content = svg("g", { "clip-path": `url(#${id})` }, parent);
    svg("path", { d: `M${box.left},${box.top}V${box.bottom}H${box.right}`, class: "w2s-axis" }, this.frame);
  }

  x(value) {
    return this.alongX(Math.log10(value));
  }

  // Far below the frame where there is no logarithm.
  y(value) {
    const [low, high] = this.range.y;
    return this.alongY(Math.log10(Math.min(100 * high, Math.max(low / 100, value))));
  }

  ticks(powersX, powersY, parent = this.frame) {
    const { left, bottom } = this.box;
    for (const power of powersX) tickBelow(parent, this.x(10 ** power), bottom, String(10 ** power));
    for (const power of powersY) {
      const words = power < -2 || power > 3 ? `10${superscript(power)}` : String(10 ** power);
      tickBeside(parent, left, this.alongY(power), words);
    }
  }

  path(xs, ys) {
    return `M${Array.from(ys, (y, i) => `${this.x(xs[i]).toFixed(1)},${this.y(y).toFixed(1)}`).join("L")}`;
  }

  band(xs, low, high) {
    const back = Array.from(low, (y, i) => `${this.x(xs[i]).toFixed(1)},${this.y(y).toFixed(1)}`).reverse();
    return `${this.path(xs, high)}L${back.join("L")}Z`;
  }
}

function superscript(power) {
  return [...String(power)].map((letter) => SUPERSCRIPT[letter]).join("");
}
