// Numbers and sentences as Python's words.py writes them, so page and kernel never say two things.

export const MINUS = "\u2212";

export function formatFixed(value, decimals) {
  if (!Number.isFinite(value)) return "unknown";
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

export function formatError(value) {
  return formatFixed(value, 3);
}

// Signed with an explicit plus, for a slack that may go either way.
export function formatSigned(value) {
  const text = formatError(value);
  return value > 0 && Number(text) !== 0 ? "+" + text : text;
}

export function fillTemplate(template, words) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in words ? words[name] : whole));
}
