// Gain against misfit: the map of states, the map of many teachers with its key, and clouds of tasks and of students.

import { GainMisfitAxes, turnAlong } from "../core/axes.js";
import { centre, fit, label, obstacle, separate, textWidth, write } from "../core/labels.js";
import { icon, marker, teacherMark } from "../core/markers.js";
import { errorFormat, formatError } from "../maths/numbers.js";
import { asBytes, moved } from "../maths/outcome_grid.js";
import { createPicture, html, moveTo, set, show, svg } from "../core/svg.js";

/** @import { Bytes, GainMisfit, Outcome, Point, SwapSpec, TableSpec } from "../types.js" */
/** @import { Grid } from "../maths/outcome_grid.js" */
/** @import { Samples } from "../maths/sample_data.js" */

const WIDTH = 340;
const HEIGHT = 300;
const BOTTOM = HEIGHT - 40;
const TRAIL = 48;
const PRESENT = 1.55;
const RADIUS = 3;
const CIRCLE = `a${RADIUS},${RADIUS} 0 1 0 ${2 * RADIUS},0a${RADIUS},${RADIUS} 0 1 0 ${-2 * RADIUS},0`;
const ALLOWED = ["the theorem allows this side", "allowed by the theorem", "allowed"];

class GainMisfitView {
  /** @param {Element} parent @param {string} heading @param {number} left @param {GainMisfit} range */
  constructor(parent, heading, left, range, { right = 10, shaded = true } = {}) {
    const { figure, picture, description } = createPicture(parent, heading, WIDTH, HEIGHT);
    this.figure = figure;
    this.picture = picture;
    this.description = description;
    this.left = left;
    this.axes = new GainMisfitAxes(picture, { left, right: WIDTH - right, top: 12, bottom: BOTTOM }, range, shaded);
  }
}

// The map: the diagonal, what the theorem allows, and where the reader has been.
export class MapView extends GainMisfitView {
  /** @type {[number, number][]} */ trail = [];

  /** @param {Element} parent @param {TableSpec} spec @param {Grid} grid */
  constructor(parent, spec, grid) {
    super(parent, "The map: gain against misfit", 56, spec.ranges.map);
    const { picture, axes } = this;
    this.grid = grid;
    this.low = { x: axes.low, y: axes.low };
    this.high = { x: axes.high, y: axes.high };
    this.allowed = label(picture, "w2s-quiet", "start");
    set(this.allowed, { x: this.left + 8, y: 26 });
    // The words end where the line comes down to their lower edge.
    const share = (axes.y(axes.low) - 34) / (axes.y(axes.low) - axes.y(axes.high));
    this.room = axes.x(axes.low) + share * (axes.x(axes.high) - axes.x(axes.low)) - this.left - 12;
    // A little back along the line, and off it to the side that the theorem does not allow.
    this.diagonal = write(picture, "gain = misfit", { x: 0, y: 0 }, "w2s-quiet", "end");
    turnAlong(this.diagonal, axes.along(this.low, this.high, 1, -10, 15));
    this.teacherAxis = spec.axes.findIndex((axis) => axis.name === spec.teacher_axis);
    this.teachers = svg("g", {}, picture);
    this.dots = this.teacherAxis < 0 ? [] : spec.teacher_names.map((name, i) => {
      const dot = this.createDot(spec, i);
      svg("title", {}, dot, name);
      return dot;
    });
    this.path = svg("path", { class: "w2s-trail" }, picture);
    this.steps = Array.from({ length: TRAIL }, () => svg("circle", { r: 2.4, class: "w2s-step" }, picture));
    this.state = marker("state", picture);
    this.stateText = label(picture, "w2s-name");
    this.clear();
  }

  // One dot for each value of the teachers' axis; its name appears when the pointer rests on it.
  /** @param {TableSpec} _spec @param {number} _i @returns {SVGElement} */
  createDot(_spec, _i) {
    return svg("circle", { r: 4.5, class: "w2s-teacher-dot" }, this.teachers);
  }

  clear() {
    this.trail = [];
    this.path.setAttribute("d", "");
    for (const step of this.steps) show(step, false);
  }

