// The plane of the film: its axes are the answers to two questions, and each scene lays one thing over the last.

import { ticks } from "../core/axes.js";
import { DragHandle } from "../core/drag_handle.js";
import { label, textWidth, write } from "../core/labels.js";
import { marker } from "../core/markers.js";
import { PixelPicture } from "../core/pixel_picture.js";
import { between, fitted, minus, plus, squareOn } from "../maths/proof_geometry.js";
import { moveTo, set, show, svg, uniqueId } from "../core/svg.js";

/** @import { Film, Pair, PlaneSet, Point } from "../types.js" */
/** @typedef {"truth" | "teacher"} Moved */
/**
 * @typedef {object} Moves
 * @property {(role: Moved, to: Pair) => void} drag
 * @property {(role: Moved, by: Pair) => void} step
 */

const HALF = 2.65;
const LARGEST = 380;
const LEFT = 40;
const HEAD = 44;
const FOOT = 40;
const FAR = 40;
const ROLES = /** @type {const} */ (["truth", "teacher", "student"]);

/** @param {number} moment @param {number} from */
function progress(moment, from) {
  return Math.min(1, Math.max(0, moment - from));
}

export class ProofPlaneView {
  /** @type {Film | null} */ shown = null;
  /** @type {PlaneSet | null} */ drawn = null;
  camera = { x: 0, y: 0, half: HALF };
  held = false;
  side = 100;

  /** @param {Element} parent @param {number} reach @param {Moves} on */
  constructor(parent, reach, on) {
    const heightOf = (/** @type {number} */ width) => Math.min(LARGEST, width - LEFT - 8) + HEAD + FOOT;
    this.frame = new PixelPicture(parent, "The plane of all pairs of answers", heightOf, () => this.layout());
    const { picture, figure } = this.frame;
    figure.classList.add("w2s-proof-plane");
    picture.setAttribute("role", "group");
    const id = uniqueId("clip");
    this.clip = svg("rect", {}, svg("clipPath", { id }, picture));
    this.grid = svg("g", {}, picture);
    const inside = svg("g", { "clip-path": `url(#${id})` }, picture);
    const add = (/** @type {string} */ name) => svg("path", { class: `w2s-proof-${name}` }, inside);
    this.zeros = add("zeros");
    this.half = add("half");
    this.shape = add("class");
    this.guides = add("guides");
    this.large = add("large");
    this.small = ["misfit", "student"].map((role) => svg("path", { class: `w2s-square w2s-square-${role}` }, inside));
    this.circle = svg("circle", { class: "w2s-proof-circle" }, inside);
    this.sides = ["teacher", "misfit", "student"].map((role) => svg("path", { class: `w2s-side w2s-stroke-${role}` }, inside));
    this.way = add("way");
    this.reach = add("reach");
    this.tangent = add("tangent");
    this.angle = add("angle");
    this.step = svg("circle", { r: 5, class: "w2s-proof-step" }, inside);
    this.student = marker("student", inside);
    const names = /** @type {const} */ ({ truth: "Truth", teacher: "Teacher" });
    this.handles = /** @type {Record<Moved, DragHandle>} */ (Object.fromEntries(Object.entries(names).map(([role, name]) => [role,
      new DragHandle(inside, {
        role: /** @type {Moved} */ (role),
        name: `${name}, moved by the arrow keys`,
        kind: "point in the plane",
        reach,
        upright: false,
        at: (event) => this.pointer(event),
        drag: (to) => on.drag(/** @type {Moved} */ (role), to),
        step: (by) => on.step(/** @type {Moved} */ (role), by),
        hold: (held) => this.hold(held),
      }),
    ])));
    this.names = ROLES.map((role) => ({
      role,
      mark: marker(role, picture),
      text: label(picture, `w2s-name w2s-ink-${role}`, "start"),
    }));
    this.swatch = svg("rect", { width: 14, height: 10, class: "w2s-proof-swatch" }, picture);
    this.className = label(picture, "w2s-quiet", "start");
  }

  layout() {
    const { width } = this.frame;
    this.side = Math.min(LARGEST, width - LEFT - 8);
    const { side } = this;
    set(this.clip, { x: LEFT, y: HEAD, width: side, height: side });
    if (this.shown) this.draw(this.shown);
  }

  // While a hand drags, the picture keeps its size: a camera that follows the hand runs away from it.
  hold(/** @type {boolean} */ held) {
    this.held = held;
    if (!held && this.shown) this.draw(this.shown);
  }

  /** @param {Pair} answers @returns {Point} */
  place([first, second]) {
    const { camera, side } = this;
    const unit = side / (2 * camera.half);
    return {
      x: LEFT + side / 2 + (first - camera.x) * unit,
      y: HEAD + side / 2 - (second - camera.y) * unit,
    };
  }

  /** @param {PointerEvent} event @returns {Pair} */
  pointer(event) {
    const box = this.frame.picture.getBoundingClientRect();
    const { camera, side } = this;
    const unit = (side / (2 * camera.half)) * (box.width / this.frame.width || 1);
    const zoom = box.width / this.frame.width || 1;
    return [
      camera.x + (event.clientX - box.left - (LEFT + side / 2) * zoom) / unit,
      camera.y - (event.clientY - box.top - (HEAD + side / 2) * zoom) / unit,
    ];
  }

