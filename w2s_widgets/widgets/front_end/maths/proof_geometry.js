// The film's plane: two answers are a point, and a small square is turned into the large one as Euclid did it.

import { nearest } from "./plane_projection.js";

/** @import { Pair, PlaneSet } from "../types.js" */

const SAME = 1e-9;
const LONGEST = 3;

/** @param {Pair} answers @returns {Pair} */
export function asPoint([first, second]) {
  return [(first + second) / 2, (first - second) / 2];
}

/** @param {Pair} point @returns {Pair} */
export function asAnswers([x, y]) {
  return [x + y, x - y];
}

/** @param {Pair} a @param {Pair} b @param {number} share @returns {Pair} */
export function between(a, b, share) {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

/** @param {Pair} a @param {Pair} b @returns {Pair} */
export function minus(a, b) {
  return [a[0] - b[0], a[1] - b[1]];
}

/** @param {Pair} a @param {Pair} b @returns {Pair} */
export function plus(a, b) {
  return [a[0] + b[0], a[1] + b[1]];
}

/** @param {Pair} a @param {Pair} b */
export function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1];
}

// A vector turned so that it points away from a third point, and as long as the side.
/** @param {Pair} from @param {Pair} to @param {Pair} third @returns {Pair} */
function outward(from, to, third) {
  const [x, y] = minus(to, from);
  /** @type {Pair} */ const out = [-y, x];
  return dot(out, minus(third, from)) > 0 ? [y, -x] : out;
}

// The square on a side, on the far side of the third corner; a share of its depth.
/** @param {Pair} from @param {Pair} to @param {Pair} third @returns {Pair[]} */
export function squareOn(from, to, third, share = 1) {
  const out = outward(from, to, third);
  /** @type {Pair} */ const depth = [share * out[0], share * out[1]];
  return [from, to, plus(to, depth), plus(from, depth)];
}

// The square on the way from a corner of the large square's side to the student, sheared until a side of it lies on
// the large one's, turned by a right angle about the corner, and sheared until it is a rectangle inside. Its area
// never changes. Where the angle at the corner is not acute it cannot be done, and the square stays; it stays as well
// where the rectangle would be three times as long as the large square.
/** @param {Pair} corner @param {Pair} student @param {Pair} far @param {number} share of the whole way @returns {Pair[]} */
export function fitted(corner, student, far, share) {
  const leg = minus(student, corner);
  const side = minus(far, corner);
  const along = dot(leg, side);
  const still = squareOn(corner, student, far);
  if (along <= SAME || dot(leg, leg) <= SAME || dot(leg, leg) > LONGEST * along) return still;
  const out = minus(still[3], corner);
  const [shear, turn, lay] = [0, 1, 2].map((phase) => Math.min(1, Math.max(0, 3 * share - phase)));
  // The point of the large square's side that stands straight above the student, as seen from the leg.
  const landing = between(corner, far, dot(leg, leg) / along);
  const edge = between(student, landing, shear);
  if (!turn) return [corner, edge, plus(edge, out), still[3]];
  const way = out[0] * leg[1] - out[1] * leg[0] > 0 ? 1 : -1;
  const angle = (way * turn * Math.PI) / 2;
  const turned = (/** @type {Pair} */ [x, y]) => /** @type {Pair} */ (
    [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]
  );
  const [base, tall] = [turned(out), turned(minus(landing, corner))];
  const foot = minus(between(corner, far, along / dot(side, side)), corner);
  const low = lay ? between(leg, foot, lay) : base;
  return [corner, plus(corner, low), plus(plus(corner, low), tall), plus(corner, tall)];
}

// Where on the way from the student to the truth, and a little beyond both, the class is: runs of shares.
/** @param {PlaneSet} set @param {Pair} student @param {Pair} truth @param {Pair} range @returns {Pair[]} */
export function insideRuns(set, student, truth, [low, high]) {
  const steps = 170;
  /** @type {Pair[]} */ const runs = [];
  for (let k = 0; k <= steps; k += 1) {
    const share = low + (k / steps) * (high - low);
    const at = asPoint(between(student, truth, share));
    const [x, y] = minus(nearest(set, at).point, at);
    if (Math.hypot(x, y) > 1e-6) continue;
    const last = runs[runs.length - 1];
    if (last && share - last[1] < 1.5 * ((high - low) / steps)) last[1] = share;
    else runs.push([share, share]);
  }
  return runs;
}
