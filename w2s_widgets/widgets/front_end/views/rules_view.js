// How far each way to choose gets on average over all draws, against the number of true labels.

import { drawCorner, nameUpright, scale, tickBelow, tickBeside, ticks } from "../core/axes.js";
import { fit, label, separate, textWidth, write } from "../core/labels.js";
import { formatError } from "../maths/numbers.js";
import { createPicture, set, svg } from "../core/svg.js";

/** @import { ChooserSpec, NumberAxis } from "../types.js" */

const WIDTH = 340;
const HEIGHT = 340;
const FRAME = { left: 50, right: WIDTH - 12, top: 14, bottom: HEIGHT - 40 };
const RULES = ["chance", "best", "err_weak", "promise"];

export class RulesView {
  /** @param {Element} parent @param {ChooserSpec} spec @param {NumberAxis} axis */
  constructor(parent, spec, axis) {
    const { picture, description } = createPicture(parent, "The rules: student’s error, 100 draws", WIDTH, HEIGHT);
    this.description = description;
    this.spec = spec;
    this.counts = axis.values;
    this.words = axis.words;
    const all = RULES.flatMap((rule) => spec.reliability[rule].flat());
    const top = 1.2 * Math.max(...all);
    const last = this.counts.length - 1;
    this.x = scale([0, last], FRAME.left + 14, FRAME.right - 10);
    this.y = scale([0, top], FRAME.bottom, FRAME.top);
    drawCorner(picture, FRAME);
    for (const { value, words } of ticks(0, top)) tickBeside(picture, FRAME.left, this.y(value), words);
    this.words.forEach((words, i) => {
      tickBelow(picture, this.x(i), FRAME.bottom, words);
    });
    write(picture, "true labels", { x: (FRAME.left + FRAME.right) / 2, y: HEIGHT - 6 });
    nameUpright(picture, "student’s error", "w2s-ink-student", (FRAME.top + FRAME.bottom) / 2);
    this.here = svg("line", { y1: FRAME.top, y2: FRAME.bottom, class: "w2s-zero" }, picture);
    this.lines = Object.fromEntries(RULES.map((rule) => [rule, svg("path", { class: `w2s-rule w2s-rule-${rule}` }, picture)]));
    this.dots = this.counts.map(() => svg("circle", { r: 3.4, class: "w2s-rule-dot" }, picture));
    this.texts = Object.fromEntries(RULES.map((rule) => [rule, label(picture, `w2s-rule-text-${rule}`, "start")]));
    this.right = label(picture, "w2s-name", "start");
    set(this.right, { x: FRAME.left + 8, y: FRAME.top + 10 });
  }

  draw(/** @type {number} */ count, /** @type {number} */ blind) {
    const boxes = RULES.map((rule) => {
      const values = this.spec.reliability[rule][blind];
      const points = values.map((value, i) => `${this.x(i).toFixed(1)},${this.y(value).toFixed(1)}`);
      this.lines[rule].setAttribute("d", `M${points.join("L")}`);
      const text = this.texts[rule];
      text.textContent = this.spec.rules[rule];
      const width = textWidth(text);
      const near = values.slice(0, 5).map((value) => this.y(value));
      const chance = this.y(this.spec.reliability.chance[blind][0]);
      // The rule's words go below their line where the line of chance leaves no room above.
      const below = rule === "promise" && Math.min(...near) - chance < 22;
      const y = below ? Math.max(...near) + 13 : Math.min(...near) - (rule === "promise" ? 14 : 10);
      const x = rule === "chance" ? FRAME.right - 10 - width / 2 : FRAME.left + 10 + width / 2;
      return { text, x, y, width, height: 15, fixed: false };
    });
    separate(boxes, { left: FRAME.left + 6, right: WIDTH - 4, top: FRAME.top + 18, bottom: FRAME.bottom });
    for (const { text, x, y, width } of boxes) set(text, { x: (x - width / 2).toFixed(1), y: (y + 4).toFixed(1) });
    const promise = this.spec.reliability.promise[blind];
    this.dots.forEach((dot, i) => {
      const look = i === count ? { class: "w2s-rule-dot w2s-rule-here", r: 6 } : { class: "w2s-rule-dot", r: 3.4 };
      set(dot, { cx: this.x(i).toFixed(1), cy: this.y(promise[i]).toFixed(1), ...look });
    });
    set(this.here, { x1: this.x(count), x2: this.x(count) });
    const share = Math.round(100 * this.spec.reliability.right[blind][count]);
    fit(this.right, `${this.words[count]} labels: right in ${share} of 100 draws`, WIDTH - FRAME.left - 12);
    const said = RULES.map((rule) => `${this.spec.rules[rule]} ${formatError(this.spec.reliability[rule][blind][count])}`);
    this.description.textContent =
      `With ${this.words[count]} true labels the student’s mean error over 100 draws is, by the way of choosing: ` +
      `${said.join(", ")}. The smallest err_weak minus misfit takes the best teacher in ${share} of 100 draws.`;
  }
}
