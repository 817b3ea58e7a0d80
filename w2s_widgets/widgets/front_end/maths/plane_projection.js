// The one thing a page computes itself: projections in a plane of functions, and the triangle they make.
//
// Everywhere else the page only looks up what Python computed. Here the state is four continuous numbers, so no
// table can be sent ahead. Every line does the same sums, products, quotients and roots in the same order as
// studies/linear/function_plane.py, theory/outcome.py and display/text.py; a test compares the two on thousands of
// positions of every set.

import { isShownAsZero } from "./numbers.js";

/** @import { Pair, PlaneSet } from "../types.js" */
/** @typedef {ReturnType<typeof measured> & { scale: number, angle: number | null, case: string, reason: string }} Projected */

const NEAR = 1e-9;
const SAME = 1e-6;
const NOISE = 1e-12;
const RIGHT_ANGLE_DEGREES = 0.05;
/** @type {Pair} */ const ORIGIN = [0, 0];

export function distance(/** @type {Pair} */ a, /** @type {Pair} */ b) {
  const x = a[0] - b[0];
  const y = a[1] - b[1];
  return Math.sqrt(x * x + y * y);
}

// Twice the signed area of a triangle: positive when its corners turn to the left.
/** @param {Pair} a @param {Pair} b @param {Pair} c */
function turn(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** @param {Pair} point @param {Pair} start @param {Pair} end @returns {Pair} */
function onSegment(point, start, end) {
  const x = end[0] - start[0];
  const y = end[1] - start[1];
  const along = ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / (x * x + y * y);
  const share = Math.min(1, Math.max(0, along));
  return [start[0] + share * x, start[1] + share * y];
}

/** @param {Pair} point @param {Pair} ray @returns {Pair} */
function onRay(point, ray) {
  const along = Math.max(0, point[0] * ray[0] + point[1] * ray[1]);
  return [along * ray[0], along * ray[1]];
}

function firstBest(/** @type {Pair} */ point, /** @type {Pair[]} */ candidates) {
  return candidates.reduce((best, one) => (distance(point, one) < distance(point, best) ? one : best));
}

function nearestOf(/** @type {Pair} */ point, /** @type {Pair[]} */ candidates) {
  const shortest = Math.min(...candidates.map((candidate) => distance(point, candidate)));
  const tied = candidates.filter((candidate) => distance(point, candidate) - shortest <= NEAR);
  return { point: tied[0], tied: tied.slice(1).some((other) => distance(tied[0], other) > SAME) };
}

function itself(/** @type {Pair} */ point) {
  return { point, tied: false };
}

/** @type {Record<string, (set: PlaneSet, point: Pair) => { point: Pair, tied: boolean }>} */
const NEAREST = {
  line: (_set, point) => ({ point: [point[0], 0], tied: false }),

  disc: (set, point) => {
    const norm = distance(point, ORIGIN);
    if (norm <= set.radius) return itself(point);
    return itself([(point[0] / norm) * set.radius, (point[1] / norm) * set.radius]);
  },

  polygon: (set, point) => {
    /** @type {Pair[]} */ const corners = set.corners;
    const edges = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length]]);
    if (edges.every(([start, end]) => turn(start, end, point) >= 0)) return itself(point);
    return itself(firstBest(point, edges.map(([start, end]) => onSegment(point, start, end))));
  },

  cone: (set, point) => {
    if (turn(ORIGIN, set.first, point) >= 0 && turn(ORIGIN, set.second, point) <= 0) return itself(point);
    return itself(firstBest(point, [onRay(point, set.first), onRay(point, set.second)]));
  },

  ring: (set, point) => {
    const norm = distance(point, ORIGIN);
    if (norm <= NEAR) return { point: [set.inner, 0], tied: true };
    if (set.inner <= norm && norm <= set.outer) return itself(point);
    const radius = norm < set.inner ? set.inner : set.outer;
    return itself([(point[0] / norm) * radius, (point[1] / norm) * radius]);
  },

  twopoints: (set, point) => nearestOf(point, set.points),

  crescent: (set, point) => {
    /** @type {Pair} */ const centre = [set.bite_centre, 0];
    const out = distance(point, ORIGIN);
    const deep = distance(point, centre);
    if (out <= set.radius && deep >= set.bite_radius) return itself(point);
    if (deep <= NEAR) return { point: [set.bite_centre - set.bite_radius, 0], tied: true };
    /** @type {Pair[]} */ const candidates = [...set.tips];
    if (out > NEAR) {
      /** @type {Pair} */
      const rim = [(point[0] / out) * set.radius, (point[1] / out) * set.radius];
      if (distance(rim, centre) >= set.bite_radius) candidates.push(rim);
    }
    const x = point[0] - set.bite_centre;
    const y = point[1];
    /** @type {Pair} */
    const bite = [set.bite_centre + (x / deep) * set.bite_radius, (y / deep) * set.bite_radius];
    if (distance(bite, ORIGIN) <= set.radius) candidates.push(bite);
    return nearestOf(point, candidates);
  },
};

