// The curve explorer: a truth, a teacher of another kind or drawn by hand, and the student of waves fitted to it.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/curve_explorer.css";
import { AxisControl, button, OWN_KEYS } from "../core/controls.js";
import { CurveFamily } from "../maths/curve_family.js";
import { Explorer, widget } from "../core/explorer.js";
import { errorFormat, fillTemplate, SHOWN_AS_ZERO } from "../maths/numbers.js";
import { snap } from "../maths/outcome_grid.js";
import { html, show } from "../core/svg.js";
import { CapacityView } from "../views/capacity_view.js";
import { CurveView } from "../views/curve_view.js";
import { ErrorPartsView } from "../views/error_parts_view.js";

/** @import { Axis, CurveSpec, Curve1, Fitted, Model, State } from "../types.js" */

const GROW_MS = 140;

/** @extends {Explorer<CurveSpec>} */
class CurveExplorer extends Explorer {
  /** @type {Record<string, AxisControl>} */ controls = {};
  /** @type {State} */ shown = {};
  growing = 0;
  shaken = 0;
  growButton = button("", () => this.toggleGrowth());

  constructor(/** @type {Model} */ model) {
    super(model);
    /** @type {Axis[]} */ this.axes = this.spec.axes;
    this.names = [...this.axes.map(({ name }) => name), "drawing", "won", "note"];
    this.family = new CurveFamily(this.spec, model.get("_numbers"));
  }

  createViews() {
    const left = html("div", { class: "w2s-curve-side" });
    const right = html("div", { class: "w2s-curve-side" });
    this.curves = new CurveView(
      left, this.spec, this.family.truth, (from, to) => this.stroke(from, to), (knot, up, radius) => this.push(knot, up, radius),
    );
    const teacher = html("div", { class: "w2s-controls w2s-teacher-controls" });
    const beTeacher = button("Be the teacher", () => this.redraw(this.begin()), "Draw into the picture, or move the pencil with the arrow keys");
    this.tools = html("span", { class: "w2s-buttons w2s-draw-tools" },
      button("Smooth", () => this.redraw(smoothed(this.drawing()))),
      button("Shake", () => this.shake()),
      button("Flat", () => this.redraw(this.drawing().map(() => 0))),
    );
    this.hint = html("span", { class: "w2s-control-explain" }, "… or draw into the picture.");
    left.append(
      html("div", { class: "w2s-buttons w2s-teacher-tools", role: "group", "aria-label": "Draw the teacher" }, beTeacher, this.hint, this.tools),
      teacher,
    );
    this.parts = new ErrorPartsView(right);
    this.capacity = new CapacityView(right, this.spec);
    const below = html("div", { class: "w2s-capacity-control" });
    right.append(below);
    for (const axis of this.axes) {
      const parent = axis.name === "strong_capacity" ? below : teacher;
      const control = new AxisControl(
        parent, axis, { snap }, (index) => this.move({ [axis.name]: axis.values[index] }), (words) => this.refuse(words),
      );
      show(control.node, axis.shown);
      this.controls[axis.name] = control;
    }
    this.growButton.classList.add("w2s-grow");
    below.append(this.growButton);
    show(below, this.controls.strong_capacity.axis.shown);
    this.root.append(html("div", { class: "w2s-panels w2s-curve-panels" }, left, right), this.sentence, this.reason, this.noteLine, this.announcer);
    this.createDares();
  }

  createDares() {
    if (!this.spec.dares.length) return;
    this.dares = this.spec.dares.map((dare) => html("li", { class: "w2s-dare" }, dare.words));
    this.found = html("summary", OWN_KEYS);
    this.root.append(html("details", { class: "w2s-dares" }, this.found, html("ul", {}, ...this.dares)));
  }

  /** @returns {State} */
  state() {
    return Object.fromEntries(this.axes.map(({ name }) => [name, this.model.get(name)]));
  }

  /** @returns {number[]} */
  drawing() {
    return this.model.get("drawing");
  }

  // A move of the reader's ends the growth; one of the growth itself does not.
  move(/** @type {State} */ changes) {
    this.stopGrowth();
    this.goTo(changes);
  }

  goTo(/** @type {State} */ changes) {
    const after = { ...this.state(), ...changes };
    const notes = this.axes.flatMap((axis) => {
      const { index, note } = snap(axis, after[axis.name]);
      this.model.set(axis.name, index < 0 ? (this.shown[axis.name] ?? this.spec.initial[axis.name]) : axis.values[index]);
      return note ? [note] : [];
    });
    this.model.set("note", notes.join(" "));
    this.commit();
  }

  // Judge the dares, send the state to the kernel, and draw it.
  commit() {
    const fitted = this.fitted();
    const won = this.model.get("won");
    const capacity = this.model.get("strong_capacity");
    /** @type {Record<string, any>} */
    const measured = { ...fitted, difference: Math.abs(fitted.gain - fitted.misfit), strong_capacity: capacity };
    const met = this.spec.dares.filter(({ name, needs }) => !won.includes(name) && needs.every(([of, sign, bound]) => (
      sign === ">=" ? measured[of] >= bound : measured[of] <= bound
    )));
    if (met.length) this.model.set("won", [...won, ...met.map(({ name }) => name)]);
    this.model.save_changes();
    this.drawNow();
  }

  /** @returns {Curve1} */
  teacher() {
    const { teacher, weak_quality, draw } = this.state();
    if (teacher === this.spec.drawn) return this.family.drawn(this.drawing());
    const [axis] = this.axes.filter(({ name }) => name === "weak_quality");
    return this.family.teacher(teacher, /** @type {number[]} */ (axis.values).indexOf(weak_quality), weak_quality, draw);
  }