  /** @param {Pair[]} points */
  path(points, closed = true) {
    const at = points.map((point) => this.place(point)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
    return `M${at.join("L")}${closed ? "Z" : ""}`;
  }

  /** @param {Film} film */
  draw(film) {
    this.shown = film;
    if (!this.frame.width) return;
    if (!this.held) this.look(film);
    const { moment, truth, teacher, student, words } = film;
    this.drawGrid();
    this.drawClass(film);
    this.drawSquares(film);
    const known = moment >= 2;
    const found = this.place(student);
    show(this.student, known);
    moveTo(this.student, found.x, found.y);
    this.handles.truth.show(truth, this.place(truth), words.truth);
    this.handles.teacher.show(teacher, this.place(teacher), words.teacher);
    this.guides.setAttribute("d", moment < 1 ? this.path([[teacher[0], -FAR], teacher, [-FAR, teacher[1]]], false) : "");
    this.guides.style.opacity = String(1 - progress(moment, 0));
    this.drawCircle(film);
    this.drawStep(film);
    this.drawAngle(film);
    this.drawNames(film);
    this.frame.description.textContent = film.sentence;
  }

  // From where the squares grow, all of them have to be seen, and where they are turned to.
  /** @param {Film} film */
  look({ moment, truth, teacher, student }) {
    const share = progress(moment, 4);
    this.camera = { x: 0, y: 0, half: HALF };
    if (!share) return;
    const all = [
      ...squareOn(truth, teacher, student), ...squareOn(student, teacher, truth), ...squareOn(truth, student, teacher),
      ...fitted(teacher, student, truth, 1), ...fitted(truth, student, teacher, 1),
    ];
    const [low, high] = [Math.min, Math.max].map((end) => [0, 1].map((axis) => end(...all.map((point) => point[axis]))));
    const middle = [0, 1].map((axis) => (low[axis] + high[axis]) / 2);
    const half = Math.max(1, 0.54 * Math.max(high[0] - low[0], high[1] - low[1]));
    this.camera = { x: share * middle[0], y: share * middle[1], half: HALF + share * (half - HALF) };
  }

  drawGrid() {
    const { camera, side } = this;
    this.grid.replaceChildren();
    const marks = (/** @type {number} */ middle) => ticks(middle - camera.half, middle + camera.half, 5);
    for (const { value, words } of marks(camera.x)) {
      const { x } = this.place([value, 0]);
      if (x < LEFT + 4 || x > LEFT + side - 4) continue;
      svg("line", { x1: x, x2: x, y1: HEAD + side, y2: HEAD + side + 4, class: "w2s-axis" }, this.grid);
      write(this.grid, words, { x, y: HEAD + side + 17 });
    }
    for (const { value, words } of marks(camera.y)) {
      const { y } = this.place([0, value]);
      if (y < HEAD + 6 || y > HEAD + side - 6) continue;
      svg("line", { x1: LEFT - 4, x2: LEFT, y1: y, y2: y, class: "w2s-axis" }, this.grid);
      write(this.grid, words, { x: LEFT - 6, y: y + 4 }, "w2s-quiet", "end");
    }
    svg("rect", { x: LEFT, y: HEAD, width: side, height: side, class: "w2s-proof-frame" }, this.grid);
    write(this.grid, "answer to question 1", { x: LEFT + side / 2, y: HEAD + side + 35 });
    const name = write(this.grid, "answer to question 2", { x: 0, y: 0 });
    name.setAttribute("transform", `translate(14 ${HEAD + side / 2}) rotate(-90)`);
    this.zeros.setAttribute("d", `${this.path([[-FAR, 0], [FAR, 0]], false)}${this.path([[0, -FAR], [0, FAR]], false)}`);
  }

  // The class grows from its middle.
  /** @param {Film} film */
  drawClass({ moment, set: chosen, outline }) {
    const share = progress(moment, 0);
    show(this.shape, share);
    if (!share) return;
    const grown = outline.map((loop) => loop.map(([x, y]) => /** @type {Pair} */ ([share * x, share * y])));
    this.shape.setAttribute("d", grown.map((loop) => this.path(loop, loop.length > 2)).join(""));
    this.shape.classList.toggle("w2s-thin", chosen.kind === "line");
  }

  /** @param {Film} film */
  drawCircle({ moment, teacher, student }) {
    const share = progress(moment, 1);
    const visible = share > 0 && moment <= 4;
    show(this.circle, visible);
    show(this.reach, visible && moment < 3);
    this.reach.classList.remove("w2s-proof-apart");
    if (!visible) return;
    const at = this.place(teacher);
    const edge = this.place(between(teacher, student, share));
    const r = Math.hypot(at.x - edge.x, at.y - edge.y);
    set(this.circle, { cx: at.x.toFixed(1), cy: at.y.toFixed(1), r: r.toFixed(1) });
    this.reach.setAttribute("d", this.path([teacher, between(teacher, student, share)], false));
  }

  // The way from the student to the truth, and how far the step on it has come.
  /** @param {Film} film */
  drawStep({ moment, truth, teacher, student }) {
    const visible = moment > 2 && moment <= 4;
    show(this.way, visible);
    show(this.step, visible && moment <= 3);
    if (!visible) return;
    const at = between(student, truth, progress(moment, 2));
    const { x, y } = this.place(at);
    set(this.step, { cx: x.toFixed(1), cy: y.toFixed(1) });
    this.way.setAttribute("d", this.path([student, truth], false));
    if (moment <= 3) this.reach.setAttribute("d", this.path([teacher, at], false));
    show(this.reach, moment <= 3);
    // The distance from a place on the way is no misfit.
    this.reach.classList.toggle("w2s-proof-apart", moment > 2);
  }

  /** @param {Film} film */
  drawAngle({ moment, truth, teacher, student, angle }) {
    const share = progress(moment, 3);
    const size = Math.hypot(...minus(teacher, student));
    const other = Math.hypot(...minus(truth, student));
    const visible = share > 0 && size > 1e-6;
    show(this.half, visible && moment <= 5);
    show(this.tangent, visible && moment <= 5);
    show(this.angle, visible && other > 1e-6);
    if (!visible) return;
    const [nx, ny] = minus(student, teacher).map((value) => value / size);
    const corner = (/** @type {number} */ way, /** @type {number} */ depth) => (
      /** @type {Pair} */ ([student[0] - way * ny + depth * nx, student[1] + way * nx + depth * ny])
    );
    const fade = share * (1 - progress(moment, 4));
    this.half.setAttribute("d", this.path([corner(-FAR, 0), corner(FAR, 0), corner(FAR, FAR), corner(-FAR, FAR)]));
    this.tangent.setAttribute("d", this.path([corner(-FAR * share, 0), corner(FAR * share, 0)], false));
    for (const node of [this.half, this.tangent]) node.style.opacity = String(fade);
    if (other <= 1e-6 || angle === null) return;
    const length = Math.min(0.26, size / 2.2, other / 2.2);
    const [a, b] = [[teacher, size], [truth, other]].map(([end, long]) => (
      minus(between(student, /** @type {Pair} */ (end), length / /** @type {number} */ (long)), student)
    ));
    const right = Math.abs(angle - 90) < 0.05;
    const steps = Array.from({ length: 17 }, (_, k) => {
      const way = [(1 - k / 16) * a[0] + (k / 16) * b[0], (1 - k / 16) * a[1] + (k / 16) * b[1]];
      const long = Math.hypot(way[0], way[1]) || 1;
      return plus(student, /** @type {Pair} */ (way.map((value) => (value / long) * length)));
    });
    this.angle.setAttribute("d", this.path(right ? [plus(student, a), plus(student, plus(a, b)), plus(student, b)] : steps, false));
    this.angle.classList.toggle("w2s-proof-right", right);
  }

  /** @param {Film} film */
  drawSquares({ moment, truth, teacher, student }) {
    const [share, turned] = [progress(moment, 4), progress(moment, 5)];
    for (const node of [this.large, ...this.small]) show(node, share);
    const corners = [[truth, teacher], [teacher, student], [student, truth]];
    this.sides.forEach((side, i) => {
      show(side, moment > 3);
      side.style.opacity = String(progress(moment, 3));
      side.setAttribute("d", this.path(corners[i], false));
    });
    if (!share) return;
    this.large.setAttribute("d", this.path(squareOn(truth, teacher, student, share)));
    const pieces = turned
      ? [fitted(teacher, student, truth, turned), fitted(truth, student, teacher, turned)]
      : [squareOn(teacher, student, truth, share), squareOn(truth, student, teacher, share)];
    pieces.forEach((piece, i) => { this.small[i].setAttribute("d", this.path(piece)); });
  }

  // Marks and coordinates in two lines above the plane, where no line of it can cross them.
  /** @param {Film} film */
  drawNames({ moment, words, set: chosen }) {
    const column = LEFT + this.side / 2 + 4;
    const room = this.side / 2 - 26;
    this.names.forEach(({ role, mark, text }, i) => {
      const [x, y] = [i === 1 ? column : LEFT, i === 2 ? 33 : 13];
      const visible = i < 2 || moment >= 2;
      show(mark, visible);
      show(text, visible);
      moveTo(mark, x + 8, y - 4);
      set(text, { x: x + 20, y });
      const whole = `${role} (${words[role]})`;
      text.textContent = textWidth(text, whole) <= room ? whole : role;
    });
    const visible = moment > 0;
    show(this.swatch, visible);
    show(this.className, visible);
    set(this.swatch, { x: column + 1, y: 24 });
    set(this.className, { x: column + 20, y: 33 });
    const [kind] = chosen.words.split(":");
    const whole = `student’s class: ${kind.replace(/^an? /, "")}`;
    this.className.textContent = textWidth(this.className, whole) <= room ? whole : "student’s class";
  }

  close() {
    this.frame.close();
  }
}
