// The triangle of truth, teacher and student, drawn to scale, with the student's class as a line.

import { centre, fit, label, obstacle, separate, textWidth } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { errorFormat, formatFixed, SHOWN_AS_ZERO } from "../maths/numbers.js";
import { createPicture, moveTo, set, show, svg } from "../core/svg.js";
import { angleSize, CORNERS, drawAngle, length, middle, SIDES } from "../core/triangle.js";

/** @import { Box, Outcome, Point, TableSpec } from "../types.js" */
/** @import { Corners } from "../core/triangle.js" */
/** @typedef {Box & { text: SVGTextElement, turn: number }} Label */

const WIDTH = 340;
const HEIGHT = 300;
const FRAME = { left: 46, right: 44, top: 32, bottom: 66 };

function together(/** @type {Point} */ a, /** @type {Point} */ b) {
  return length(a, b) < 3;
}

export class TriangleView {
  /** @type {Label[]} */ sideBoxes = [];
  /** @type {Label[]} */ angleBoxes = [];

  /** @param {Element} parent @param {TableSpec} spec @param {string} heading */
  constructor(parent, spec, heading = "The triangle: each squared side is an error") {
    const { picture, description } = createPicture(parent, heading, WIDTH, HEIGHT);
    this.description = description;
    const range = spec.ranges.triangle;
    this.unit = Math.min(
      (WIDTH - FRAME.left - FRAME.right) / (range.x_max - range.x_min),
      (HEIGHT - FRAME.top - FRAME.bottom) / (range.y_max - range.y_min),
    );
    this.left = FRAME.left - range.x_min * this.unit;
    this.base = HEIGHT - FRAME.bottom + range.y_min * this.unit;
    svg("line", { x1: 8, x2: WIDTH - 8, y1: this.base, y2: this.base, class: "w2s-class-line" }, picture);
    this.className = label(picture, "w2s-quiet", "end");
    this.classWords = spec.class_words;
    set(this.className, { x: WIDTH - 8, y: HEIGHT - 7 });
    this.leader = svg("line", { class: "w2s-leader" }, picture);
    set(this.leader, { x1: WIDTH - 14, x2: WIDTH - 14, y1: HEIGHT - 19, y2: this.base + 3 });
    this.area = svg("path", { class: "w2s-triangle-area" }, picture);
    this.sides = SIDES.map((side) => svg("line", { class: `w2s-side w2s-stroke-${side.role}` }, picture));
    this.angle = svg("path", { class: "w2s-angle" }, picture);
    this.angleText = label(picture, "w2s-angle-text");
    this.sideTexts = SIDES.map((side) => label(picture, `w2s-ink-${side.role}`));
    this.markers = CORNERS.map((role) => marker(role, picture));
    this.names = CORNERS.map((role) => label(picture, `w2s-name w2s-ink-${role}`));
  }

  draw(/** @type {Outcome} */ record, /** @type {string} */ sentence) {
    const misfit = Math.sqrt(record.misfit);
    const height = misfit > 0 ? -record.slack / (2 * misfit) : 0;
    const reach = Math.sqrt(Math.max(0, record.err_student - height * height));
    const points = {
      student: this.place(0, 0),
      teacher: this.place(0, misfit),
      truth: this.place(reach, height),
    };
    const corners = CORNERS.map((role) => points[role]);
    corners.forEach((corner, i) => {
      moveTo(this.markers[i], corner.x, corner.y);
    });
    this.area.setAttribute("d", `M${corners.map((p) => `${p.x.toFixed(2)},${p.y.toFixed(2)}`).join("L")}Z`);
    // The line is part of the student's class only where the truth lies on it.
    const onLine = Math.abs(record.slack) < SHOWN_AS_ZERO;
    fit(this.className, onLine ? this.classWords : "here gain equals misfit", WIDTH - 16);
    this.drawSides(record, points);
    this.markAngle(record, points);
    this.nameCorners(points);
    this.description.textContent = sentence;
  }

  place(/** @type {number} */ x, /** @type {number} */ y) {
    return { x: this.left + x * this.unit, y: this.base - y * this.unit };
  }