  fitted() {
    return this.family.fit(this.teacher(), this.model.get("strong_capacity"));
  }

  // Whatever the teacher was, the drawing begins with it.
  begin() {
    if (this.model.get("teacher") === this.spec.drawn) return [...this.drawing()];
    const now = this.teacher();
    const each = now.length / this.spec.knots;
    return Array.from({ length: this.spec.knots }, (_, j) => now[Math.floor((j + 0.5) * each)]);
  }

  redraw(/** @type {number[]} */ knots) {
    this.stopGrowth();
    const { reach } = this.spec;
    this.model.set("drawing", knots.map((value) => Math.round(100 * Math.min(reach, Math.max(-reach, value))) / 100 + 0));
    this.model.set("teacher", this.spec.drawn);
    this.model.set("note", "");
    this.commit();
  }

  /** @param {[knot: number, answer: number]} from @param {[knot: number, answer: number]} to */
  stroke([first, low], [last, high]) {
    const knots = this.begin();
    const way = Math.sign(last - first);
    for (let k = first; ; k += way) {
      knots[k] = last === first ? high : low + ((k - first) / (last - first)) * (high - low);
      if (k === last) break;
    }
    this.redraw(knots);
  }

  /** @param {number} knot @param {number} up @param {number} radius */
  push(knot, up, radius) {
    this.redraw(this.begin().map((value, k) => value + up * Math.max(0, 1 - Math.abs(k - knot) / (radius + 1))));
  }

  shake() {
    const { shake, knots } = this.spec;
    const from = (this.shaken * knots) % shake.length;
    this.shaken += 1;
    this.redraw(this.begin().map((value, k) => value + shake[from + k]));
  }

  toggleGrowth() {
    if (this.growing) {
      this.stopGrowth();
      this.draw();
      return;
    }
    const step = () => {
      const next = this.model.get("strong_capacity") + 1;
      if (next > this.spec.waves) {
        this.stopGrowth();
        this.draw();
        return;
      }
      this.goTo({ strong_capacity: next });
    };
    this.growing = window.setInterval(step, GROW_MS);
    this.goTo({ strong_capacity: 1 });
  }

  stopGrowth() {
    clearInterval(this.growing);
    this.growing = 0;
  }

  reset() {
    this.stopGrowth();
    this.model.set("drawing", this.spec.initial_drawing);
    super.reset();
  }

  draw() {
    const { axes, model } = this;
    const snapped = axes.map((axis) => snap(axis, model.get(axis.name)));
    if (snapped.some(({ index }, i) => index < 0 || axes[i].values[index] !== model.get(axes[i].name))) {
      this.goTo({});
      return;
    }
    this.shown = this.state();
    axes.forEach(({ name }, i) => { this.controls[name].show(snapped[i].index); });
    const fitted = this.fitted();
    const { teacher, strong_capacity } = this.shown;
    const drawing = teacher === this.spec.drawn;
    const write = errorFormat(fitted);
    const { err_weak, misfit, gain, eps } = fitted;
    const numbers = { err_weak: write(err_weak), misfit: write(misfit), gain: write(gain), loss: write(-gain), eps: write(eps) };
    const [kind, why] = this.cases(fitted);
    const sentence = fillTemplate(this.spec.sentences[kind], numbers);
    this.curves?.draw({ fitted, sentence, drawing, stepped: teacher === "stairs" });
    this.parts?.draw(fitted, sentence);
    this.capacity?.draw(fitted, strong_capacity, sentence);
    const idle = drawing ? ["weak_quality", "draw"] : teacher === "stairs" || teacher === "wiggle" ? [] : ["draw"];
    for (const { name } of axes) this.controls[name].node.classList.toggle("w2s-idle", idle.includes(name));
    if (this.tools) show(this.tools, drawing);
    if (this.hint) show(this.hint, !drawing);
    this.growButton.textContent = this.growing ? "Stop" : "Let it grow";
    const won = model.get("won");
    if (this.found) this.found.textContent = `Can you find … (${won.length} of ${this.spec.dares.length} found)`;
    this.dares?.forEach((node, i) => { node.classList.toggle("w2s-won", won.includes(this.spec.dares[i].name)); });
    this.sentence.textContent = sentence;
    this.reason.textContent = fillTemplate(this.spec.reasons[why], { ...numbers, strong_capacity: String(strong_capacity) });
    this.finish([
      ...axes.map(({ name }) => `${name}=${JSON.stringify(this.shown[name])}`),
      ...(drawing && this.drawing().some((value) => value) ? [`drawing=[${this.drawing().join(", ")}]`] : []),
    ]);
  }

  // Sentence and reason, judged by the numbers as they are written.
  /** @param {Fitted} fitted @returns {[string, string]} */
  cases({ gain, misfit, err_student }) {
    if (this.shown.strong_capacity < this.spec.truth_waves) {
      if (Math.abs(gain) < SHOWN_AS_ZERO) return ["even", "too_few"];
      return [gain > 0 ? "beats" : "loses", "too_few"];
    }
    if (misfit < SHOWN_AS_ZERO) return ["copies", "copies"];
    return [err_student < SHOWN_AS_ZERO ? "right" : "gains", "held"];
  }

  close() {
    this.stopGrowth();
    for (const view of [this.curves, this.parts, this.capacity]) view?.close();
    super.close();
  }
}

function smoothed(/** @type {number[]} */ knots) {
  return knots.map((value, k) => {
    const [before, after] = [knots[k - 1] ?? value, knots[k + 1] ?? value];
    return (before + 2 * value + after) / 4;
  });
}

export default widget(CurveExplorer);
