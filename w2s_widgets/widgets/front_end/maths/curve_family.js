// The curve explorer's arithmetic: a student of waves, fitted to a teacher by one product with the family that
// Python made. studies/linear/curves.py does the same; a test compares the two on thousands of drawn teachers.

import { asBytes } from "./outcome_grid.js";

/** @import { Bytes, CurveSpec, Curve1, Fitted } from "../types.js" */

const CLEARLY = 0.1;

export class CurveFamily {
  /** @param {CurveSpec} spec @param {Bytes} bytes */
  constructor(spec, bytes) {
    this.spec = spec;
    this.questions = spec.questions;
    const numbers = new Float64Array(asBytes(bytes).slice().buffer);
    let at = 0;
    const take = (/** @type {number} */ count) => {
      at += count;
      return numbers.subarray(at - count, at);
    };
    this.waves = Array.from({ length: spec.waves }, () => take(this.questions));
    this.truth = take(this.questions);
    this.stairs = Array.from({ length: spec.draws }, () => spec.counts.map(take));
    const wiggles = Array.from({ length: spec.draws }, () => take(this.questions));
    const [stretch, tilt] = [take(this.questions), take(this.questions)];
    /** @type {Record<string, Curve1[]>} */
    this.shapes = { wiggle: wiggles, "bad stretch": [stretch], tilt: [tilt] };
    this.truthSquares = this.squares(this.truth);
  }

  // A teacher of one of the kinds; its quality by its place on the slider.
  /** @param {string} kind @param {number} level @param {number} quality @param {number} draw @returns {Curve1} */
  teacher(kind, level, quality, draw) {
    if (kind === "stairs") {
      const heights = this.stairs[draw - 1][level];
      return Float64Array.from(this.truth, (_, i) => heights[Math.floor((i * (heights.length - 1)) / this.questions + 0.5)]);
    }
    const shapes = this.shapes[kind];
    const shape = shapes[Math.min(draw, shapes.length) - 1];
    const size = Math.sqrt(1 - quality);
    return this.truth.map((value, i) => value + size * shape[i]);
  }

  // Straight lines between the knots of a drawing.
  /** @param {number[]} knots @returns {Curve1} */
  drawn(knots) {
    const last = knots.length - 1;
    return this.truth.map((_, i) => {
      const along = Math.min(last, Math.max(0, ((i + 0.5) * knots.length) / this.questions - 0.5));
      const before = Math.min(Math.trunc(along), last - 1);
      const share = along - before;
      return knots[before] * (1 - share) + knots[before + 1] * share;
    });
  }

  /** The mean product of two curves. @param {Curve1} a @param {Curve1} b */
  product(a, b) {
    let sum = 0;
    for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
    return sum / a.length;
  }

  /** How much of a curve each wave holds, squared, and what is left after so many of them. @param {Curve1} curve */
  squares(curve) {
    const held = this.waves.map((wave) => this.product(wave, curve));
    let left = this.product(curve, curve);
    const after = [left, ...held.map((part) => {
      left -= part * part;
      return Math.max(0, left);
    })];
    return { held, after };
  }

  /** Fit the student, and measure it at every capacity. @param {Curve1} teacher @param {number} capacity @returns {Fitted} */
  fit(teacher, capacity) {
    const { held, after } = this.squares(teacher);
    const student = new Float64Array(this.questions);
    for (let k = 0; k < capacity; k += 1) {
      const wave = this.waves[k];
      for (let i = 0; i < student.length; i += 1) student[i] += held[k] * wave[i];
    }
    const error = teacher.map((value, i) => value - this.truth[i]);
    const wrong = error.filter((value) => Math.abs(value) > CLEARLY).length / error.length;
    const err_weak = this.product(error, error);
    const fallen = this.squares(error).after;
    const eps = this.truthSquares.after;
    const left = student.map((value, i) => value - this.truth[i]);
    const copied = student.map((value, i) => value - teacher[i]);
    return {
      teacher,
      student,
      wrong,
      err_weak,
      err_student: this.product(left, left),
      misfit: this.product(copied, copied),
      gain: 0 - this.product(copied, error.map((value, i) => value + left[i])),
      slack: 0 - 2 * this.product(left, copied),
      falls_away: fallen[capacity],
      copied: Math.max(0, err_weak - fallen[capacity]),
      eps: eps[capacity],
      misfits: after.slice(1),
      gains: fallen.slice(1).map((away, k) => away - eps[k + 1]),
    };
  }
}
