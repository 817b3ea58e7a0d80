// Small pieces that every drawing is made of: elements of SVG and HTML, and pictures with a description.

/** @import { Attributes } from "../types.js" */

const SVG = "http://www.w3.org/2000/svg";

// Every widget on a page runs a copy of this module, so counting alone would give ids twice.
const COPY = Math.random().toString(36).slice(2, 10);
let made = 0;

export function uniqueId(/** @type {string} */ kind) {
  made += 1;
  return `w2s-${kind}-${COPY}-${made}`;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name @param {Attributes} attributes @param {Element | null} parent @param {string | null} text
 */
export function svg(name, attributes = {}, parent = null, text = null) {
  const node = document.createElementNS(SVG, name);
  set(node, attributes);
  if (text !== null) node.textContent = text;
  if (parent) parent.append(node);
  return node;
}

export function set(/** @type {Element} */ node, /** @type {Attributes} */ attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Attributes} attributes @param {(Node | string)[]} children
 */
export function html(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  set(node, attributes);
  node.append(...children);
  return node;
}

export function show(/** @type {HTMLElement | SVGElement} */ node, /** @type {unknown} */ visible) {
  node.style.display = visible ? "" : "none";
}

/** @param {Element} node @param {number} x @param {number} y */
export function moveTo(node, x, y) {
  node.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`);
}

// A titled drawing that a screen reader reads as one picture with one description.
/** @param {Element} parent @param {string} heading @param {number} width @param {number} height */
export function createPicture(parent, heading, width, height) {
  const figure = html("figure", { class: "w2s-panel" });
  const caption = html("figcaption", {}, heading);
  const id = uniqueId("drawing");
  const picture = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-labelledby": `${id}-title ${id}-text`,
    class: "w2s-picture",
  });
  svg("title", { id: `${id}-title` }, picture, heading);
  const description = svg("desc", { id: `${id}-text` }, picture, "");
  figure.append(caption, picture);
  parent.append(figure);
  return { figure, picture, description };
}
