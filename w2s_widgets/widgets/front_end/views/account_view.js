// The account of a linear class: misfit plus alignment is gain; the blind spot says how large the alignment can be.

import { scale } from "../core/axes.js";
import { Bars } from "../core/bars.js";
import { fit, label } from "../core/labels.js";
import { asWritten, errorFormat, signed } from "../maths/numbers.js";
import { createPicture, set, svg } from "../core/svg.js";

/** @import { Outcome, SwapSpec } from "../types.js" */

const WIDTH = 340;
const HEIGHT = 300;
const TOP = 20;
const PITCH = 65;
const BAR = 16;
const BOX = { width: WIDTH, bottom: TOP + 3 * PITCH + BAR + 17, left: 0, right: WIDTH, indent: 4, edge: 6 };

export class AccountView {
  constructor(/** @type {Element} */ parent, /** @type {SwapSpec} */ spec) {
    const { picture, description } = createPicture(parent, "The account: misfit + alignment = gain", WIDTH, HEIGHT);
    this.description = description;
    this.bars = new Bars(picture, scale(spec.ranges.account, 10, WIDTH - 10), BOX);
    this.note = label(picture, "w2s-quiet");
    set(this.note, { x: WIDTH / 2, y: HEIGHT - 6 });
    this.step = svg("line", { class: "w2s-zero" }, picture);
    this.rows = ["misfit", "slack", "gain", "blind"].map((role, i) => this.bars.row(TOP + i * PITCH, 5, BAR, role));
    this.bracket = svg("path", { class: "w2s-bracket" }, picture);
  }

  draw(/** @type {Outcome} */ record, /** @type {string} */ sentence) {
    const write = errorFormat(record);
    const largest = Math.max(record.err_weak, record.err_student, record.misfit);
    // The sum in this picture's title holds for the numbers as they are written.
    const alignment = asWritten(record.gain, largest) - asWritten(record.misfit, largest);
    const words = [
      `misfit |r_g|\u00b2 ${write(record.misfit)}`,
      `alignment \u22122\u27e8r_f, r_g\u27e9 ${signed(write(alignment))}`,
      `gain ${signed(write(record.gain))}`,
      `blind spot \u03b5 = |r_f|\u00b2 ${write(record.eps)}`,
    ];
    fit(this.note, "bracket: alignment costs at most 2 \u221a(\u03b5 \u00b7 misfit)", WIDTH - 8);
    [[0, record.misfit], [record.misfit, record.gain], [0, record.gain], [0, record.eps]].forEach(([from, to], i) => {
      this.bars.fill(this.rows[i], from, to, words[i]);
    });
    const [a, b] = [record.misfit - record.bound, record.misfit].map((value) => this.bars.x(value).toFixed(2));
    const y = TOP + PITCH + 5 + BAR + 5;
    this.bracket.setAttribute("d", `M${a},${y - 4}V${y + 4}M${a},${y}H${b}M${b},${y - 4}V${y + 4}`);
    set(this.step, { x1: b, x2: b, y1: TOP + PITCH + 5, y2: y });
    this.description.textContent =
      `${words[0]} plus ${words[1]} is ${words[2]}. The ${words[3]}, so the alignment is at most ` +
      `${write(record.bound)} in size. ${sentence}`;
  }
}
