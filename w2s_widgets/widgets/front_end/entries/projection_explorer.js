// The projection explorer: handles for truth and teacher in a plane of functions, and the student that follows.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/projection_explorer.css";
import { AxisControl } from "../core/controls.js";
import { html } from "../core/svg.js";
import { fillTemplate, formatFixed, formatNumber, roundCoordinate } from "../core/numbers.js";
import { Frame } from "../core/frame.js";
import { distance, nearest, project } from "../core/plane_projection.js";
import { PlaneView } from "../views/plane_view.js";
import { PointControl } from "../core/point_control.js";
import { ScaledLedger } from "../views/scaled_ledger.js";

const SHAPE_LABEL = "The student’s class";
// A leap is much longer than the teacher's step and seen without looking for it.
const LEAP = 0.5;
const SMALL_STEP = 0.3;
const KEPT_UNTIL = 0.5;
const SNAP = 0.06;
const THIN = ["line", "twopoints"];

class ProjectionExplorer extends Frame {
  prepare() {
    this.names = ["shape", ...this.spec.coordinates, "note"];
    this.leap = null;
  }

  createControls() {
    const row = html("div", { class: "w2s-controls w2s-plane-controls" });
    this.shapes = Object.keys(this.spec.shapes);
    const axis = { name: "shape", label: SHAPE_LABEL, explain: "", values: this.shapes, choice: true };
    this.shapeControl = new AxisControl(row, axis, null, (index) => this.goTo({ shape: this.shapes[index] }));
    this.shapeControl.node.hidden = this.shapes.length < 2;
    this.points = ["truth", "teacher"].map((role) => new PointControl(
      row, role, this.spec.reach,
      (x, y) => this.move(role, x, y),
      (sentence) => this.refuse(sentence),
    ));
    this.root.append(row);
  }

  createDrawings(panels) {
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

  state() {
    return Object.fromEntries(["shape", ...this.spec.coordinates].map((name) => [name, this.model.get(name)]));
  }

  set(state) {
    return this.spec.shapes[state.shape];
  }

  // A class without area is hard to hit with a pointer: near it the truth is drawn onto it.
  drag(role, x, y) {
    const set = this.set(this.state());
    const snapped = role === "truth" && THIN.includes(set.kind) ? nearest(set, [x, y]).point : [x, y];
    const [a, b] = distance(snapped, [x, y]) < SNAP ? snapped : [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
    this.move(role, a, b);
  }

  move(role, x, y) {
    const inside = (value, reach) => roundCoordinate(Math.min(reach, Math.max(-reach, value)));
    this.goTo({ [`${role}_x`]: inside(x, this.spec.reach.x), [`${role}_y`]: inside(y, this.spec.reach.y) });
  }

  goTo(changes) {
    const before = this.state();
    const after = { ...before, ...changes };
    this.follow(before, after);
    for (const name of ["shape", ...this.spec.coordinates]) this.model.set(name, after[name]);
    this.model.set("note", this.leap ? this.leap.words : "");
    this.model.save_changes();
    this.drawNow();
  }

  // Remember where the student leapt from, as long as the teacher stays near the place where it leapt.
  follow(before, after) {
    const teachers = [before, after].map((state) => [state.teacher_x, state.teacher_y]);
    if (before.shape !== after.shape) {
      this.leap = null;
      return;
    }
    const set = this.set(after);
    const [from, to] = teachers.map((teacher) => nearest(set, teacher).point);
    const step = distance(...teachers);
    const jump = distance(from, to);
    if (!set.convex && step > 0 && step <= SMALL_STEP && jump >= LEAP) {
      const words = fillTemplate(this.spec.jumped, { jump: formatFixed(jump, 2), step: formatFixed(step, 2) });
      this.leap = { from, teacher: teachers[1], words };
    } else if (this.leap && distance(teachers[1], this.leap.teacher) > KEPT_UNTIL) {
      this.leap = null;
    }
  }

  clear() {
    this.leap = null;
    this.refuse("");
  }

  // What Python or a linked slider set beyond the plane is moved into it, and said.
  corrected(state) {
    const notes = [];
    const inside = { ...state };
    if (!(state.shape in this.spec.shapes)) inside.shape = this.shown?.shape ?? this.shapes[0];
    for (const name of this.spec.coordinates) {
      const reach = this.spec.reach[name.slice(-1)];
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
    this.plane.draw(set, record, numbers, sentence, this.leap);
    this.ledger.draw(record, sentence);
    this.sentence.textContent = sentence;
    this.reason.textContent = reason;
    this.noteLine.textContent = this.model.get("note");
    this.code.value = this.stateAsCode(state);
    this.announce(`${sentence} ${this.noteLine.textContent}`);
  }

  numbers(record) {
    const words = { loss: formatNumber(-record.gain, record.scale) };
    for (const name of ["err_weak", "err_student", "misfit", "gain", "slack", "eps"]) {
      words[name] = formatNumber(record[name], record.scale);
    }
    words.angle = record.angle === null ? "no" : formatFixed(record.angle, 1);
    return words;
  }

  stateAsCode(state) {
    const settings = this.spec.coordinates.map((name) => `${name}=${state[name]}`);
    return `${this.spec.code}(${[...this.spec.code_arguments, `shape="${state.shape}"`, ...settings].join(", ")})`;
  }
}

function render({ model, el }) {
  const explorer = new ProjectionExplorer(model, el);
  return () => explorer.close();
}

export default { render };
