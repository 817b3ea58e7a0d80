// The triangle of truth, teacher and student, drawn to scale, with the student's class as a line.

import { centre, fit, label, obstacle, separate, textWidth } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { errorFormat, formatFixed } from "../core/numbers.js";
import { createPicture, moveTo, set, show, svg } from "../core/svg.js";

/** @import { Box, Outcome, Point, TableSpec } from "../types.js" */
/** @typedef {"truth" | "teacher" | "student"} Role */
/** @typedef {Record<Role, Point>} Corners */
/** @typedef {Box & { text: SVGTextElement, turn: number }} Label */

const WIDTH = 340;
const HEIGHT = 300;
const FRAME = { left: 46, right: 44, top: 32, bottom: 66 };
/** @type {Role[]} */
const ROLES = ["truth", "teacher", "student"];
/** @type {{ name: string, words: string, role: string, from: Role, to: Role }[]} */
const SIDES = [
  { name: "err_weak", words: "teacher’s error", role: "teacher", from: "truth", to: "teacher" },
  { name: "err_student", words: "student’s error", role: "student", from: "truth", to: "student" },
  { name: "misfit", words: "misfit", role: "misfit", from: "teacher", to: "student" },
];

/** @param {Point} a @param {Point} b */
function together(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y) < 3;
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
    this.markers = ROLES.map((role) => marker(role, picture));
    this.names = ROLES.map((role) => label(picture, `w2s-name w2s-ink-${role}`));
  }

  /** @param {Outcome} record @param {string} sentence */
  draw(record, sentence) {
    const misfit = Math.sqrt(record.misfit);
    const height = misfit > 0 ? -record.slack / (2 * misfit) : 0;
    const reach = Math.sqrt(Math.max(0, record.err_student - height * height));
    const points = {
      student: this.place(0, 0),
      teacher: this.place(0, misfit),
      truth: this.place(reach, height),
    };
    const corners = ROLES.map((role) => points[role]);
    corners.forEach((corner, i) => {
      moveTo(this.markers[i], corner.x, corner.y);
    });
    this.area.setAttribute("d", `M${corners.map((p) => `${p.x.toFixed(2)},${p.y.toFixed(2)}`).join("L")}Z`);
    // The line is part of the student's class only where the truth lies on it.
    const onLine = Math.abs(record.slack) < 5e-4;
    fit(this.className, onLine ? this.classWords : "here gain equals misfit", WIDTH - 16);
    this.drawSides(record, points);
    this.drawAngle(record, points);
    this.nameCorners(points);
    this.description.textContent = sentence;
  }

  /** @param {number} x @param {number} y */
  place(x, y) {
    return { x: this.left + x * this.unit, y: this.base - y * this.unit };
  }

  /** @param {Outcome} record @param {Corners} points */
  drawSides(record, points) {
    const centre = {
      x: (points.truth.x + points.teacher.x + points.student.x) / 3,
      y: (points.truth.y + points.teacher.y + points.student.y) / 3,
    };
    /** @type {Label[]} */
    const boxes = [];
    const words = this.sideWords(record, points);
    SIDES.forEach((side, i) => {
      const a = points[side.from];
      const b = points[side.to];
      set(this.sides[i], { x1: a.x.toFixed(2), y1: a.y.toFixed(2), x2: b.x.toFixed(2), y2: b.y.toFixed(2) });
      const length = Math.hypot(a.x - b.x, a.y - b.y);
      const text = this.sideTexts[i];
      show(text, length > 44 && words[i] !== "");
      if (length <= 44 || words[i] === "") return;
      text.textContent = words[i];
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      let normal = { x: (a.y - b.y) / length, y: (b.x - a.x) / length };
      const flat = words.includes("");
      const inward = (middle.x - centre.x) * normal.x + (middle.y - centre.y) * normal.y < 0;
      if (flat ? normal.x < -0.35 || normal.y > 0.35 : inward) {
        normal = { x: -normal.x, y: -normal.y };
      }
      const width = textWidth(text);
      // Beside a steep side the words begin where it ends; over or under a flat one they keep half their
      // box's reach away. Below the triangle the corners' names come first.
      const steep = normal.x > 0.35;
      const reach = steep ? 9 + Math.abs(normal.y) * 7 : Math.abs(normal.x) * (width / 2) + Math.abs(normal.y) * 7.5 + 5;
      const away = normal.y > 0.8 ? Math.max(38, reach) : reach;
      let x = middle.x + normal.x * away + (steep ? width / 2 : 0);
      let y = middle.y + normal.y * away;
      let turn = 0;
      if (normal.x < -0.35) {
        // Beside the upright side there is no room for words: turn them along it.
        turn = (Math.atan2(a.y - b.y, a.x - b.x) * 180) / Math.PI;
        if (turn >= 90) turn -= 180;
        if (turn < -90) turn += 180;
        x = middle.x + normal.x * 12;
        y = middle.y + normal.y * 12;
      } else if (Math.abs(y - this.base) < 12) {
        y = this.base + 13;
      }
      boxes.push({ text, x, y, width, height: 15, turn, fixed: turn !== 0 });
    });
    this.sideBoxes = boxes;
  }

  /** Two sides that fall together share one label. @param {Outcome} record @param {Corners} points */
  sideWords(record, points) {
    const write = errorFormat(record);
    const words = SIDES.map((side) => `${side.words} ${write(record[side.name])}`);
    const [weak, student, misfit] = words;
    if (together(points.truth, points.teacher)) return ["", "", `student’s error = ${misfit}`];
    if (together(points.student, points.teacher)) return ["", `teacher’s error = ${student}`, ""];
    if (together(points.truth, points.student)) return [`misfit = ${weak}`, "", ""];
    return words;
  }

  /** @param {Corners} points */
  nameCorners(points) {
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
    const boxes = ROLES.map((role, i) => {
      const text = this.names[i];
      text.textContent = words[role];
      const [x, y] = [points[role].x + offsets[role][0], points[role].y + offsets[role][1]];
      return { text, x, y, width: textWidth(text), height: 15, turn: 0, fixed: false };
    }).filter(({ text }) => text.textContent);
    const dots = ROLES.map((role) => obstacle(points[role], 10, 10));
    const line = obstacle({ x: WIDTH / 2, y: this.base }, WIDTH, 3);
    boxes.push(...this.sideBoxes, ...this.angleBoxes);
    separate([...dots, line, ...boxes], { left: 4, right: WIDTH - 4, top: 4, bottom: HEIGHT - 20 });
    for (const box of boxes) {
      centre(box.text, box);
      const turned = `rotate(${box.turn.toFixed(1)} ${box.x.toFixed(1)} ${box.y.toFixed(1)})`;
      box.text.setAttribute("transform", box.turn ? turned : "");
    }
  }

  /** @param {Outcome} record @param {Corners} points */
  drawAngle(record, points) {
    const { student, teacher, truth } = points;
    const toTeacher = Math.hypot(teacher.x - student.x, teacher.y - student.y);
    const toTruth = Math.hypot(truth.x - student.x, truth.y - student.y);
    const visible = record.angle > 5 && toTeacher > 16 && toTruth > 16;
    show(this.angle, visible);
    show(this.angleText, visible);
    this.angleBoxes = [];
    if (!visible) return;
    const right = Math.abs(record.angle - 90) < 0.05;
    const size = Math.min(16, toTeacher / 2.5, toTruth / 2.5);
    const [a, b] = [teacher, truth].map((point) => {
      const share = size / Math.hypot(point.x - student.x, point.y - student.y);
      return { x: student.x + (point.x - student.x) * share, y: student.y + (point.y - student.y) * share };
    });
    const corner = { x: a.x + b.x - student.x, y: a.y + b.y - student.y };
    const at = (/** @type {Point} */ point) => `${point.x.toFixed(2)},${point.y.toFixed(2)}`;
    const square = `M${at(a)} L${at(corner)} L${at(b)}`;
    const arc = `M${at(a)} A${size},${size} 0 0 1 ${at(b)}`;
    set(this.angle, { d: right ? square : arc, class: right ? "w2s-angle w2s-right" : "w2s-angle" });
    const words = `${formatFixed(record.angle, 1)}°`;
    this.angleText.textContent = words;
    const bisector = Math.atan2((a.y + b.y) / 2 - student.y, (a.x + b.x) / 2 - student.x);
    // Far enough out for the words to fit between the two sides.
    const away = Math.max(size + 24, 20 / Math.sin((record.angle * Math.PI) / 360));
    const room = away < 0.8 * Math.min(toTeacher, toTruth);
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