  drawSides(/** @type {Outcome} */ record, /** @type {Corners} */ points) {
    const inside = middle(points);
    /** @type {Label[]} */ const boxes = [];
    const words = this.sideWords(record, points);
    SIDES.forEach((side, i) => {
      const [a, b] = side.ends.map((end) => points[end]);
      set(this.sides[i], { x1: a.x.toFixed(2), y1: a.y.toFixed(2), x2: b.x.toFixed(2), y2: b.y.toFixed(2) });
      const long = length(a, b);
      const text = this.sideTexts[i];
      show(text, long > 44 && words[i] !== "");
      if (long <= 44 || words[i] === "") return;
      text.textContent = words[i];
      const half = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      let normal = { x: (a.y - b.y) / long, y: (b.x - a.x) / long };
      const flat = words.includes("");
      const inward = (half.x - inside.x) * normal.x + (half.y - inside.y) * normal.y < 0;
      if (flat ? normal.x < -0.35 || normal.y > 0.35 : inward) {
        normal = { x: -normal.x, y: -normal.y };
      }
      const width = textWidth(text);
      // Beside a steep side the words begin where it ends; over or under a flat one they keep half their
      // box's reach away. Below the triangle the corners' names come first.
      const steep = normal.x > 0.35;
      const reach = steep ? 9 + Math.abs(normal.y) * 7 : Math.abs(normal.x) * (width / 2) + Math.abs(normal.y) * 7.5 + 5;
      const away = normal.y > 0.8 ? Math.max(38, reach) : reach;
      let x = half.x + normal.x * away + (steep ? width / 2 : 0);
      let y = half.y + normal.y * away;
      let turn = 0;
      if (normal.x < -0.35) {
        // Beside the upright side there is no room for words: turn them along it.
        turn = (Math.atan2(a.y - b.y, a.x - b.x) * 180) / Math.PI;
        if (turn >= 90) turn -= 180;
        if (turn < -90) turn += 180;
        x = half.x + normal.x * 12;
        y = half.y + normal.y * 12;
      } else if (Math.abs(y - this.base) < 12) {
        y = this.base + 13;
      }
      boxes.push({ text, x, y, width, height: 15, turn, fixed: turn !== 0 });
    });
    this.sideBoxes = boxes;
  }

  // Two sides that fall together share one label.
  sideWords(/** @type {Outcome} */ record, /** @type {Corners} */ points) {
    const write = errorFormat(record);
    const words = SIDES.map((side) => `${side.words} ${write(record[side.name])}`);
    const [weak, student, misfit] = words;
    if (together(points.truth, points.teacher)) return ["", "", `student’s error = ${misfit}`];
    if (together(points.student, points.teacher)) return ["", `teacher’s error = ${student}`, ""];
    if (together(points.truth, points.student)) return [`misfit = ${weak}`, "", ""];
    return words;
  }

  nameCorners(/** @type {Corners} */ points) {
    const words = { truth: "truth", teacher: "teacher", student: "student" };
    if (together(points.student, points.teacher)) {
      words.student = "student = teacher";
      words.teacher = "";
    }
    if (together(points.truth, points.student)) {
      words.student = words.teacher === "" ? "all three the same" : "student = truth";
      words.truth = "";
    } else if (together(points.truth, points.teacher)) {
      words.teacher = "teacher = truth";
      words.truth = "";
    }
    const offsets = { truth: [4, 20], teacher: [0, -17], student: [-2, 20] };
    if (points.truth.y < this.base - 14) offsets.truth = [10, -15];
    const boxes = CORNERS.map((role, i) => {
      const text = this.names[i];
      text.textContent = words[role];
      const [x, y] = [points[role].x + offsets[role][0], points[role].y + offsets[role][1]];
      return { text, x, y, width: textWidth(text), height: 15, turn: 0, fixed: false };
    }).filter(({ text }) => text.textContent);
    const dots = CORNERS.map((role) => obstacle(points[role], 10, 10));
    const line = obstacle({ x: WIDTH / 2, y: this.base }, WIDTH, 3);
    boxes.push(...this.sideBoxes, ...this.angleBoxes);
    separate([...dots, line, ...boxes], { left: 4, right: WIDTH - 4, top: 4, bottom: HEIGHT - 20 });
    for (const box of boxes) {
      centre(box.text, box);
      const turned = `rotate(${box.turn.toFixed(1)} ${box.x.toFixed(1)} ${box.y.toFixed(1)})`;
      box.text.setAttribute("transform", box.turn ? turned : "");
    }
  }

  markAngle(/** @type {Outcome} */ record, /** @type {Corners} */ points) {
    const size = angleSize(points, record.angle, { smallest: 5, shortest: 16, largest: 16 });
    show(this.angle, size);
    show(this.angleText, size);
    this.angleBoxes = [];
    if (!size) return;
    const { student, teacher, truth } = points;
    const way = drawAngle(this.angle, points, record.angle, size);
    const words = `${formatFixed(record.angle, 1)}°`;
    this.angleText.textContent = words;
    const bisector = Math.atan2(way.y, way.x);
    // Far enough out for the words to fit between the two sides.
    const away = Math.max(size + 24, 20 / Math.sin((record.angle * Math.PI) / 360));
    const room = away < 0.8 * Math.min(length(teacher, student), length(truth, student));
    show(this.angleText, room);
    if (!room) return;
    this.angleBoxes.push({
      text: this.angleText,
      x: student.x + Math.cos(bisector) * away + 4,
      y: student.y + Math.sin(bisector) * away + 2,
      width: textWidth(this.angleText),
      height: 15,
      turn: 0,
      fixed: false,
    });
  }
}
