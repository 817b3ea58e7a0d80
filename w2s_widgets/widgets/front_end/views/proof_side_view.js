// Beside the plane of the film: the two answers of each function, then the distance along the step, then the sum.

import { scale, tickBelow, tickBeside, ticks } from "../core/axes.js";
import { DragHandle } from "../core/drag_handle.js";
import { label, textWidth, write } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { formatNumber } from "../maths/numbers.js";
import { PixelPicture } from "../core/pixel_picture.js";
import { insideRuns } from "../maths/proof_geometry.js";
import { moveTo, set, show, svg } from "../core/svg.js";

/** @import { Film, Pair } from "../types.js" */
/** @typedef {"truth" | "teacher"} Moved */

const ROLES = /** @type {const} */ (["truth", "teacher", "student"]);
const HEADINGS = ["The same, as two answers", "Squared distance to the teacher, along the step", "The squares as a sum"];
/** @type {Pair} */ const WAY = [-0.5, 1.3];
const BAR = 18;
const LARGEST = 280;

export class ProofSideView {
  /** @type {Film | null} */ shown = null;
  y = scale([-1, 1], 1, 0);
  box = { left: 0, right: 1, top: 0, bottom: 1 };

  /**
   * @param {Element} parent @param {number} reach
   * @param {(role: Moved, question: number, to: number) => void} onDrag
   * @param {(role: Moved, question: number, by: number) => void} onStep
   */
  constructor(parent, reach, onDrag, onStep) {
    this.reach = reach;
    const heightOf = (/** @type {number} */ width) => Math.round(Math.min(LARGEST, Math.max(220, 0.85 * width)));
    this.frame = new PixelPicture(parent, HEADINGS[0], heightOf, () => this.layout());
    const { picture, figure } = this.frame;
    figure.classList.add("w2s-proof-side");
    picture.setAttribute("role", "group");
    this.caption = /** @type {HTMLElement} */ (figure.querySelector("figcaption"));
    this.groups = HEADINGS.map(() => svg("g", {}, picture));
    this.createAnswers(this.groups[0], onDrag, onStep);
    this.createWay(this.groups[1]);
    this.createSum(this.groups[2]);
  }

  /**
   * @param {SVGElement} group
   * @param {(role: Moved, question: number, to: number) => void} onDrag
   * @param {(role: Moved, question: number, by: number) => void} onStep
   */
  createAnswers(group, onDrag, onStep) {
    this.grid = svg("g", {}, group);
    this.gaps = svg("path", { class: "w2s-proof-reach" }, group);
    this.students = [0, 1].map(() => marker("student", group));
    this.handles = /** @type {const} */ (["truth", "teacher"]).map((role) => [0, 1].map((question) => (
      new DragHandle(group, {
        role,
        name: `${role === "truth" ? "Truth" : "Teacher"}, answer to question ${question + 1}`,
        kind: "answer",
        reach: this.reach,
        upright: true,
        at: (event) => [0, this.answerAt(event)],
        drag: ([, to]) => onDrag(role, question, to),
        step: ([, by]) => onStep(role, question, by),
      })
    )));
  }

  createWay(/** @type {SVGElement} */ group) {
    this.wayGrid = svg("g", {}, group);
    this.level = svg("line", { class: "w2s-proof-level" }, group);
    this.curve = svg("path", { class: "w2s-proof-curve" }, group);
    this.runs = svg("path", { class: "w2s-proof-runs" }, group);
    this.here = svg("circle", { r: 6, class: "w2s-proof-step" }, group);
    this.wayTexts = svg("g", {}, group);
  }

  createSum(/** @type {SVGElement} */ group) {
    this.bars = ["large", "misfit", "student", "room"].map((part) => (
      svg("rect", { height: BAR, class: `w2s-proof-bar w2s-proof-bar-${part}` }, group)
    ));
    this.rows = [
      ["teacher’s error", "teacher"], ["misfit", "misfit"], ["student’s error", "student"], ["slack: room left", "gain"],
    ].map(([words, role]) => ({
      name: write(group, words, { x: 0, y: 0 }, `w2s-ink-${role}`, "start"),
      number: label(group, `w2s-figure w2s-ink-${role}`, "end"),
    }));
  }

  layout() {
    const { width, height } = this.frame;
    this.box = { left: 34, right: width - 8, top: 10, bottom: height - 26 };
    const { left, right, top, bottom } = this.box;
    this.y = scale([-this.reach, this.reach], bottom, top);
    this.grid?.replaceChildren();
    if (!this.grid) return;
    for (const value of [-2, -1, 0, 1, 2]) tickBeside(this.grid, left, this.y(value), String(value).replace("-", "\u2212"));
    svg("line", { x1: left, x2: right, y1: this.y(0), y2: this.y(0), class: "w2s-ground" }, this.grid);
    svg("path", { d: `M${left},${top}V${bottom}H${right}`, class: "w2s-axis" }, this.grid);
    [0, 1].forEach((question) => {
      write(/** @type {SVGElement} */ (this.grid), `question ${question + 1}`, { x: this.across(question, 0), y: bottom + 18 });
    });
    if (this.shown) this.draw(this.shown);
  }

  // Truth, teacher and student stand side by side over each question.
  /** @param {number} question @param {number} place -1, 0 or 1 */
  across(question, place) {
    const { left, right } = this.box;
    return left + ((right - left) * (1 + 2 * question)) / 4 + place * Math.min(34, (right - left) / 9);
  }

  /** @param {PointerEvent} event */
  answerAt(event) {
    const { top: edge, height } = this.frame.picture.getBoundingClientRect();
    const { top, bottom } = this.box;
    const y = (event.clientY - edge) * (this.frame.height / height || 1);
    return this.reach - (2 * this.reach * (y - top)) / (bottom - top);
  }

