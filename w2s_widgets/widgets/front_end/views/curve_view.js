// Questions across, answers up: the truth, the teacher's answers, and the student that was fitted to them. The
// teacher can be drawn by hand, and by keys with a pencil.

import { scale, tickBeside } from "../core/axes.js";
import { OWN_KEYS } from "../core/controls.js";
import { label, textWidth, write } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { coordinate } from "../maths/numbers.js";
import { PixelPicture } from "../core/pixel_picture.js";
import { moveTo, set, svg, uniqueId } from "../core/svg.js";

/** @import { CurveSpec, Curve1, Fitted } from "../types.js" */
/** @typedef {{ fitted: Fitted, sentence: string, drawing: boolean, stepped: boolean }} Shown */
/** @typedef {[knot: number, answer: number]} Spot */

const NAMES = /** @type {const} */ (["truth", "teacher", "student"]);
// The truth on top: where the student is right, both are seen.
const LAYERS = /** @type {const} */ (["teacher", "student", "truth"]);
const LINE = 17;
const RADIUS = 2;

export class CurveView {
  pencil = 20;
  box = { left: 30, right: 100, top: 8, bottom: 100 };
  x = scale([0, 1], 30, 100);
  y = scale([-1, 1], 100, 8);
  /** @type {Shown | null} */ shown = null;

  /**
   * @param {Element} parent @param {CurveSpec} spec
   * @param {Curve1} truth
   * @param {(from: Spot, to: Spot) => void} onStroke a stroke, in knots and answers
   * @param {(knot: number, up: number, radius: number) => void} onPush a push of the pencil
   */
  constructor(parent, spec, truth, onStroke, onPush) {
    this.truth = truth;
    this.spec = spec;
    this.onStroke = onStroke;
    this.onPush = onPush;
    const heightOf = (/** @type {number} */ width) => Math.round(Math.min(400, Math.max(230, 0.52 * width)));
    this.frame = new PixelPicture(parent, "Questions and answers", heightOf, () => this.layout());
    const { picture } = this.frame;
    this.frame.figure.classList.add("w2s-curves");
    picture.setAttribute("role", "group");
    const id = uniqueId("clip");
    this.clip = svg("rect", {}, svg("clipPath", { id }, picture));
    this.grid = svg("g", {}, picture);
    this.content = svg("g", { "clip-path": `url(#${id})` }, picture);
    this.misfit = svg("path", { class: "w2s-misfit-area" }, this.content);
    this.lines = Object.fromEntries(LAYERS.map((role) => [role, svg("path", { class: `w2s-answers w2s-answers-${role}` }, this.content)]));
    this.names = NAMES.map((role) => ({
      role,
      leader: svg("path", { class: "w2s-name-leader" }, picture),
      mark: marker(role, picture),
      text: label(picture, `w2s-name w2s-ink-${role}`, "start"),
    }));
    this.handle = svg("g", { class: "w2s-handle w2s-pencil", role: "slider", tabindex: 0, "aria-label": "Pencil: the teacher’s answer", ...OWN_KEYS }, picture);
    svg("circle", { r: 15, class: "w2s-handle-touch" }, this.handle);
    svg("circle", { r: 9, class: "w2s-handle-ring" }, this.handle);
    svg("path", { d: "M-4,4 L-4,-1 L3,-8 L7,-4 L0,4 Z M-4,4 L-1,4", class: "w2s-pencil-mark" }, this.handle);
    this.listen();
  }

  layout() {
    const { width, height } = this.frame;
    const room = Math.max(...NAMES.map((role) => textWidth(this.names[0].text, role))) + 26;
    this.box = { left: 30, right: width - room, top: 8, bottom: height - 24 };
    const { left, right, top, bottom } = this.box;
    this.x = scale([0, 1], left, right);
    this.y = scale([-this.spec.reach, this.spec.reach], bottom, top);
    set(this.clip, { x: left, y: top, width: right - left, height: bottom - top });
    this.grid.replaceChildren();
    svg("line", { x1: left, x2: right, y1: this.y(0), y2: this.y(0), class: "w2s-ground" }, this.grid);
    for (const value of [-2, 0, 2]) tickBeside(this.grid, left, this.y(value), coordinate(value).replace(/\.00$/, ""));
    svg("path", { d: `M${left},${top}V${bottom}H${right}`, class: "w2s-axis" }, this.grid);
    write(this.grid, "questions", { x: (left + right) / 2, y: height - 6 });
    if (this.shown) this.draw(this.shown);
  }

