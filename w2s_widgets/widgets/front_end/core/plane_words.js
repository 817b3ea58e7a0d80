// Coordinates and errors as Python's projection_explorer.py and words.py write them.

import { MINUS, formatFixed } from "./numbers.js";

const NOISE = 1e-12;
const STEPS_IN_ONE = 10000;

export function roundCoordinate(value) {
  // Plus zero: nobody should read a minus zero.
  return Math.floor(value * STEPS_IN_ONE + 0.5) / STEPS_IN_ONE + 0;
}

// A coordinate as code.
export function written(value) {
  return String(value);
}

// A coordinate to read: two decimals, or as many as it has.
export function coordinate(value) {
  const text = Math.abs(value).toFixed(4).replace(/0{1,2}$/, "");
  return value < 0 ? MINUS + text : text;
}

// Three decimals, or three digits and an exponent where all errors are small.
export function formatNumber(value, scale) {
  const shown = Math.abs(value) <= NOISE * scale ? 0 : value;
  if (shown === 0 || scale >= 0.01) return formatFixed(shown, 3);
  const [digits, exponent] = Math.abs(shown).toExponential(2).split("e");
  const power = Math.abs(Number(exponent)).toString().padStart(2, "0");
  return `${shown < 0 ? MINUS : ""}${digits}e${Number(exponent) < 0 ? MINUS : "+"}${power}`;
}
