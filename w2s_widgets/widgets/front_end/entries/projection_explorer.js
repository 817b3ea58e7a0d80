// The projection explorer: handles for truth and teacher in a plane of functions, and the student that follows.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/projection_explorer.css";
import { AxisControl } from "../core/controls.js";
import { Explorer, widget } from "../core/explorer.js";
import { fillTemplate, formatFixed, formatNumber, roundCoordinate } from "../maths/numbers.js";
import { distance, nearest, project } from "../maths/plane_projection.js";
import { PointControl } from "../core/point_control.js";
import { html } from "../core/svg.js";
import { ScaledLedger } from "../views/ledger_view.js";
import { PlaneView } from "../views/plane_view.js";

/** @import { ChoiceAxis, Leap, Model, Pair, PlaneSpec, State, Words } from "../types.js" */
/** @import { Handle } from "../core/point_control.js" */
/** @import { Projected } from "../maths/plane_projection.js" */

/** @type {Handle[]} */ const HANDLES = ["truth", "teacher"];
const SHAPE_LABEL = "The student’s class";
// A leap is much longer than the teacher's step and seen without looking for it.
const LEAP = 0.5;
const SMALL_STEP = 0.3;
const KEPT_UNTIL = 0.5;
const SNAP = 0.06;
const THIN = ["line", "twopoints"];

/** @extends {Explorer<PlaneSpec>} */
class ProjectionExplorer extends Explorer {
  /** @type {Leap | null} */ leap = null;
  /** @type {State | null} */ shown = null;

  constructor(/** @type {Model} */ model) {
    super(model);
    this.names = ["shape", ...this.spec.coordinates, "note"];
    this.shapes = Object.keys(this.spec.shapes);
    this.row = html("div", { class: "w2s-controls w2s-plane-controls" });
    const refuse = (/** @type {string} */ sentence) => this.refuse(sentence);
    /** @type {ChoiceAxis} */
    const axis = { name: "shape", label: SHAPE_LABEL, explain: "", values: this.shapes, words: this.shapes, choice: true, shown: true };
    this.shapeControl = new AxisControl(this.row, axis, null, (index) => this.goTo({ shape: this.shapes[index] }), refuse);
    this.shapeControl.node.hidden = this.shapes.length < 2;
    this.points = HANDLES.map((role) => (
      new PointControl(this.row, role, this.spec.reach, (x, y) => this.move(role, x, y), refuse)
    ));
  }

  createControls() {
    this.root.append(this.row);
  }

  createDrawings(/** @type {HTMLElement} */ panels) {
    panels.classList.add("w2s-plane-panels");
    this.plane = new PlaneView(panels, this.spec, {
      drag: (role, x, y) => this.drag(role, x, y),
      step: (role, x, y) => {
        const now = this.state();
        this.move(role, now[`${role}_x`] + x, now[`${role}_y`] + y);
      },
    });
    this.ledger = new ScaledLedger(panels, this.spec);
  }

  /** @returns {State} */
  state() {
    return Object.fromEntries(["shape", ...this.spec.coordinates].map((name) => [name, this.model.get(name)]));
  }

  set(/** @type {State} */ state) {
    return this.spec.shapes[state.shape];
  }

