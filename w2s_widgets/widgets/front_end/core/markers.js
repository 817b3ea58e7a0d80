// Markers of the roles, and of many teachers: a shape and a colour for each, as matplotlib's in the book's figures.

import { svg } from "./svg.js";

/** @import { Mark } from "../types.js" */

const ROLES = {
  truth: "M0,-7 L7,0 L0,7 L-7,0 Z",
  teacher: "M-6,-6 H6 V6 H-6 Z",
  student: "M-6.5,0 A6.5,6.5 0 1 0 6.5,0 A6.5,6.5 0 1 0 -6.5,0 Z",
  ceiling: "M0,-7 L7,6 L-7,6 Z",
  state: "M0,-9 L2.6,-3 L9,-2.6 L4,1.6 L5.6,8 L0,4.4 L-5.6,8 L-4,1.6 L-9,-2.6 L-2.6,-3 Z",
};
/** @type {Record<string, string>} */
const SHAPES = {
  o: "M-5.5,0 A5.5,5.5 0 1 0 5.5,0 A5.5,5.5 0 1 0 -5.5,0 Z",
  s: "M-5,-5 H5 V5 H-5 Z",
  "^": "M0,-6 L6,5 H-6 Z",
  D: "M0,-6.5 L6.5,0 L0,6.5 L-6.5,0 Z",
  v: "M0,6 L6,-5 H-6 Z",
  P: "M-2.2,-6 H2.2 V-2.2 H6 V2.2 H2.2 V6 H-2.2 V2.2 H-6 V-2.2 H-2.2 Z",
  X: "M-5.8,-2.9 L-2.9,-5.8 L0,-2.9 L2.9,-5.8 L5.8,-2.9 L2.9,0 L5.8,2.9 L2.9,5.8 L0,2.9 L-2.9,5.8 L-5.8,2.9 L-2.9,0 Z",
  "<": "M-6,0 L5,-6 V6 Z",
  ">": "M6,0 L-5,-6 V6 Z",
  "*": "M0,-7.5 L2,-2.4 L7.5,-2.2 L3.2,1.2 L4.6,6.6 L0,3.6 L-4.6,6.6 L-3.2,1.2 L-7.5,-2.2 L-2,-2.4 Z",
  p: "M0,-6.3 L6,-1.9 L3.7,5.1 H-3.7 L-6,-1.9 Z",
  h: "M0,-6.3 L5.5,-3.2 V3.2 L0,6.3 L-5.5,3.2 V-3.2 Z",
};

/** @typedef {keyof typeof ROLES} Role */

export function marker(/** @type {Role} */ role, /** @type {Element} */ parent) {
  return svg("path", { d: ROLES[role], class: `w2s-marker w2s-fill-${role}` }, parent);
}

/** @param {Mark} mark @param {Element} parent */
export function teacherMark({ shape, colour }, parent) {
  const mark = svg("path", { d: SHAPES[shape], class: "w2s-teacher-mark" }, parent);
  mark.style.fill = `var(--w2s-teacher-${colour})`;
  return mark;
}

/** A small drawing for a list. @param {string} className @param {number} size */
export function icon(className, size = 18) {
  return svg("svg", { viewBox: "-9 -9 18 18", width: size, height: size, class: className, "aria-hidden": "true" });
}
