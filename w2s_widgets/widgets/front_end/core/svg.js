// Small pieces that every view draws with: SVG elements, markers of the roles, label placement.

const SVG = "http://www.w3.org/2000/svg";

// Every widget on a page runs a copy of this module, so counting alone would give ids twice.
const COPY = Math.random().toString(36).slice(2, 10);
let made = 0;

export function uniqueId(kind) {
  made += 1;
  return `w2s-${kind}-${COPY}-${made}`;
}

export function svg(name, attributes = {}, parent = null, text = null) {
  const node = document.createElementNS(SVG, name);
  set(node, attributes);
  if (text !== null) node.textContent = text;
  if (parent) parent.append(node);
  return node;
}

export function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
}

export function html(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  set(node, attributes);
  node.append(...children);
  return node;
}

export function show(node, visible) {
  node.style.display = visible ? "" : "none";
}

// A titled drawing that a screen reader reads as one picture with one description.
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

const SHAPES = {
  truth: "M0,-7 L7,0 L0,7 L-7,0 Z",
  teacher: "M-6,-6 H6 V6 H-6 Z",
  student: "M-6.5,0 A6.5,6.5 0 1 0 6.5,0 A6.5,6.5 0 1 0 -6.5,0 Z",
  ceiling: "M0,-7 L7,6 L-7,6 Z",
  state: "M0,-9 L2.6,-3 L9,-2.6 L4,1.6 L5.6,8 L0,4.4 L-5.6,8 L-4,1.6 L-9,-2.6 L-2.6,-3 Z",
};

export function marker(role, parent) {
  return svg("path", { d: SHAPES[role], class: `w2s-marker w2s-fill-${role}` }, parent);
}

export function moveTo(node, x, y) {
  node.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`);
}

// Text with a halo in the paper's colour, so that a line behind it does not cut through the letters.
export function label(parent, className = "", anchor = "middle") {
  return svg("text", { class: `w2s-label ${className}`, "text-anchor": anchor }, parent);
}

export function ticks(low, high, wanted = 5) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const marks = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k += 1) marks.push(k * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
  return marks.map((value) => ({ value, decimals }));
}

export function scale(low, high, from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

// Push labels apart until none overlaps, moving each as little as a few passes allow.
export function separate(boxes, bounds) {
  for (let pass = 0; pass < 24; pass += 1) {
    let moved = false;
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) {
        const a = boxes[i];
        const b = boxes[j];
        const overlapX = (a.width + b.width) / 2 + 4 - Math.abs(a.x - b.x);
        const overlapY = (a.height + b.height) / 2 - Math.abs(a.y - b.y);
        if (overlapX <= 0 || overlapY <= 0) continue;
        const down = a.y <= b.y ? 1 : -1;
        const share = a.fixed || b.fixed ? 1 : 0.5;
        if (!a.fixed) a.y -= down * overlapY * share;
        if (!b.fixed) b.y += down * overlapY * share;
        moved = true;
      }
    }
    for (const box of boxes) {
      if (box.fixed) continue;
      box.x = Math.min(bounds.right - box.width / 2, Math.max(bounds.left + box.width / 2, box.x));
      box.y = Math.min(bounds.bottom - box.height / 2, Math.max(bounds.top + box.height / 2, box.y));
    }
    if (!moved) break;
  }
}

// Close enough for placement, without asking the browser for a layout on every frame.
export function textWidth(text) {
  return text.length * 6.6 + 2;
}
