// What Python counted of all repetitions: the dots of one state, and the curves of one setting over n.

import { asBytes } from "./outcome_grid.js";

/** @import { Bytes, Curve, Range, SampleSpec } from "../types.js" */
/** @import { Grid } from "./outcome_grid.js" */

const BEYOND = 255;
const FIRST = 1;
const LAST = 254;

export class Samples {
  /** @param {SampleSpec} spec @param {Grid} grid @param {Bytes} cloud @param {Bytes} curves */
  constructor(spec, grid, cloud, curves) {
    this.spec = spec;
    this.grid = grid;
    this.sizeAxis = grid.axes.length - 1;
    this.sizes = /** @type {number[]} */ (grid.axes[this.sizeAxis].values);
    this.repetitions = spec.repetitions;
    this.cloud = asBytes(cloud);
    // A view may start at an odd offset inside the message, which a Float32Array cannot.
    this.curves = new Float32Array(asBytes(curves).slice().buffer);
    this.settings = grid.size / this.sizes.length;
  }

  // One number for all settings of a state but n.
  setting(/** @type {number[]} */ indices) {
    return Math.floor(this.grid.flat(indices) / this.sizes.length);
  }

  capacity(/** @type {number[]} */ indices) {
    return Number(this.grid.axes[0].values[indices[0]]);
  }

  population(/** @type {number[]} */ indices) {
    return this.spec.populations[indices[0]];
  }

  line(/** @type {string} */ name, /** @type {number[]} */ indices) {
    const [capacity, noise, regularization] = indices;
    return this.spec.lines[capacity][noise][regularization][this.spec.distances.indexOf(name)];
  }

  // Median and 5 to 95 % of a number over all n: three views of Python's floats.
  /** @param {string} name @param {number[]} indices @returns {Curve} */
  curve(name, indices) {
    const of = (/** @type {string} */ level) => {
      const row = this.spec.curves.indexOf(`${name}_${level}`) * this.settings + this.setting(indices);
      return this.curves.subarray(row * this.sizes.length, (row + 1) * this.sizes.length);
    };
    return { low: of("low"), mid: of("mid"), high: of("high") };
  }

  // Where each repetition is on the map, as misfit and gain; dots beyond the map are put at its edge.
  dots(/** @type {number[]} */ indices) {
    const start = this.grid.flat(indices) * this.repetitions * 2;
    const { x, y } = this.spec.cloud;
    return Array.from({ length: this.repetitions }, (_, i) => {
      const a = this.cloud[start + 2 * i];
      const b = this.cloud[start + 2 * i + 1];
      return { misfit: place(a, x), gain: place(b, y), beyond: a === 0 || b === 0 || a === BEYOND || b === BEYOND };
    });
  }
}

/** @param {number} step @param {Range} range */
function place(step, [low, high]) {
  const inside = (Math.min(LAST, Math.max(FIRST, step)) - FIRST) / (LAST - FIRST);
  return low + inside * (high - low);
}