// The nearest point of a set, and whether another one is equally near.
export function nearest(/** @type {PlaneSet} */ set, /** @type {Pair} */ point) {
  return NEAREST[set.kind](set, point);
}

/** The answers on the two inputs of the function that a point stands for. @param {Pair} point */
function asFunction([x, y]) {
  return [x + y, x - y];
}

function mean(/** @type {number} */ a, /** @type {number} */ b) {
  return (a + b) / 2;
}

/** @param {PlaneSet} set @param {Pair} truth @param {Pair} teacher */
function measured(set, truth, teacher) {
  const { point: student, tied } = nearest(set, teacher);
  const ceiling = nearest(set, truth).point;
  const [f, g, s, c] = [truth, teacher, student, ceiling].map(asFunction);
  const weak = [g[0] - f[0], g[1] - f[1]];
  const left = [s[0] - f[0], s[1] - f[1]];
  const copied = [s[0] - g[0], s[1] - g[1]];
  const missed = [f[0] - c[0], f[1] - c[1]];
  return {
    truth,
    teacher,
    student,
    ceiling,
    tied,
    truthIn: distance(truth, ceiling) <= NEAR,
    teacherIn: distance(teacher, student) <= NEAR,
    err_weak: mean(weak[0] * weak[0], weak[1] * weak[1]),
    err_student: mean(left[0] * left[0], left[1] * left[1]),
    misfit: mean(copied[0] * copied[0], copied[1] * copied[1]),
    gain: 0 - mean(copied[0] * (weak[0] + left[0]), copied[1] * (weak[1] + left[1])),
    slack: 0 - 2 * mean(left[0] * copied[0], left[1] * copied[1]),
    eps: mean(missed[0] * missed[0], missed[1] * missed[1]),
  };
}

// Everything there is to know of truth and teacher on a set: corners, errors, angle, and in which case we are.
/** @param {PlaneSet} set @param {Pair} truth @param {Pair} teacher @returns {Projected} */
export function project(set, truth, teacher) {
  const errors = measured(set, truth, teacher);
  const scale = Math.max(errors.err_weak, errors.err_student, errors.misfit);
  const record = { ...errors, scale, angle: angle(errors), case: "", reason: "" };
  record.case = sentenceCase(record);
  record.reason = reasonCase(set, record);
  return record;
}

/** @param {{ err_student: number, misfit: number, slack: number }} errors */
function angle({ err_student, misfit, slack }) {
  const lengths = Math.sqrt(err_student) * Math.sqrt(misfit);
  if (lengths === 0) return null;
  const cosine = Math.min(1, Math.max(-1, -slack / 2 / lengths));
  return (Math.acos(cosine) * 180) / Math.PI;
}

function sentenceCase(/** @type {Projected} */ record) {
  const noise = NOISE * record.scale;
  if (noise === 0) return "all_same";
  if (record.misfit <= noise) return "copy";
  if (record.err_weak <= noise) return "perfect_teacher";
  if (record.err_student <= noise) return "perfect_student";
  if (record.angle === null) return "all_same";
  const even = isShownAsZero(record.gain, record.scale);
  if (even && isShownAsZero(record.misfit, record.scale)) return "near_copy";
  if (Math.abs(record.angle - 90) < RIGHT_ANGLE_DEGREES && record.gain > 0) return "right";
  if (record.slack > 0) return "obtuse";
  if (even) return "draw";
  return record.gain > 0 ? "acute" : "worse";
}

function reasonCase(/** @type {PlaneSet} */ set, /** @type {Projected} */ record) {
  const noise = NEAR * record.scale;
  const where = record.truthIn ? "in" : "out";
  if (record.teacherIn) return `copy_${where}`;
  const kept = record.slack >= -noise;
  if (set.space && record.truthIn) return "space_in";
  if (set.convex && record.truthIn) return "convex_in";
  const kind = set.convex ? "convex" : "open";
  if (kept) return `${kind}_${where}_kept`;
  return `${kind}_${where}_${record.gain < -noise ? "worse" : "broken"}`;
}