  // A class without area is hard to hit with a pointer: near it the truth is drawn onto it.
  /** @param {Handle} role @param {number} x @param {number} y */
  drag(role, x, y) {
    const set = this.set(this.state());
    /** @type {Pair} */
    const snapped = role === "truth" && THIN.includes(set.kind) ? nearest(set, [x, y]).point : [x, y];
    const [a, b] = distance(snapped, [x, y]) < SNAP ? snapped : [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
    this.move(role, a, b);
  }

  /** @param {Handle} role @param {number} x @param {number} y */
  move(role, x, y) {
    const inside = (/** @type {number} */ value, /** @type {number} */ reach) => (
      roundCoordinate(Math.min(reach, Math.max(-reach, value)))
    );
    this.goTo({ [`${role}_x`]: inside(x, this.spec.reach.x), [`${role}_y`]: inside(y, this.spec.reach.y) });
  }

  goTo(/** @type {State} */ changes) {
    const before = this.state();
    const after = { ...before, ...changes };
    this.follow(before, after);
    for (const name of ["shape", ...this.spec.coordinates]) this.model.set(name, after[name]);
    this.model.set("note", this.leap ? this.leap.words : "");
    this.model.save_changes();
    this.drawNow();
  }

  // Remember where the student leapt from, as long as the teacher stays near the place where it leapt.
  follow(/** @type {State} */ before, /** @type {State} */ after) {
    const [left, arrived] = [before, after].map((state) => /** @type {Pair} */ ([state.teacher_x, state.teacher_y]));
    if (before.shape !== after.shape) {
      this.leap = null;
      return;
    }
    const set = this.set(after);
    const [from, to] = [left, arrived].map((teacher) => nearest(set, teacher).point);
    const step = distance(left, arrived);
    const jump = distance(from, to);
    if (!set.convex && step > 0 && step <= SMALL_STEP && jump >= LEAP) {
      const words = fillTemplate(this.spec.jumped, { jump: formatFixed(jump, 2), step: formatFixed(step, 2) });
      this.leap = { from, teacher: arrived, words };
    } else if (this.leap && distance(arrived, this.leap.teacher) > KEPT_UNTIL) {
      this.leap = null;
    }
  }

  clear() {
    this.leap = null;
    this.refuse("");
  }

  // What Python or a linked slider set beyond the plane is moved into it, and said.
  corrected(/** @type {State} */ state) {
    const notes = [];
    const inside = { ...state };
    if (!(state.shape in this.spec.shapes)) inside.shape = this.shown?.shape ?? this.shapes[0];
    for (const name of this.spec.coordinates) {
      const reach = this.spec.reach[name.endsWith("x") ? "x" : "y"];
      const value = state[name];
      if (typeof value === "number" && Math.abs(value) <= reach) {
        inside[name] = roundCoordinate(value);
        continue;
      }
      const known = this.shown?.[name] ?? 0;
      inside[name] = Number.isFinite(value) ? Math.min(reach, Math.max(-reach, value)) : known;
      notes.push(this.spec.moved_in[name]);
    }
    const same = Object.keys(state).every((name) => state[name] === inside[name]);
    return { inside, same, notes };
  }

  draw() {
    const { inside: state, same, notes } = this.corrected(this.state());
    if (!same) {
      for (const [name, value] of Object.entries(state)) this.model.set(name, value);
      if (notes.length) this.model.set("note", notes.join(" "));
      this.model.save_changes();
    }
    this.shown = state;
    const set = this.set(state);
    const record = project(set, [state.truth_x, state.truth_y], [state.teacher_x, state.teacher_y]);
    const numbers = this.numbers(record);
    const sentence = fillTemplate(this.spec.sentences[record.case], numbers);
    const reason = fillTemplate(this.spec.reasons[record.reason], numbers) + (record.tied ? this.spec.tied : "");
    // A leap that the page did not see, since Python moved the teacher, leaves no mark.
    if (this.model.get("note") === "") this.leap = null;
    this.shapeControl.show(this.shapes.indexOf(state.shape));
    for (const control of this.points) control.show(state[`${control.role}_x`], state[`${control.role}_y`]);
    this.plane?.draw(set, record, numbers, sentence, this.leap);
    this.ledger?.draw(record, sentence);
    this.sentence.textContent = sentence;
    this.reason.textContent = reason;
    this.finish(["shape", ...this.spec.coordinates].map((name) => `${name}=${JSON.stringify(state[name])}`));
  }

  numbers(/** @type {Projected} */ record) {
    /** @type {Words} */ const words = { loss: formatNumber(-record.gain, record.scale) };
    for (const name of /** @type {const} */ (["err_weak", "err_student", "misfit", "gain", "slack", "eps"])) {
      words[name] = formatNumber(record[name], record.scale);
    }
    words.angle = record.angle === null ? "no" : formatFixed(record.angle, 1);
    return words;
  }
}

export default widget(ProjectionExplorer);