  /** @param {Film} film */
  draw(film) {
    this.shown = film;
    if (!this.frame.width) return;
    const part = film.moment <= 2 ? 0 : film.moment <= 4 ? 1 : 2;
    this.groups.forEach((group, i) => { show(group, i === part); });
    if (this.caption.textContent !== HEADINGS[part]) this.caption.textContent = HEADINGS[part];
    // Ticks of a picture that is not shown are not kept.
    if (part !== 1) for (const node of [this.wayGrid, this.wayTexts]) node?.replaceChildren();
    [this.drawAnswers, this.drawWay, this.drawSum][part].call(this, film);
    this.frame.description.textContent = film.sentence;
  }

  /** @param {Film} film */
  drawAnswers({ moment, truth, teacher, student, words }) {
    const known = moment >= 2;
    [truth, teacher].forEach((answers, role) => {
      answers.forEach((answer, question) => {
        const at = { x: this.across(question, role - 1), y: this.y(answer) };
        this.handles?.[role][question].show([0, answer], at, words[ROLES[role]].split(", ")[question]);
      });
    });
    this.students?.forEach((node, question) => {
      show(node, known);
      moveTo(node, this.across(question, 1), this.y(student[question]));
    });
    this.gaps?.setAttribute("d", known ? [0, 1].map((question) => (
      `M${this.across(question, 0)},${this.y(teacher[question]).toFixed(1)}L${this.across(question, 1)},${this.y(student[question]).toFixed(1)}`
    )).join("") : "");
  }

  /** @param {Film} film */
  drawWay({ moment, truth, student, record, set: chosen }) {
    const { left, right, top, bottom: floor } = this.box;
    const bottom = floor - 26;
    const x = scale(WAY, left, right);
    const squared = (/** @type {number} */ t) => record.misfit + t * record.slack + t * t * record.err_student;
    const shares = Array.from({ length: 91 }, (_, k) => WAY[0] + (k / 90) * (WAY[1] - WAY[0]));
    const highest = Math.max(...shares.map(squared), 0.05);
    const y = scale([0, 1.04 * highest], bottom, top);
    const { wayGrid: grid, wayTexts: texts } = this;
    if (!grid || !texts) return;
    grid.replaceChildren();
    texts.replaceChildren();
    for (const { value, words } of ticks(0, 1.04 * highest, 4)) tickBeside(grid, left, y(value), words);
    svg("path", { d: `M${left},${top}V${bottom}H${right}`, class: "w2s-axis" }, grid);
    tickBelow(grid, x(0), bottom, "student");
    tickBelow(grid, x(1), bottom, "truth");
    const at = y(record.misfit).toFixed(1);
    set(/** @type {Element} */ (this.level), { x1: left, x2: right, y1: at, y2: at });
    this.curve?.setAttribute("d", `M${shares.map((t) => `${x(t).toFixed(1)},${y(squared(t)).toFixed(1)}`).join("L")}`);
    // A class without area is crossed in a point, which still has to be seen.
    const runs = insideRuns(chosen, student, truth, WAY).map(([from, to]) => [x(from) - 1.5, x(to) + 1.5]);
    this.runs?.setAttribute("d", runs.map(([from, to]) => `M${Math.max(left, from).toFixed(1)},${bottom}H${Math.min(right, to).toFixed(1)}`).join(""));
    const t = Math.min(1, moment - 2);
    show(/** @type {SVGElement} */ (this.here), moment <= 3);
    set(/** @type {Element} */ (this.here), { cx: x(t).toFixed(1), cy: y(squared(t)).toFixed(1) });
    svg("rect", { x: left, y: floor + 8, width: 18, height: 6, class: "w2s-proof-swatch" }, texts);
    write(texts, "in the student’s class", { x: left + 24, y: floor + 16 }, "w2s-quiet", "start");
  }

  /** @param {Film} film */
  drawSum({ record }) {
    const { width } = this.frame;
    const { err_weak, err_student, misfit, slack, scale: unit } = record;
    const [bars, rows] = [this.bars ?? [], this.rows ?? []];
    const tops = [14, 60, 92, 124];
    const left = Math.max(...rows.map(({ name }) => textWidth(name, name === rows[3].name ? "slack: room left" : name.textContent ?? ""))) + 14;
    const number = (/** @type {number} */ value) => formatNumber(value, unit);
    const right = width - 66;
    const x = scale([0, Math.max(err_weak, misfit + err_student, 1e-9)], left, right);
    const too = slack < 0;
    const lengths = [[0, err_weak], [0, misfit], [misfit, misfit + err_student], too ? [err_weak, err_weak - slack] : [err_weak - slack, err_weak]];
    const written = number(Math.abs(slack));
    const none = !/[1-9]/.test(written);
    bars.forEach((bar, i) => {
      const [from, to] = lengths[i];
      set(bar, { x: x(from).toFixed(1), width: Math.max(0, x(to) - x(from)).toFixed(1), y: tops[i] });
      show(bar, i < 3 || !none);
    });
    bars[3]?.classList.toggle("w2s-proof-bar-too", too);
    const numbers = [err_weak, misfit, err_student, Math.abs(slack)];
    rows.forEach(({ name, number: text }, i) => {
      set(name, { x: 0, y: tops[i] + 14 });
      set(text, { x: width - 4, y: tops[i] + 14 });
      text.textContent = number(numbers[i]);
    });
    rows[3].name.textContent = too ? "slack: too much" : "slack: room left";
    rows[3].name.classList.toggle("w2s-ink-slack", too);
    rows[3].number.classList.toggle("w2s-ink-slack", too);
  }

  close() {
    this.frame.close();
  }
}
