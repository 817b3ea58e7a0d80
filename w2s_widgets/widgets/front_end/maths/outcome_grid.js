// The table of outcomes that Python computed: look-up by state, snapping, and settings that cannot be reached.

import { readNumber } from "./numbers.js";

/** @import { Axis, Bytes, Outcome, TableSpec } from "../types.js" */

/** The same state, but for one axis. @param {number[]} indices @param {number} axis @param {number} index */
export function moved(indices, axis, index) {
  return indices.map((other, i) => (i === axis ? index : other));
}

// Nearest position on an axis, with a sentence when the value had to be moved into the range.
export function snap(/** @type {Axis} */ axis, /** @type {any} */ value) {
  if (axis.choice) {
    const index = axis.values.indexOf(value);
    if (index >= 0) return { index, note: "" };
    return { index: 0, note: `${axis.label} has no choice “${value}”. It shows ${axis.values[0]}.` };
  }
  const low = axis.values[0];
  const high = axis.values[axis.values.length - 1];
  const number = readNumber(value);
  if (!Number.isFinite(number)) {
    return { index: -1, note: `${axis.label} needs a number from ${low} to ${high}.` };
  }
  const distances = axis.values.map((candidate) => Math.abs(candidate - number));
  const index = distances.indexOf(Math.min(...distances));
  const rounding = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
  const outside = number < low - rounding || number > high + rounding;
  const note = outside ? `${axis.label} goes from ${low} to ${high}. It shows ${axis.words[index]}.` : "";
  return { index, note };
}

export class Grid {
  /** @param {TableSpec} spec @param {Bytes} values @param {Bytes} codes */
  constructor(spec, values, codes) {
    this.spec = spec;
    this.axes = spec.axes;
    this.size = this.axes.reduce((size, axis) => size * axis.values.length, 1);
    // A view may start at an odd offset inside the message, which a Float64Array cannot.
    this.values = new Float64Array(asBytes(values).slice().buffer);
    this.codes = asBytes(codes);
  }

  snap(/** @type {Axis} */ axis, /** @type {any} */ value) {
    return snap(axis, value);
  }

  flat(/** @type {number[]} */ indices) {
    return indices.reduce((flat, index, i) => flat * this.axes[i].values.length + index, 0);
  }

  field(/** @type {string} */ name, /** @type {number[]} */ indices) {
    return this.values[this.spec.fields.indexOf(name) * this.size + this.flat(indices)];
  }

  code(/** @type {string} */ name, /** @type {number[]} */ indices) {
    return this.codes[this.spec.codes.indexOf(name) * this.size + this.flat(indices)];
  }

  /** Move the adjusting axis to its nearest possible value; the same rule as Python's. @param {number[]} indices */
  possible(indices) {
    if (this.code("possible", indices)) return { indices, note: "" };
    const axis = this.axes.findIndex((candidate) => candidate.name === this.spec.adjusts);
    const away = (/** @type {number[]} */ other) => Math.abs(other[axis] - indices[axis]);
    const found = [...this.axes[axis].values.keys()]
      .map((i) => moved(indices, axis, i))
      .filter((other) => this.code("possible", other))
      .reduce((best, other) => (away(other) < away(best) ? other : best));
    return { indices: found, note: this.spec.impossible };
  }

  /** @param {number[]} indices @returns {Outcome} */
  record(indices) {
    const numbers = Object.fromEntries(this.spec.fields.map((name) => [name, this.field(name, indices)]));
    const words = {
      case: this.spec.cases[this.code("case", indices)],
      reason: this.spec.reasons[this.code("reason", indices)],
    };
    return /** @type {Outcome} */ ({ ...numbers, ...words });
  }
}

export function asBytes(/** @type {Bytes} */ buffer) {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