  /** @param {Outcome} record @param {string} sentence @param {number[]} indices */
  draw(record, sentence, indices) {
    const at = this.axes.place(record.misfit, record.gain);
    moveTo(this.state, at.x, at.y);
    this.walk(at.x, at.y);
    this.drawTeachers(indices);
    const words = errorFormat(record);
    const width = fit(this.stateText, `gain ${words(record.gain)}${at.outside ? ", off the map" : ""}`, WIDTH - this.left - 6);
    const box = { x: at.x + 10 + width / 2, y: at.y + 18, width, height: 15, fixed: false };
    if (box.x + width / 2 > WIDTH - 6) box.x = at.x - 10 - width / 2;
    const taken = [obstacle(at, 14, 14), ...this.frameWords()];
    separate([...taken, box], { left: this.left + 2, right: WIDTH - 4, top: 22, bottom: BOTTOM });
    centre(this.stateText, box);
    this.description.textContent =
      `Misfit ${words(record.misfit)}, gain ${words(record.gain)}. ` +
      `On the diagonal gain equals misfit; the theorem allows the side above it. ${sentence}`;
  }

  // The words that keep their places.
  frameWords() {
    this.allowed.textContent = ALLOWED.find((words) => textWidth(this.allowed, words) < this.room) ?? "";
    const [above, beside] = [textWidth(this.allowed), textWidth(this.diagonal)];
    const place = this.axes.along(this.low, this.high, 1, -10 - beside / 2, 11);
    return [obstacle({ x: this.left + 8 + above / 2, y: 22 }, above), { ...obstacle(place, beside), turn: place.turn }];
  }

  drawTeachers(/** @type {number[]} */ indices) {
    this.dots.forEach((dot, i) => {
      const where = moved(indices, this.teacherAxis, i);
      const reachable = this.grid.code("possible", where);
      show(dot, reachable);
      if (!reachable) return;
      const { x, y } = this.axes.place(this.grid.field("misfit", where), this.grid.field("gain", where));
      moveTo(dot, x, y);
    });
  }

  walk(/** @type {number} */ x, /** @type {number} */ y) {
    const last = this.trail.at(-1);
    if (last && Math.abs(last[0] - x) < 0.01 && Math.abs(last[1] - y) < 0.01) return;
    this.trail.push([x, y]);
    if (this.trail.length > TRAIL) this.trail.shift();
    this.path.setAttribute("d", `M${this.trail.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join("L")}`);
    this.steps.forEach((step, i) => {
      const point = this.trail[i];
      show(step, point);
      const opacity = (0.25 + (0.75 * (i + 1)) / this.trail.length).toFixed(2);
      if (point) set(step, { cx: point[0].toFixed(1), cy: point[1].toFixed(1), opacity });
    });
  }
}

// The map of a study: every teacher at the present setting of the other controls, each with a mark of its own.
export class StudyMap extends MapView {
  present = -1;

  /** @param {Element} parent @param {TableSpec} spec @param {Grid} grid @param {(teacher: number) => void} onPick */
  constructor(parent, spec, grid, onPick) {
    super(parent, spec, grid);
    // The present teacher's own mark stands for the state; a star would hide which one it is.
    show(this.state, this.teacherAxis < 0);
    this.dots.forEach((dot, i) => {
      dot.addEventListener("click", () => onPick(i));
    });
  }

  createDot(/** @type {TableSpec} */ spec, /** @type {number} */ i) {
    const dot = teacherMark(spec.teacher_marks[i], this.teachers);
    dot.classList.add("w2s-teacher-choice");
    return dot;
  }

  drawTeachers(/** @type {number[]} */ indices) {
    super.drawTeachers(indices);
    const dot = this.dots[indices[this.teacherAxis]];
    if (!dot) return;
    dot.setAttribute("transform", `${dot.getAttribute("transform")} scale(${PRESENT})`);
    if (dot === this.dots[this.present]) return;
    this.dots[this.present]?.classList.remove("w2s-teacher-present");
    dot.classList.add("w2s-teacher-present");
    this.present = indices[this.teacherAxis];
    // Later is above: no other mark hides the present one.
    this.teachers.append(dot);
  }
}