  listen() {
    const { picture } = this.frame;
    /** @type {Spot | null} */ let from = null;
    const at = (/** @type {PointerEvent} */ event) => {
      const { left, top } = picture.getBoundingClientRect();
      return this.place(event.clientX - left, event.clientY - top);
    };
    picture.addEventListener("pointerdown", (event) => {
      if (event.button || (event.pointerType !== "mouse" && !this.shown?.drawing)) return;
      event.preventDefault();
      picture.setPointerCapture(event.pointerId);
      from = at(event);
      this.stroke(from, from);
    });
    picture.addEventListener("pointermove", (event) => {
      if (!from) return;
      for (const step of event.getCoalescedEvents?.() ?? [event]) {
        const to = at(step);
        this.stroke(from, to);
        from = to;
      }
    });
    for (const name of ["pointerup", "pointercancel"]) picture.addEventListener(name, () => { from = null; });
    this.handle.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {Spot} from @param {Spot} to */
  stroke(from, to) {
    this.pencil = to[0];
    this.onStroke(from, to);
  }

  press(/** @type {KeyboardEvent} */ event) {
    const fine = event.shiftKey ? 0.02 : 0.2;
    const last = this.spec.knots - 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.turn(Math.max(0, this.pencil - 1)),
      ArrowRight: () => this.turn(Math.min(last, this.pencil + 1)),
      Home: () => this.turn(0),
      End: () => this.turn(last),
      ArrowUp: () => this.onPush(this.pencil, fine, RADIUS),
      ArrowDown: () => this.onPush(this.pencil, -fine, RADIUS),
      PageUp: () => this.onPush(this.pencil, 5 * fine, RADIUS),
      PageDown: () => this.onPush(this.pencil, -5 * fine, RADIUS),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  turn(/** @type {number} */ knot) {
    this.pencil = knot;
    if (this.shown) this.drawPencil(this.shown.fitted.teacher);
  }

  // Knot and answer of a place on the picture.
  /** @param {number} x @param {number} y @returns {Spot} */
  place(x, y) {
    const { left, right, top, bottom } = this.box;
    const { knots, reach } = this.spec;
    const inside = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.min(high, Math.max(low, value));
    const knot = inside(Math.floor(((x - left) / (right - left)) * knots), 0, knots - 1);
    return [knot, inside(reach - ((y - top) / (bottom - top)) * 2 * reach, -reach, reach)];
  }

  path(/** @type {Curve1} */ values, stepped = false) {
    const count = values.length;
    let d = "";
    for (let i = 0; i < count; i += 1) {
      const y = this.y(values[i]).toFixed(1);
      if (stepped) {
        if (i && values[i] === values[i - 1]) continue;
        d += `${i ? "H" : "M"}${this.x(i / count).toFixed(1)}${i ? "V" : ","}${y}`;
      } else d += `${i ? "L" : "M"}${this.x((i + 0.5) / count).toFixed(1)},${y}`;
    }
    return stepped ? `${d}H${this.x(1).toFixed(1)}` : d;
  }

  draw(/** @type {Shown} */ shown) {
    this.shown = shown;
    if (!this.frame.width) return;
    const { fitted: { teacher, student }, sentence, drawing, stepped } = shown;
    const answers = { truth: this.truth, teacher, student };
    this.lines.truth.setAttribute("d", this.path(answers.truth));
    const outline = this.path(teacher, stepped);
    this.lines.teacher.setAttribute("d", outline);
    const back = this.path(student);
    this.lines.student.setAttribute("d", back);
    const points = Array.from(student, (value, i) => `${this.x((i + 0.5) / student.length).toFixed(1)},${this.y(value).toFixed(1)}`).reverse();
    this.misfit.setAttribute("d", `${outline}L${points.join("L")}Z`);
    this.drawNames(answers);
    this.drawPencil(teacher);
    this.frame.figure.classList.toggle("w2s-drawing", drawing);
    this.frame.description.textContent = `The answers of truth, teacher and student to ${student.length} questions. ${sentence}`;
  }

  // Names in a column beside the ends of their curves, pushed off each other.
  drawNames(/** @type {Record<string, Curve1>} */ answers) {
    const { right, top, bottom } = this.box;
    const ends = this.names.map((name) => {
      const values = answers[name.role];
      return { name, y: Math.min(bottom, Math.max(top, this.y(values[values.length - 1]))), at: 0 };
    }).sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => { end.at = Math.max(end.y, i ? ends[i - 1].at + LINE : top + LINE / 2); });
    let floor = bottom - LINE / 2;
    for (const end of [...ends].reverse()) {
      end.at = Math.min(end.at, floor);
      floor = end.at - LINE;
    }
    for (const { name, y, at } of ends) {
      set(name.leader, { d: `M${right + 1},${y.toFixed(1)}L${right + 7},${at.toFixed(1)}` });
      moveTo(name.mark, right + 13, at);
      set(name.text, { x: right + 22, y: (at + 4.5).toFixed(1) });
      if (name.text.textContent !== name.role) name.text.textContent = name.role;
    }
  }

  drawPencil(/** @type {Curve1} */ teacher) {
    const place = (this.pencil + 0.5) / this.spec.knots;
    const value = teacher[Math.min(teacher.length - 1, Math.floor(place * teacher.length))];
    const { top, bottom } = this.box;
    moveTo(this.handle, this.x(place), Math.min(bottom, Math.max(top, this.y(value))));
    set(this.handle, {
      "aria-valuenow": value.toFixed(2),
      "aria-valuemin": -this.spec.reach,
      "aria-valuemax": this.spec.reach,
      "aria-valuetext": `${coordinate(Math.round(value * 100) / 100)} at question ${this.pencil + 1} of ${this.spec.knots}`,
    });
  }

  close() {
    this.frame.close();
  }
}
