// The plane of functions: the student's class, the triangle with a square on each side, the tangent and its half-plane.

import { DragHandle } from "../core/drag_handle.js";
import { centre, label, meet, obstacle, separate, textWidth } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { coordinate, formatFixed } from "../maths/numbers.js";
import { createPicture, moveTo, set, show, svg } from "../core/svg.js";
import { angleSize, CORNERS, drawAngle, length, middle, SIDES } from "../core/triangle.js";

/** @import { Box, Leap, Pair, PlaneSet, PlaneSpec, Point, Words } from "../types.js" */
/** @import { Area } from "../core/labels.js" */
/** @import { Projected } from "../maths/plane_projection.js" */
/** @import { Handle } from "../core/point_control.js" */
/** @import { Corners, Side } from "../core/triangle.js" */
/** @typedef {Corners & { ceiling: Point }} Places */
/** @typedef {Box & { text: SVGTextElement }} Label */
/**
 * @typedef {object} Moves
 * @property {(role: Handle, x: number, y: number) => void} drag where the pointer put a handle
 * @property {(role: Handle, dx: number, dy: number) => void} step what an arrow key asks for
 */

const WIDTH = 640;
const HEIGHT = 480;
const UNIT = 105;
const CENTRE = { x: WIDTH / 2, y: HEIGHT / 2 };
/** @type {Handle[]} */ const HANDLES = ["truth", "teacher"];
const FAR = 2000;

/** @param {Pair} pair @returns {Point} */
function place([x, y]) {
  return { x: CENTRE.x + x * UNIT, y: CENTRE.y - y * UNIT };
}

// What lies inside the frame, cut a little outside it, so that no stroke runs along its edge.
function cut(/** @type {Point[]} */ points) {
  const margin = 4;
  /** @type {((p: Point) => number)[]} */
  const edges = [
    (p) => p.x + margin,
    (p) => WIDTH + margin - p.x,
    (p) => p.y + margin,
    (p) => HEIGHT + margin - p.y,
  ];
  return edges.reduce(cutBy, points);
}

// The part of a polygon where a linear function is at least 0 (one step of Sutherland and Hodgman).
function cutBy(/** @type {Point[]} */ points, /** @type {(p: Point) => number} */ inside) {
  return points.flatMap((b, i) => {
    const a = points[(i + points.length - 1) % points.length];
    const [from, to] = [inside(a), inside(b)];
    const kept = to >= 0 ? [b] : [];
    if (from < 0 === to < 0) return kept;
    const share = from / (from - to);
    return [{ x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }, ...kept];
  });
}

// A line that was cut as a polygon without area: from one end to the other, and not back again.
function stroke(/** @type {Point[]} */ points) {
  const farthest = (/** @type {Point} */ from) => points.reduce((best, p) => (length(from, p) > length(from, best) ? p : best), from);
  if (!points.length) return "";
  const end = farthest(points[0]);
  return path([end, farthest(end)]).slice(0, -1);
}

function path(/** @type {Point[]} */ points) {
  if (!points.length) return "";
  return `M${points.map((p) => `${p.x.toFixed(2)},${p.y.toFixed(2)}`).join("L")}Z`;
}

// The square on a side, on the far side of the third corner.
function squareOn(/** @type {Side} */ side, /** @type {Places} */ at) {
  const [a, b] = side.ends.map((role) => at[role]);
  const third = at[side.third];
  const out = { x: a.y - b.y, y: b.x - a.x };
  const way = (third.x - a.x) * out.x + (third.y - a.y) * out.y > 0 ? -1 : 1;
  const far = (/** @type {Point} */ p) => ({ x: p.x + way * out.x, y: p.y + way * out.y });
  return [a, b, far(b), far(a)];
}

/** @param {Point[]} corners */
function middleOf([a, , c]) {
  return { x: (a.x + c.x) / 2, y: (a.y + c.y) / 2 };
}

export class PlaneView {
  /** @type {PlaneSet | null} */ drawn = null;