// The key of that map: every teacher's mark and name, the present one marked.
export class StudyKey {
  present = -1;

  constructor(/** @type {Element} */ parent, /** @type {TableSpec} */ spec) {
    this.axis = spec.axes.findIndex((candidate) => candidate.name === spec.teacher_axis);
    this.entries = spec.teacher_names.map((name, i) => {
      const picture = icon("w2s-teacher-icon");
      teacherMark(spec.teacher_marks[i], picture);
      return html("li", { class: "w2s-key-entry" }, picture, html("span", {}, name));
    });
    const words = `${spec.axes[this.axis].label}s on the map`;
    parent.append(html("ul", { class: "w2s-key", "aria-label": words }, ...this.entries));
  }

  /** @param {Outcome} _record @param {string} _sentence @param {number[]} indices */
  draw(_record, _sentence, indices) {
    const present = indices[this.axis];
    if (present === this.present) return;
    this.entries[this.present]?.removeAttribute("aria-current");
    this.entries[present].setAttribute("aria-current", "true");
    this.present = present;
  }
}

// The cloud of tasks: one dot for each, between the line of the theorem and its mirror image.
export class TasksCloud extends GainMisfitView {
  /** @param {Element} parent @param {SwapSpec} spec @param {Grid} grid @param {Bytes} cloud */
  constructor(parent, spec, grid, cloud) {
    super(parent, `The cloud: one dot for each of ${spec.tasks} tasks`, 50, spec.ranges.cloud, { shaded: false });
    this.figure.classList.add("w2s-lead");
    this.grid = grid;
    this.tasks = spec.tasks;
    this.words = spec.cloud_words;
    // A view may start at an odd offset inside the message, which a Float32Array cannot.
    this.values = new Float32Array(asBytes(cloud).slice().buffer);
    const { picture, axes } = this;
    const { x, y } = spec.ranges.cloud;
    const zero = { x: 0, y: 0 };
    const [up, down] = [Math.min(x[1], y[1]), Math.min(x[1], -y[0])];
    svg("path", { d: `M${axes.at(0, 0)}L${axes.at(down, -down)}`, class: "w2s-mirror" }, picture);
    // One path for all dots: a hundred circles would take several times as long to move.
    this.dots = svg("path", { class: "w2s-dot" }, picture);
    this.mean = marker("state", picture);
    // Outside the wedge between the two lines, where no cloud comes.
    const above = write(picture, "gain = misfit", zero, "w2s-ink-gain");
    turnAlong(above, axes.along(zero, { x: up, y: up }, 0.7, 0, -7));
    const below = write(picture, "gain = \u2212misfit", zero, "w2s-ink-slack");
    turnAlong(below, axes.along(zero, { x: down, y: -down }, 0.7, 0, 16));
    this.phrases = [BOTTOM - 26, BOTTOM - 10].map((top) => (
      write(picture, "", { x: this.left + 8, y: top }, "w2s-name", "start")
    ));
  }

  /** @param {Outcome} record @param {string} sentence @param {number[]} indices */
  draw(record, sentence, indices) {
    const state = this.grid.flat(indices);
    const start = 2 * state * this.tasks;
    let path = "";
    for (let i = start; i < start + this.tasks; i += 1) {
      const x = this.axes.x(this.values[i]) - RADIUS;
      path += `M${x.toFixed(2)},${this.axes.y(this.values[i + this.tasks]).toFixed(2)}${CIRCLE}`;
    }
    this.dots.setAttribute("d", path);
    moveTo(this.mean, this.axes.x(record.misfit), this.axes.y(record.gain));
    this.words[state].forEach((words, i) => {
      fit(this.phrases[i], words, WIDTH - this.left - 14);
    });
    const words = errorFormat(record);
    this.description.textContent =
      `Gain against misfit of ${this.tasks} tasks: ${this.words[state].join(", ")}. ` +
      `On average misfit ${words(record.misfit)} and gain ${words(record.gain)}. ` +
      `One line is gain = misfit, the other gain = minus misfit. ${sentence}`;
  }
}

