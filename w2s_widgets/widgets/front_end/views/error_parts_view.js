// The teacher's error as a sum: what the student copies and what falls away; below it the student's own error, and
// misfit and gain on the same scale.

import { scale } from "../core/axes.js";
import { label, textWidth, write } from "../core/labels.js";
import { errorFormat, signed } from "../maths/numbers.js";
import { PixelPicture } from "../core/pixel_picture.js";
import { set, svg } from "../core/svg.js";

/** @import { Fitted } from "../types.js" */

const HEIGHT = 168;
const BAR = 14;
const TOPS = [10, 62, 102, 132];
const NAMES = ["teacher’s error", "student’s error", "misfit", "gain"];
const ROLES = ["teacher", "student", "misfit", "gain"];
/** @type {[number, number]} */ const RANGE = [-0.25, 1];

export class ErrorPartsView {
  /** @type {{ fitted: Fitted, sentence: string } | null} */ shown = null;
  x = scale(RANGE, 0, 1);
  box = { left: 0, right: 1 };

  constructor(/** @type {Element} */ parent) {
    this.frame = new PixelPicture(parent, "The teacher’s error, divided", () => HEIGHT, () => this.layout());
    const { figure, picture } = this.frame;
    figure.classList.add("w2s-error-parts");
    this.zero = svg("line", { y1: 4, y2: HEIGHT - 16, class: "w2s-ground" }, picture);
    this.rows = ROLES.map((role, i) => ({
      bars: ["first", "second"].map((part) => (
        svg("rect", { y: TOPS[i], height: BAR, class: `w2s-part w2s-part-${role}-${part}` }, picture)
      )),
      more: svg("path", { class: "w2s-part-more" }, picture),
      name: write(picture, NAMES[i], { x: 0, y: TOPS[i] + 12 }, `w2s-ink-${role}`, "start"),
      number: label(picture, `w2s-figure w2s-ink-${role}`, "end"),
    }));
    this.keys = ["first", "second"].map((part) => (
      svg("rect", { width: 9, height: 9, y: TOPS[0] + 23, class: `w2s-part w2s-part-teacher-${part}` }, picture)
    ));
    this.copied = label(picture, "w2s-quiet", "start");
    this.away = label(picture, "w2s-quiet", "start");
  }

  layout() {
    const { width } = this.frame;
    this.box = { left: Math.max(...this.rows.map(({ name }) => textWidth(name))) + 10, right: width - 68 };
    this.x = scale(RANGE, this.box.left, this.box.right);
    set(this.zero, { x1: this.x(0), x2: this.x(0) });
    this.rows.forEach(({ number }, i) => {
      set(number, { x: width - 4, y: TOPS[i] + 12 });
    });
    const [copied, away] = ["copied 0.000", "falls away 0.000"].map((words) => 14 + textWidth(this.away, words));
    const second = Math.max(copied + 16, Math.min(this.x(0) + copied + 24, width - 4 - away));
    [Math.min(this.x(0), second - copied - 16), second].forEach((x, i) => {
      set(this.keys[i], { x });
      set([this.copied, this.away][i], { x: x + 14, y: TOPS[0] + 32 });
    });
    if (this.shown) this.draw(this.shown.fitted, this.shown.sentence);
  }

  /** @param {SVGElement} bar @param {number} from @param {number} to */
  fill(bar, from, to) {
    const { left, right } = this.box;
    const inside = (/** @type {number} */ value) => Math.min(right, Math.max(left, this.x(value)));
    const [a, b] = [inside(Math.min(from, to)), inside(Math.max(from, to))];
    set(bar, { x: a.toFixed(2), width: (b - a).toFixed(2) });
  }

  /** @param {Fitted} fitted @param {string} sentence */
  draw(fitted, sentence) {
    this.shown = { fitted, sentence };
    if (!this.frame.width) return;
    const write = errorFormat(fitted);
    const { err_weak, err_student, misfit, gain, copied, falls_away, eps } = fitted;
    const sums = [[copied, err_weak], [copied, err_student], [misfit, misfit], [gain, gain]];
    this.rows.forEach(({ bars, more, number }, i) => {
      const [middle, end] = sums[i];
      this.fill(bars[0], 0, middle);
      this.fill(bars[1], middle, end);
      const beyond = end > RANGE[1] ? 1 : end < RANGE[0] ? -1 : 0;
      const [edge, y] = [beyond > 0 ? this.box.right + 3 : this.box.left - 3, TOPS[i] + BAR / 2];
      more.setAttribute("d", beyond ? `M${edge},${y - 4}L${edge + beyond * 4},${y}L${edge},${y + 4}` : "");
      number.textContent = i === 3 ? signed(write(end)) : write(end);
    });
    this.copied.textContent = `copied ${write(copied)}`;
    this.away.textContent = `falls away ${write(falls_away)}`;
    this.frame.description.textContent =
      `Of the teacher’s error ${write(err_weak)} the student copies ${write(copied)}, and ${write(falls_away)} falls ` +
      `away. Its own error is ${write(err_student)}, of which ${write(eps)} is truth that it cannot say. ${sentence}`;
  }

  close() {
    this.frame.close();
  }
}
