// Horizontal bars from a common zero, each with its words above it: the ledger and the account.

import { fit, label, write } from "./labels.js";
import { set, svg } from "./svg.js";

/** @import { Scale } from "../types.js" */
/** @typedef {{ bar: Element, words: Element }} Bar */

export class Bars {
  /**
   * @param {Element} picture @param {Scale} x
   * @param {{ width: number, bottom: number, left: number, right: number, indent: number, edge: number }} box
   */
  constructor(picture, x, box) {
    this.picture = picture;
    this.x = x;
    this.box = box;
    /** @type {[top: number, bottom: number][]} */ this.bands = [];
    this.axis = svg("path", { class: "w2s-axis" }, picture);
    this.zero = write(picture, "0", { x: x(0), y: box.bottom + 13 });
  }

  /** @param {number} top @param {number} gap @param {number} height @param {string} role @param {string} ink */
  row(top, gap, height, role, ink = `w2s-ink-${role}`) {
    this.bands.push([top + gap - 2, top + gap + height + 2]);
    this.axis.setAttribute("d", this.upright(this.x(0)));
    const bar = svg("rect", { y: top + gap, height, class: `w2s-bar w2s-bar-${role}` }, this.picture);
    const words = label(this.picture, ink, "start");
    words.setAttribute("y", String(top));
    return { bar, words };
  }

  // A line across bars, from the first of them that is named, which leaves out the words between them.
  upright(/** @type {number} */ x, first = 0) {
    return this.bands.slice(first).map(([top, bottom]) => `M${x.toFixed(2)},${top}V${bottom}`).join("");
  }

  // A bar between two values; where the zero is far right, its words end at the edge.
  /** @param {Bar} row @param {number} from @param {number} to @param {string} words */
  fill(row, from, to, words) {
    const { width, left, right, indent, edge } = this.box;
    const a = Math.max(left, this.x(Math.min(from, to)));
    const b = Math.min(right, this.x(Math.max(from, to)));
    set(row.bar, { x: a.toFixed(2), width: Math.max(0, b - a).toFixed(2) });
    const wide = fit(row.words, words, width - 2 * edge);
    row.words.setAttribute("x", Math.min(this.x(0) + indent, width - edge - wide).toFixed(1));
  }
}
