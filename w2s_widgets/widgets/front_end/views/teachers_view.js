// The chart of the chooser: for each teacher its estimated error, minus the misfit, the interval, and its student.

import { scale, tickBelow, ticks } from "../core/axes.js";
import { fit, textWidth, write } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { formatError } from "../maths/numbers.js";
import { createPicture, moveTo, set, show, svg } from "../core/svg.js";

/** @import { ChooserSpec, TeacherRow } from "../types.js" */

const WIDTH = 700;
const HEIGHT = 340;
const FRAME = { left: 34, right: WIDTH - 130, top: 40, bottom: HEIGHT - 36 };
const KEY = ["teacher’s error, estimated", "minus misfit", "= estimate, with interval", "student’s error"];

export class TeachersView {
  /**
   * @param {Element} parent @param {ChooserSpec} spec @param {string[]} names
   * @param {(teacher: number) => void} onChoose when the reader clicks a teacher's row
   */
  constructor(parent, spec, names, onChoose) {
    const heading = "The teachers: what you know of each, and what its student gets";
    const { figure, picture, description } = createPicture(parent, heading, WIDTH, HEIGHT);
    figure.classList.add("w2s-wide");
    this.description = description;
    this.nobody = spec.nobody;
    this.low = spec.range[0];
    this.high = spec.range[1];
    this.x = scale(spec.range, FRAME.left, FRAME.right);
    this.pitch = (FRAME.bottom - FRAME.top) / names.length;
    this.key = KEY.map((words) => {
      const group = svg("g", {}, picture);
      return { words, group, text: write(group, words, { x: 24, y: 18 }, "w2s-quiet", "start") };
    });
    const [teacher, misfit, estimate, student] = this.key.map(({ group }) => group);
    moveTo(marker("teacher", teacher), 10, 14);
    svg("line", { x1: 0, x2: 18, y1: 14, y2: 14, class: "w2s-side w2s-stroke-misfit" }, misfit);
    svg("path", { d: "M0,14H18M0,10V18M18,10V18", class: "w2s-interval" }, estimate);
    moveTo(diamond(estimate), 9, 14);
    moveTo(marker("student", student), 10, 14);
    this.rowsDrawn = names.map((name, i) => this.createRow(picture, name, i, onChoose));
    this.drawAxis(picture);
  }

  // Side by side, closer together and squeezed where the font is wide.
  placeKey() {
    const need = this.key.reduce((sum, { text }) => sum + textWidth(text), 0);
    const free = WIDTH - 16 - 24 * KEY.length;
    const gap = Math.min(14, Math.max(8, (free - need) / (KEY.length - 1)));
    const share = Math.min(1, (free - gap * (KEY.length - 1)) / need);
    let x = Math.min(FRAME.left, WIDTH - 8 - 24 * KEY.length - share * need - gap * (KEY.length - 1));
    for (const { group, text, words } of this.key) {
      moveTo(group, x, 0);
      x += 24 + fit(text, words, share * textWidth(text)) + gap;
    }
  }

  /** @param {Element} picture @param {string} name @param {number} i @param {(teacher: number) => void} onChoose */
  createRow(picture, name, i, onChoose) {
    const y = FRAME.top + (i + 0.5) * this.pitch;
    const row = svg("g", { class: "w2s-teacher-row" }, picture);
    const size = { x: 2, width: WIDTH - 4, y: y - this.pitch / 2, height: this.pitch, rx: 4 };
    const back = svg("rect", { ...size, class: "w2s-row-back" }, row);
    row.addEventListener("click", () => onChoose(i));
    write(row, name, { x: 17, y: y + 4 }, "w2s-name");
    return {
      y,
      row,
      back,
      words: write(row, "", { x: FRAME.right + 10, y: y + 4 }, "w2s-name", "start"),
      misfit: svg("line", { y1: y, y2: y, class: "w2s-side w2s-stroke-misfit" }, row),
      interval: svg("path", { class: "w2s-interval" }, row),
      teacher: marker("teacher", row),
      estimate: diamond(row),
      student: marker("student", row),
    };
  }

