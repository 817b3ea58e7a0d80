// Numbers as Python's _numbers.py writes them, sentences as display/text.py, so page and kernel never say two things.

export const MINUS = "\u2212";
const NOISE = 1e-12;
// Of an error of the usual size; below half a unit of the last one it is written as zero.
const DECIMALS = 3;
export const SHOWN_AS_ZERO = 0.5 * 10 ** -DECIMALS;
const STEPS_IN_ONE = 10000;

export function formatFixed(/** @type {number} */ value, /** @type {number} */ decimals) {
  if (!Number.isFinite(value)) return "unknown";
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

// The usual decimals, or three digits and an exponent where the largest error beside it is unusual.
export function formatNumber(/** @type {number} */ value, /** @type {number} */ scale) {
  const shown = Math.abs(value) <= NOISE * scale ? 0 : value;
  if (shown === 0 || (scale >= 0.01 && scale < 1e5) || !Number.isFinite(value)) return formatFixed(shown, DECIMALS);
  const [digits, sign, power] = shown.toExponential(2).split(/e([+-])/);
  return `${digits}e${sign}${power.padStart(2, "0")}`.replaceAll("-", MINUS);
}

// How the errors of one state are written: its largest error decides whether they need an exponent.
/** @param {{ err_weak: number, err_student: number, misfit: number }} record */
export function errorFormat({ err_weak, err_student, misfit }) {
  const scale = Math.max(err_weak, err_student, misfit);
  return (/** @type {number} */ value) => formatNumber(value, scale);
}

// A number with the decimals that formatNumber writes; at unusual scales as it is.
export function asWritten(/** @type {number} */ value, /** @type {number} */ scale) {
  return scale >= 0.01 && scale < 1e5 && Number.isFinite(value) ? readNumber(formatFixed(value, DECIMALS)) : value;
}

// Parts of a total, rounded so that what is written adds up; numbers that are no parts stay as they are.
export function addUp(/** @type {number[]} */ parts, /** @type {number} */ total, /** @type {number} */ scale) {
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((before, value) => before + value, 0);
  if (!(scale >= 0.01 && scale < 1e5 && Math.abs(sum(parts) - total) <= 1e-9 * scale)) return parts;
  const shown = parts.map((value) => asWritten(value, scale));
  const left = Math.round((asWritten(total, scale) - sum(shown)) * 10 ** DECIMALS);
  const sign = left > 0 ? 1 : -1;
  // The last digit moves where rounding took most from a part.
  const order = parts.map((_, i) => i).sort((a, b) => sign * (shown[a] - parts[a] - (shown[b] - parts[b])));
  for (const place of order.slice(0, Math.abs(left))) shown[place] += sign * 10 ** -DECIMALS;
  return shown;
}

// Whether formatNumber writes 0.
export function isShownAsZero(/** @type {number} */ value, /** @type {number} */ scale) {
  return (scale >= 0.01 && scale < 1e5 && Math.abs(value) < SHOWN_AS_ZERO) || Math.abs(value) <= NOISE * scale;
}

// 1, 0 or -1 by the number as it is written, so that words and number agree.
export function writtenSign(/** @type {string} */ text) {
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith(MINUS) ? -1 : 1;
}

// With an explicit plus, for a slack that may go either way.
export function signed(/** @type {string} */ text) {
  return writtenSign(text) > 0 ? `+${text}` : text;
}

// An error where the truth is known to have length about 1, so that the usual decimals always do.
export function formatError(/** @type {number} */ value) {
  return formatFixed(value, DECIMALS);
}

// A number as somebody types it, decimal comma and minus sign included; NaN for anything else, such as 0x1.
export function readNumber(/** @type {unknown} */ value) {
  const plain = String(value).trim().replace(",", ".").replace(MINUS, "-");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

export function roundCoordinate(/** @type {number} */ value) {
  // Plus zero: nobody should read a minus zero.
  return Math.floor(value * STEPS_IN_ONE + 0.5) / STEPS_IN_ONE + 0;
}

// A coordinate to read: two decimals, or as many as it has.
export function coordinate(/** @type {number} */ value) {
  const text = Math.abs(value).toFixed(4).replace(/0{1,2}$/, "");
  return value < 0 ? MINUS + text : text;
}

/** @param {string} template @param {Record<string, string>} words */
export function fillTemplate(template, words) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in words ? words[name] : whole));
}