  /** @param {Element} parent @param {PlaneSpec} spec @param {Moves} on */
  constructor(parent, spec, on) {
    const { figure, picture, description } = createPicture(
      parent, "The plane of functions: a square drawn on a side is an error", WIDTH, HEIGHT,
    );
    // Not one picture but a group: it has handles to be focused inside.
    picture.setAttribute("role", "group");
    figure.classList.add("w2s-plane");
    this.description = description;
    this.picture = picture;
    this.half = svg("path", { class: "w2s-half-plane" }, picture);
    svg("line", { x1: 0, x2: WIDTH, y1: CENTRE.y, y2: CENTRE.y, class: "w2s-zero" }, picture);
    svg("line", { x1: CENTRE.x, x2: CENTRE.x, y1: 0, y2: HEIGHT, class: "w2s-zero" }, picture);
    this.shape = svg("path", { class: "w2s-class-area", "fill-rule": "evenodd" }, picture);
    this.dots = [0, 1].map(() => svg("circle", { r: 9, class: "w2s-class-dot" }, picture));
    this.tangent = svg("path", { class: "w2s-promise" }, picture);
    this.bisector = svg("path", { class: "w2s-bisector" }, picture);
    this.tangentText = label(picture, "w2s-quiet w2s-ink-gain");
    this.bisectorText = label(picture, "w2s-quiet");
    this.shapeText = label(picture, "w2s-quiet", "start");
    set(this.shapeText, { x: 10, y: 18 });
    this.squares = SIDES.map((side) => svg("path", { class: `w2s-square w2s-square-${side.role}` }, picture));
    this.eps = svg("line", { class: "w2s-eps" }, picture);
    this.leapLine = svg("line", { class: "w2s-leap" }, picture);
    this.leapDot = svg("circle", { r: 6, class: "w2s-leap-dot" }, picture);
    this.sides = SIDES.map((side) => svg("line", { class: `w2s-side w2s-stroke-${side.role}` }, picture));
    this.angle = svg("path", { class: "w2s-angle" }, picture);
    this.ceiling = marker("ceiling", picture);
    this.student = marker("student", picture);
    this.areaTexts = SIDES.map((side) => label(picture, `w2s-ink-${side.role}`));
    this.angleText = label(picture, "w2s-angle-text");
    this.ceilingText = label(picture, "w2s-quiet");
    this.names = CORNERS.map((role) => label(picture, `w2s-name w2s-ink-${role}`));
    this.handles = /** @type {Record<Handle, DragHandle>} */ (Object.fromEntries(HANDLES.map((role) => [role,
      new DragHandle(picture, {
        role,
        name: `${role[0].toUpperCase()}${role.slice(1)}, moved by the arrow keys`,
        kind: "point in the plane",
        reach: spec.reach.x,
        upright: false,
        at: (event) => this.pointer(event),
        drag: ([x, y]) => on.drag(role, x, y),
        step: ([x, y]) => on.step(role, x, y),
      }),
    ])));
  }

  /** @param {PointerEvent} event @returns {Pair} */
  pointer(event) {
    const box = this.picture.getBoundingClientRect();
    const zoom = WIDTH / box.width;
    return [
      ((event.clientX - box.left) * zoom - CENTRE.x) / UNIT,
      (CENTRE.y - (event.clientY - box.top) * zoom) / UNIT,
    ];
  }

  /** @param {PlaneSet} chosen @param {Projected} record @param {Words} numbers @param {string} sentence @param {Leap | null} leap */
  draw(chosen, record, numbers, sentence, leap) {
    const [truth, teacher, student, ceiling] = [record.truth, record.teacher, record.student, record.ceiling].map(place);
    const at = { truth, teacher, student, ceiling };
    this.drawShape(chosen);
    this.drawLeap(leap, at);
    show(this.eps, !record.truthIn);
    show(this.ceiling, !record.truthIn);
    set(this.eps, { x1: at.truth.x, y1: at.truth.y, x2: at.ceiling.x, y2: at.ceiling.y });
    moveTo(this.ceiling, at.ceiling.x, at.ceiling.y);
    moveTo(this.student, at.student.x, at.student.y);
    for (const role of HANDLES) {
      const [x, y] = record[role];
      this.handles[role].show([x, y], at[role], `across ${coordinate(x)}, up ${coordinate(y)}`);
    }
    const areas = this.drawSides(numbers, at);
    const angle = this.markAngle(record, at);
    const taken = this.drawNames(record, numbers, at, [...areas, ...angle]);
    this.drawTangent(chosen, record, at, taken);
    this.description.textContent = `The student’s class is ${chosen.words}. ${sentence}`;
  }