  drawAxis(/** @type {Element} */ picture) {
    const bottom = FRAME.bottom + 2;
    svg("path", { d: `M${FRAME.left},${bottom}H${FRAME.right}`, class: "w2s-axis" }, picture);
    for (const { value, words } of ticks(this.low, this.high, 8)) tickBelow(picture, this.x(value), bottom, words);
    const zero = svg("line", { x1: this.x(0), x2: this.x(0), y1: FRAME.top, y2: bottom, class: "w2s-zero" });
    picture.insertBefore(zero, this.rowsDrawn[0].row);
    write(picture, "error", { x: FRAME.right + 20, y: bottom + 16 }, "w2s-quiet", "start");
  }

  /**
   * @param {TeacherRow[]} rows
   * @param {{ uncovered: boolean, chosen: TeacherRow | null, best: TeacherRow, first: string, sentence: string }} state
   */
  draw(rows, { uncovered, chosen, best, first, sentence }) {
    this.placeKey();
    show(this.key[3].group, uncovered);
    rows.forEach((row, i) => {
      const drawn = this.rowsDrawn[i];
      const { y } = drawn;
      // Above each other, so that neither misfit nor student hides behind the interval.
      const top = y - (uncovered ? 9 : 5);
      const middle = y + (uncovered ? 0 : 5);
      this.put(drawn.teacher, row.estimated_error, top);
      this.put(drawn.estimate, row.estimate, middle);
      set(drawn.misfit, {
        x1: this.inside(row.estimate).toFixed(1), x2: this.inside(row.estimated_error).toFixed(1), y1: top, y2: top,
      });
      drawn.interval.setAttribute("d", this.intervalPath(row, middle));
      show(drawn.student, uncovered);
      this.put(drawn.student, row.err_student, y + 9);
      drawn.back.setAttribute("class", row === chosen ? "w2s-row-back w2s-row-chosen" : "w2s-row-back");
      const marks = [];
      if (uncovered && row === best) marks.push("best");
      if (row.name === (uncovered && first !== this.nobody ? first : chosen?.name)) marks.push("your choice");
      fit(drawn.words, marks.join(", "), WIDTH - FRAME.right - 16);
    });
    this.description.textContent = `${rows.map((row) => describe(row, uncovered)).join(" ")} ${sentence}`;
  }

  inside(/** @type {number} */ value) {
    return Math.min(FRAME.right, Math.max(FRAME.left, this.x(value)));
  }

  /** @param {Element} node @param {number} value @param {number} y */
  put(node, value, y) {
    moveTo(node, this.inside(value), y);
  }

  // A bar with ends; an end beyond the drawing is an arrow.
  intervalPath(/** @type {TeacherRow} */ row, /** @type {number} */ y) {
    const [a, b] = [this.inside(row.low), this.inside(row.high)].map((x) => x.toFixed(1));
    const left = row.low < this.low ? `M${a},${y}l5,-4M${a},${y}l5,4` : `M${a},${y - 4}V${y + 4}`;
    const right = row.high > this.high ? `M${b},${y}l-5,-4M${b},${y}l-5,4` : `M${b},${y - 4}V${y + 4}`;
    return `M${a},${y}H${b}${left}${right}`;
  }
}

function diamond(/** @type {Element} */ parent) {
  return svg("path", { d: "M0,-5.5 L5.5,0 L0,5.5 L-5.5,0 Z", class: "w2s-estimate" }, parent);
}

function describe(/** @type {TeacherRow} */ row, /** @type {boolean} */ uncovered) {
  const known =
    `Teacher ${row.name}: error about ${formatError(row.estimated_error)}, minus misfit ${formatError(row.misfit)}, ` +
    `is about ${formatError(row.estimate)}, between ${formatError(row.low)} and ${formatError(row.high)}`;
  return uncovered ? `${known}; its student’s error is ${formatError(row.err_student)}.` : `${known}.`;
}
