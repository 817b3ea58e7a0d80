// Save what is on the screen as one SVG or PNG file, with all styles written into the drawing.

import { set, svg } from "./svg.js";

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity", "display",
  "font-family", "font-size", "font-weight", "font-style", "paint-order", "text-anchor", "stroke-linejoin",
];
const GAP = 16;
const FOOT = 44;

export function composePicture(/** @type {Element} */ root, /** @type {string} */ sentence) {
  const pictures = [.../** @type {NodeListOf<SVGSVGElement>} */ (root.querySelectorAll("svg.w2s-picture"))];
  const sizes = pictures.map((picture) => picture.viewBox.baseVal);
  const width = sizes.reduce((sum, box) => sum + box.width + GAP, GAP);
  const height = Math.max(...sizes.map((box) => box.height)) + 2 * GAP + FOOT;
  const style = getComputedStyle(root);
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height });
  svg("title", {}, whole, sentence);
  svg("rect", { width, height, fill: style.getPropertyValue("--w2s-paper").trim() }, whole);
  let x = GAP;
  pictures.forEach((picture, i) => {
    const copy = /** @type {SVGSVGElement} */ (picture.cloneNode(true));
    inlineStyles(picture, copy);
    for (const attribute of ["class", "role", "aria-labelledby", "style"]) copy.removeAttribute(attribute);
    set(copy, { x, y: GAP, width: sizes[i].width, height: sizes[i].height });
    whole.append(copy);
    x += sizes[i].width + GAP;
  });
  const text = svg("text", { x: GAP, y: height - FOOT / 2, "font-size": 14, "font-family": style.fontFamily }, whole, sentence);
  const ink = style.getPropertyValue("--w2s-ink").trim();
  set(text, { fill: ink, textLength: Math.min(width - 2 * GAP, sentence.length * 7) });
  return new XMLSerializer().serializeToString(whole);
}

export function saveSvg(/** @type {string} */ markup, /** @type {string} */ name) {
  download(new Blob([markup], { type: "image/svg+xml" }), `${name}.svg`);
}

export async function savePng(/** @type {string} */ markup, /** @type {string} */ name) {
  const image = new Image();
  const source = URL.createObjectURL(new Blob([markup], { type: "image/svg+xml" }));
  try {
    image.src = source;
    await image.decode().catch(() => {
      throw new Error("The browser could not draw the picture.");
    });
    const canvas = document.createElement("canvas");
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) download(blob, `${name}.png`);
  } finally {
    URL.revokeObjectURL(source);
  }
}

function inlineStyles(/** @type {Element} */ original, /** @type {Element} */ copy) {
  const style = getComputedStyle(original);
  copy.setAttribute("style", STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  // Another machine has other fonts: there the words keep the room that they have here.
  const measured = original instanceof SVGTextElement && !original.hasAttribute("textLength");
  const width = measured ? original.getComputedTextLength() : 0;
  if (width) set(copy, { textLength: width.toFixed(1), lengthAdjust: "spacingAndGlyphs" });
  for (const [i, child] of [...original.children].entries()) inlineStyles(child, copy.children[i]);
}

function download(/** @type {Blob} */ blob, /** @type {string} */ name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