  drawShape(/** @type {PlaneSet} */ chosen) {
    if (chosen === this.drawn) return;
    this.drawn = chosen;
    const loops = chosen.outline.map((loop) => loop.map(place));
    this.shape.setAttribute("d", loops.map((loop) => (loop.length === 2 ? stroke : path)(cut(loop))).join(""));
    this.dots.forEach((dot, i) => {
      show(dot, chosen.kind === "twopoints");
      if (chosen.kind === "twopoints") set(dot, { cx: loops[i][0].x, cy: loops[i][0].y });
    });
    this.shapeText.textContent = `the student’s class: ${chosen.words}`;
  }

  // All that lies behind the tangent at the student; the theorem says that a convex class is there, truth included.
  /** @param {PlaneSet} chosen @param {Projected} record @param {Places} at @param {Area[]} taken */
  drawTangent(chosen, record, at, taken) {
    const away = { x: at.student.x - at.teacher.x, y: at.student.y - at.teacher.y };
    const size = Math.hypot(away.x, away.y);
    const visible = size > 0.5;
    const worse = visible && (!chosen.convex || !record.truthIn);
    for (const node of [this.half, this.tangent, this.tangentText]) show(node, visible);
    for (const node of [this.bisector, this.bisectorText]) show(node, worse);
    if (!visible) return;
    const normal = { x: away.x / size, y: away.y / size };
    const along = { x: -normal.y, y: normal.x };
    const corner = (/** @type {Point} */ from, /** @type {number} */ way, /** @type {number} */ depth) => ({
      x: from.x + along.x * way + normal.x * depth, y: from.y + along.y * way + normal.y * depth,
    });
    const [a, b] = [corner(at.student, -FAR, 0), corner(at.student, FAR, 0)];
    this.half.setAttribute("d", path(cut([a, b, corner(at.student, FAR, FAR), corner(at.student, -FAR, FAR)])));
    this.tangent.setAttribute("d", stroke(cut([a, b])));
    const half = { x: (at.student.x + at.teacher.x) / 2, y: (at.student.y + at.teacher.y) / 2 };
    const [c, d] = [corner(half, -FAR, 0), corner(half, FAR, 0)];
    this.bisector.setAttribute("d", stroke(cut([c, d])));
    const busy = [...CORNERS.map((role) => at[role]), ...SIDES.map((side) => middleOf(squareOn(side, at)))];
    this.writeAlong(this.tangentText, "behind the tangent: gain ≥ misfit", at.student, along, normal, busy, taken);
    if (worse) {
      const back = { x: -normal.x, y: -normal.y };
      this.writeAlong(this.bisectorText, "a truth on this side: gain < 0", half, along, back, busy, taken);
    }
  }

  // Words on one side of a line, inside the frame and off all others, as far from the triangle as they can be.
  /**
   * @param {SVGTextElement} text @param {string} words @param {Point} from @param {Point} along
   * @param {Point} side @param {Point[]} busy @param {Area[]} taken
   */
  writeAlong(text, words, from, along, side, busy, taken) {
    text.textContent = words;
    const width = textWidth(text);
    const half = width / 2;
    const gap = 11;
    let turn = (Math.atan2(along.y, along.x) * 180) / Math.PI;
    if (turn > 90) turn -= 180;
    if (turn < -90) turn += 180;
    /** @type {(Area & { room: number, turn: number }) | null} */ let best = null;
    for (let way = -700; way <= 700; way += 20) {
      const x = from.x + along.x * way + side.x * gap;
      const y = from.y + along.y * way + side.y * gap;
      const reachX = Math.abs(along.x) * half + 12;
      const reachY = Math.abs(along.y) * half + 12;
      if (x < reachX || x > WIDTH - reachX || y < reachY + 14 || y > HEIGHT - reachY) continue;
      const room = Math.min(...busy.map((point) => length(point, { x, y })), 260);
      if (room <= (best?.room ?? 60)) continue;
      const box = { x, y, width, height: 15, turn };
      if (!taken.some((other) => meet(box, other))) best = { ...box, room };
    }
    show(text, best !== null);
    if (!best) return;
    taken.push(best);
    set(text, { transform: `translate(${best.x.toFixed(1)} ${best.y.toFixed(1)}) rotate(${turn.toFixed(1)}) translate(0 4)` });
  }

  drawLeap(/** @type {Leap | null} */ leap, /** @type {Places} */ at) {
    for (const node of [this.leapLine, this.leapDot]) show(node, leap !== null);
    if (!leap) return;
    const from = place(leap.from);
    set(this.leapDot, { cx: from.x, cy: from.y });
    set(this.leapLine, { x1: from.x, y1: from.y, x2: at.student.x, y2: at.student.y });
  }

