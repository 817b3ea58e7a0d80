// What every drawing of truth, teacher and student shares: corners, sides, and the angle at the student.

import { set } from "./svg.js";

/** @import { Point } from "../types.js" */
/** @typedef {"truth" | "teacher" | "student"} Corner */
/** @typedef {Record<Corner, Point>} Corners */
/** @typedef {{ name: "err_weak" | "err_student" | "misfit", words: string, role: string, ends: [Corner, Corner], third: Corner }} Side */

/** @type {Corner[]} */
export const CORNERS = ["truth", "teacher", "student"];
/** @type {Side[]} */
export const SIDES = [
  { name: "err_weak", words: "teacher’s error", role: "teacher", ends: ["truth", "teacher"], third: "student" },
  { name: "err_student", words: "student’s error", role: "student", ends: ["truth", "student"], third: "teacher" },
  { name: "misfit", words: "misfit", role: "misfit", ends: ["teacher", "student"], third: "truth" },
];

export function length(/** @type {Point} */ a, /** @type {Point} */ b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function middle(/** @type {Corners} */ { truth, teacher, student }) {
  return { x: (truth.x + teacher.x + student.x) / 3, y: (truth.y + teacher.y + student.y) / 3 };
}

// How wide an angle is drawn: within a third of the shorter side; 0 where there is no room for it.
/** @param {Corners} at @param {number | null} angle @param {{ smallest: number, shortest: number, largest: number }} room */
export function angleSize({ truth, teacher, student }, angle, { smallest, shortest, largest }) {
  const side = Math.min(length(teacher, student), length(truth, student));
  return angle !== null && angle > smallest && side > shortest ? Math.min(largest, side / 2.5) : 0;
}

// Draw the angle, as a square where it is right, and say which way its middle is from the student.
/** @param {Element} node @param {Corners} at @param {number} angle @param {number} size */
export function drawAngle(node, { truth, teacher, student }, angle, size) {
  const [a, b] = [teacher, truth].map((point) => {
    const share = size / length(point, student);
    return { x: (point.x - student.x) * share, y: (point.y - student.y) * share };
  });
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `${(student.x + x).toFixed(2)},${(student.y + y).toFixed(2)}`;
  const right = Math.abs(angle - 90) < 0.05;
  const arc = `A${size},${size} 0 0 ${a.x * b.y - a.y * b.x > 0 ? 1 : 0} `;
  set(node, {
    d: `M${at(a.x, a.y)} ${right ? `L${at(a.x + b.x, a.y + b.y)} L` : arc}${at(b.x, b.y)}`,
    class: right ? "w2s-angle w2s-right" : "w2s-angle",
  });
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