// The cloud of students: every repetition, the middle one, and the population value.
export class SamplesCloud extends GainMisfitView {
  constructor(/** @type {Element} */ parent, /** @type {Samples} */ samples) {
    super(parent, `The cloud: ${samples.repetitions} students`, 52, samples.spec.cloud, { right: 12 });
    const { picture, axes } = this;
    this.samples = samples;
    this.beside = { x: axes.x(axes.high) + 6, y: axes.y(axes.high) + 10 };
    this.diagonal = write(picture, "gain = misfit", this.beside, "w2s-quiet", "start");
    this.dots = Array.from({ length: samples.repetitions }, () => svg("circle", { r: 2.6, class: "w2s-dot" }, picture));
    this.beyond = this.dots.map(() => false);
    this.middle = marker("student", picture);
    this.population = marker("state", picture);
    this.populationText = write(picture, "population value", { x: 0, y: 0 }, "w2s-name");
    this.middleText = label(picture, "w2s-ink-student");
    this.beyondText = write(picture, "", { x: this.left + 8, y: BOTTOM - 9 }, "w2s-quiet", "start");
  }

  draw(/** @type {Outcome} */ record, /** @type {number[]} */ indices) {
    const dots = this.samples.dots(indices);
    dots.forEach((dot, i) => {
      set(this.dots[i], { cx: this.axes.x(dot.misfit).toFixed(1), cy: this.axes.y(dot.gain).toFixed(1) });
      // Only where it changes: each change of a class costs the browser a new look at all styles.
      if (dot.beyond !== this.beyond[i]) this.dots[i].classList.toggle("w2s-dot-beyond", dot.beyond);
      this.beyond[i] = dot.beyond;
    });
    const population = this.samples.population(indices);
    const star = { x: this.axes.x(population.misfit), y: this.axes.y(population.gain) };
    moveTo(this.population, star.x, star.y);
    const { x, y } = this.axes.range;
    const seen = record.misfit <= x[1] && record.gain >= y[0];
    const middle = { x: this.axes.x(Math.min(x[1], record.misfit)), y: this.axes.y(Math.max(y[0], record.gain)) };
    show(this.middle, seen);
    show(this.middleText, seen);
    moveTo(this.middle, middle.x, middle.y);
    const beyond = this.beyond.filter(Boolean).length;
    this.middleText.textContent = `median error: gain ${formatError(record.gain)}`;
    this.beyondText.textContent = beyond ? `${beyond} of ${dots.length} lie beyond the edge` : "";
    this.placeWords(star, seen ? middle : null);
    this.description.textContent =
      `Misfit and gain of ${dots.length} students. The population value is misfit ${formatError(population.misfit)}, ` +
      `gain ${formatError(population.gain)}; the student with the median error has misfit ${formatError(record.misfit)}, ` +
      `gain ${formatError(record.gain)}. ${beyond} of ${dots.length} lie beyond the edge.`;
  }

  placeWords(/** @type {Point} */ star, /** @type {Point | null} */ middle) {
    const box = (/** @type {SVGTextElement} */ text, /** @type {Point} */ { x, y }, /** @type {number} */ up) => {
      const width = textWidth(text);
      return { text, x: x + 12 + width / 2, y: y - up, width, height: 15, fixed: false };
    };
    const boxes = [box(this.populationText, star, 14), ...(middle ? [box(this.middleText, middle, -16)] : [])];
    // The words on the diagonal and on the dots beyond the edge keep their places.
    const [beside, below] = [textWidth(this.diagonal), textWidth(this.beyondText)];
    const taken = [
      ...(middle ? [star, middle] : [star]).map((at) => obstacle(at, 14, 14)),
      obstacle({ x: this.beside.x + beside / 2, y: this.beside.y - 4 }, beside),
      obstacle({ x: this.left + 8 + below / 2, y: BOTTOM - 13 }, below),
    ];
    separate([...taken, ...boxes], { left: this.left + 4, right: WIDTH - 4, top: 16, bottom: BOTTOM });
    for (const { text, ...place } of boxes) centre(text, place);
  }
}