  // Squares stand outward; each area is the error written in it.
  drawSides(/** @type {Words} */ numbers, /** @type {Places} */ at) {
    /** @type {Label[]} */ const boxes = [];
    SIDES.forEach((side, i) => {
      const [a, b] = side.ends.map((role) => at[role]);
      set(this.sides[i], { x1: a.x, y1: a.y, x2: b.x, y2: b.y });
      const size = length(a, b);
      const square = squareOn(side, at);
      this.squares[i].setAttribute("d", path(cut(square)));
      const text = this.areaTexts[i];
      const whole = `${side.words} ${numbers[side.name]}`;
      const words = size > textWidth(text, whole) + 4 ? whole : numbers[side.name];
      const inside = size > 46;
      show(text, inside);
      if (!inside) return;
      text.textContent = words;
      const width = textWidth(text);
      boxes.push({ text, ...this.inFrame(middleOf(square), width), width, height: 16, fixed: false });
    });
    return boxes;
  }

  /** @param {Point} place @param {number} width */
  inFrame({ x, y }, width) {
    return {
      x: Math.min(WIDTH - 6 - width / 2, Math.max(6 + width / 2, x)),
      y: Math.min(HEIGHT - 14, Math.max(36, y)),
    };
  }

  /** @param {Projected} record @param {Places} at @returns {Label[]} */
  markAngle(record, at) {
    const size = angleSize(at, record.angle, { smallest: 4, shortest: 22, largest: 20 });
    show(this.angle, size);
    show(this.angleText, size);
    if (record.angle === null || !size) return [];
    let way = drawAngle(this.angle, at, record.angle, size);
    this.angleText.textContent = `${formatFixed(record.angle, 1)}°`;
    const flat = Math.hypot(way.x, way.y);
    way = flat > 1 ? { x: way.x / flat, y: way.y / flat } : { x: 0, y: 1 };
    const width = textWidth(this.angleText);
    const spot = this.inFrame({ x: at.student.x + way.x * 42, y: at.student.y + way.y * 36 }, width);
    return [{ text: this.angleText, ...spot, width, height: 16, fixed: false }];
  }

  /** @param {Projected} record @param {Words} numbers @param {Places} at @param {Label[]} others */
  drawNames(record, numbers, at, others) {
    const words = this.namesOf(record);
    const inside = middle(at);
    const boxes = CORNERS.map((role, i) => {
      this.names[i].textContent = words[role];
      show(this.names[i], words[role] !== "");
      const width = textWidth(this.names[i]);
      const below = at[role].y >= inside.y;
      const spot = this.inFrame({ x: at[role].x, y: at[role].y + (below ? 24 : -22) }, width);
      return { text: this.names[i], ...spot, width, height: 16, fixed: false };
    }).filter((_, i) => words[CORNERS[i]] !== "");
    show(this.ceilingText, !record.truthIn);
    if (!record.truthIn) {
      const text = record.case === "perfect_teacher" ? "ceiling = student" : `ceiling, eps ${numbers.eps}`;
      this.ceilingText.textContent = text;
      const width = textWidth(this.ceilingText);
      const spot = this.inFrame({ x: at.ceiling.x, y: at.ceiling.y + 20 }, width);
      boxes.push({ text: this.ceilingText, ...spot, width, height: 15, fixed: false });
    }
    const corners = [at.truth, at.teacher, at.student, ...(record.truthIn ? [] : [at.ceiling])];
    const width = textWidth(this.shapeText);
    const heading = obstacle({ x: 10 + width / 2, y: 14 }, width, 16);
    const all = [heading, ...corners.map((corner) => obstacle(corner, 18, 18)), ...boxes, ...others];
    separate(all, { left: 5, right: WIDTH - 5, top: 5, bottom: HEIGHT - 5 });
    for (const box of [...boxes, ...others]) centre(box.text, box);
    return all;
  }

  namesOf(/** @type {Projected} */ record) {
    const words = { truth: "truth", teacher: "teacher", student: "student" };
    if (record.case === "all_same") return { truth: "", teacher: "", student: "all three the same" };
    if (record.case === "copy") return { ...words, teacher: "", student: "student = teacher" };
    if (record.case === "perfect_student") return { ...words, truth: "", student: "student = truth" };
    if (record.case === "perfect_teacher") return { ...words, truth: "", teacher: "teacher = truth" };
    return words;
  }
}
