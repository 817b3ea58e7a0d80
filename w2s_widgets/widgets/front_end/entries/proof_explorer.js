// The proof as a film: two linked pictures, a slider for the moment, and buttons to play it scene by scene.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/proof_explorer.css";
import { AxisControl, button } from "../core/controls.js";
import { Explorer, widget } from "../core/explorer.js";
import { fillTemplate, formatFixed, formatNumber, MINUS } from "../maths/numbers.js";
import { snap } from "../maths/outcome_grid.js";
import { nearest, project } from "../maths/plane_projection.js";
import { asAnswers, asPoint, minus } from "../maths/proof_geometry.js";
import { html } from "../core/svg.js";
import { ProofPlaneView } from "../views/proof_plane_view.js";
import { ProofSideView } from "../views/proof_side_view.js";

/** @import { Axis, Film, Model, Pair, ProofSpec, State, Words } from "../types.js" */
/** @import { Projected } from "../maths/plane_projection.js" */
/** @import { Moved } from "../views/proof_plane_view.js" */

const SCENE_MS = 1500;
const REST_MS = 1400;
const MAGNET = 0.12;
const CONVEX = /** @type {const} */ (["open", "convex"]);

function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** @extends {Explorer<ProofSpec>} */
class ProofExplorer extends Explorer {
  /** @type {Record<string, AxisControl>} */ controls = {};
  // The moment while the film runs, which the model hears of at the end of a scene.
  /** @type {number | null} */ running = null;
  run = 0;
  rest = 0;
  playButton = button("", () => (this.playing() ? this.stop() : this.play()));

  constructor(/** @type {Model} */ model) {
    super(model);
    /** @type {Axis[]} */ this.axes = this.spec.axes;
    this.names = [...this.axes.map(({ name }) => name), ...this.spec.coordinates, "note"];
    this.last = this.spec.scenes.length - 1;
  }

  createViews() {
    const reach = this.spec.reach[1];
    const left = html("div", { class: "w2s-proof-column" });
    const right = html("div", { class: "w2s-proof-column" });
    this.plane = new ProofPlaneView(left, reach, {
      drag: (role, to) => this.move(role, this.magnet(role, to)),
      step: (role, by) => this.move(role, /** @type {Pair} */ (this.answers(role).map((value, i) => value + by[i]))),
    });
    const answer = (/** @type {Moved} */ role, /** @type {number} */ question, /** @type {number} */ to) => (
      this.change({ [`${role}_${question + 1}`]: to })
    );
    const film = html("div", { class: "w2s-film" });
    right.append(film);
    this.side = new ProofSideView(right, reach,
      (role, question, to) => answer(role, question, Math.round(to * 20) / 20),
      (role, question, by) => answer(role, question, this.answers(role)[question] + by));
    const choice = html("div", { class: "w2s-film-class" });
    for (const axis of this.axes) {
      const parent = axis.name === "moment" ? film : choice;
      this.controls[axis.name] = new AxisControl(
        parent, axis, { snap }, (index) => this.change({ [axis.name]: axis.values[index] }), (words) => this.refuse(words),
      );
    }
    this.back = button("Back", () => this.toScene(-1), "To the scene before");
    this.next = button("Next", () => this.toScene(1), "To the next scene");
    this.next.classList.add("w2s-next");
    film.append(html("div", { class: "w2s-buttons w2s-film-buttons", role: "group", "aria-label": "Film" }, this.back, this.playButton, this.next));
    right.append(choice);
    this.controls.shape.node.hidden = this.axes[0].values.length < 2;
    const panels = html("div", { class: "w2s-panels w2s-proof-panels" }, left, right);
    this.root.append(this.sentence, this.reason, panels, this.noteLine, this.announcer);
  }

  /** @returns {State} */
  state() {
    return Object.fromEntries([...this.axes.map(({ name }) => name), ...this.spec.coordinates].map((name) => [name, this.model.get(name)]));
  }

  /** @param {Moved} role @returns {Pair} */
  answers(role) {
    return [this.model.get(`${role}_1`), this.model.get(`${role}_2`)];
  }

  // A hand seldom hits a line: near it the truth is drawn onto it. Elsewhere answers are multiples of 0.05.
  /** @param {Moved} role @param {Pair} to @returns {Pair} */
  magnet(role, to) {
    const chosen = this.spec.shapes[this.model.get("shape")];
    const grid = /** @type {Pair} */ (to.map((value) => Math.round(value * 20) / 20));
    if (role !== "truth" || chosen.kind !== "line") return grid;
    const onto = asAnswers(nearest(chosen, asPoint(to)).point);
    if (Math.hypot(...minus(onto, to)) > MAGNET) return grid;
    const middle = Math.round(onto[0] * 20) / 20;
    return [middle, middle];
  }

  /** @param {Moved} role @param {Pair} to */
  move(role, [first, second]) {
    this.change({ [`${role}_1`]: first, [`${role}_2`]: second });
  }

  // What the reader's hand does ends the film.
  change(/** @type {State} */ changes) {
    this.halt();
    this.goTo(changes);
  }

  goTo(/** @type {State} */ changes) {
    const { state, notes } = this.corrected({ ...this.state(), ...changes }, false);
    for (const [name, value] of Object.entries(state)) this.model.set(name, value);
    this.model.set("note", notes.join(" "));
    this.model.save_changes();
    this.drawNow();
  }

  // What can be shown of what was asked for; a hand that reaches beyond the edge needs no note.
  /** @param {State} wanted @param {boolean} noting */
  corrected(wanted, noting) {
    /** @type {State} */ const state = {};
    /** @type {string[]} */ const notes = [];
    for (const axis of this.axes) {
      const { index, note } = snap(axis, wanted[axis.name]);
      state[axis.name] = index < 0 ? this.spec.initial[axis.name] : axis.values[index];
      if (note) notes.push(note);
    }
    const reach = this.spec.reach[1];
    for (const name of this.spec.coordinates) {
      const value = Number.isFinite(wanted[name]) ? wanted[name] : this.spec.initial[name];
      const inside = Math.min(reach, Math.max(-reach, value));
      state[name] = Math.floor(inside * 100 + 0.5) / 100 + 0;
      if (noting && inside !== wanted[name]) notes.push(this.spec.moved_in);
    }
    return { state, notes: [...new Set(notes)] };
  }

  reset() {
    this.halt();
    super.reset();
  }

  moment() {
    return this.running ?? this.model.get("moment");
  }

  // The scene that runs at a moment, and after whose end the film rests.
  scene(moment = this.moment()) {
    return Math.ceil(moment - 1e-9);
  }

  playing() {
    return Boolean(this.run || this.rest);
  }

  toScene(/** @type {number} */ by) {
    const now = this.moment();
    const to = by > 0 ? Math.floor(now + 1e-9) + 1 : Math.ceil(now - 1e-9) - 1;
    this.halt();
    // A film that ran goes on from where it is seen, which the model does not know.
    this.running = now;
    this.glide(Math.min(this.last, Math.max(0, to)));
  }

  // One scene after the other; without motion, one still after the other.
  play() {
    this.halt();
    if (this.moment() >= this.last) this.goTo({ moment: 0 });
    const on = () => {
      this.rest = 0;
      if (this.moment() >= this.last) {
        this.draw();
        return;
      }
      this.glide(Math.floor(this.moment() + 1e-9) + 1, () => {
        if (this.moment() < this.last) this.rest = window.setTimeout(on, still() ? 2 * REST_MS : REST_MS);
        this.draw();
      });
    };
    on();
  }

  /** @param {number} to @param {() => void} [after] */
  glide(to, after) {
    const from = this.moment();
    const land = () => {
      this.run = 0;
      this.running = null;
      this.goTo({ moment: to });
      after?.();
    };
    if (still() || from === to) {
      land();
      return;
    }
    const long = SCENE_MS * (to > from ? 1 : 0.4) * Math.min(1, Math.abs(to - from));
    let start = 0;
    const frame = (/** @type {number} */ now) => {
      start ||= now;
      const share = Math.min(1, (now - start) / long);
      if (share === 1) {
        land();
        return;
      }
      this.running = from + (to - from) * (share * share * (3 - 2 * share));
      this.draw();
      this.run = requestAnimationFrame(frame);
    };
    this.run = requestAnimationFrame(frame);
  }

  // Stop where the film is.
  stop() {
    const now = this.moment();
    this.halt();
    this.goTo({ moment: now });
  }

  halt() {
    cancelAnimationFrame(this.run);
    clearTimeout(this.rest);
    this.run = 0;
    this.rest = 0;
    this.running = null;
  }

  draw() {
    const asked = this.state();
    const { state, notes } = this.corrected(asked, true);
    if (Object.keys(state).some((name) => state[name] !== asked[name])) {
      for (const [name, value] of Object.entries(state)) this.model.set(name, value);
      if (notes.length) this.model.set("note", notes.join(" "));
      this.model.save_changes();
    }
    const chosen = this.spec.shapes[state.shape];
    /** @type {Pair} */ const truth = [state.truth_1, state.truth_2];
    /** @type {Pair} */ const teacher = [state.teacher_1, state.teacher_2];
    const record = project(chosen, asPoint(truth), asPoint(teacher));
    const moment = this.running ?? state.moment;
    const numbers = this.numbers(record, teacher);
    const student = asAnswers(record.student);
    const scene = this.spec.scenes[this.scene(moment)];
    const sentence = fillTemplate(this.spec.sentences[this.caption(scene, moment, state.shape, numbers)], numbers);
    const words = Object.fromEntries(Object.entries({ truth, teacher, student }).map(
      ([role, pair]) => [role, pair.map((value) => formatFixed(value, 2)).join(", ")],
    ));
    /** @type {Film} */
    const film = {
      moment, truth, teacher, student, record, set: chosen, angle: record.angle, words, sentence,
      outline: chosen.outline.map((loop) => loop.map(asAnswers)),
    };
    this.plane?.draw(film);
    this.side?.draw(film);
    this.sentence.textContent = sentence;
    this.reason.textContent = this.why(scene, moment, record, numbers, chosen);
    this.axes.forEach(({ name }) => {
      const axis = this.controls[name].axis;
      this.controls[name].show(snap(axis, name === "moment" ? moment : state[name]).index);
    });
    this.playButton.textContent = this.playing() ? "Stop" : "Play";
    if (this.back) this.back.disabled = moment <= 0;
    if (this.next) this.next.disabled = moment >= this.last;
    this.finish(Object.entries(state).map(([name, value]) => `${name}=${JSON.stringify(value)}`));
  }

  /** @param {Projected} record @param {Pair} teacher */
  numbers(record, teacher) {
    /** @type {Words} */ const words = {
      loss: formatNumber(-record.gain, record.scale),
      angle: record.angle === null ? "no" : formatFixed(record.angle, 1),
      teacher_1: formatFixed(teacher[0], 2),
      teacher_2: formatFixed(teacher[1], 2),
    };
    for (const name of /** @type {const} */ (["err_weak", "err_student", "misfit", "gain", "slack", "eps"])) {
      words[name] = formatNumber(record[name], record.scale);
    }
    return words;
  }

  // The key of the sentence; numbers count as they are written.
  /** @param {string} scene @param {number} moment @param {string} shape @param {Words} numbers */
  caption(scene, moment, shape, numbers) {
    const zero = (/** @type {string} */ name) => !/[1-9]/.test(numbers[name]);
    const nearer = numbers.slack.startsWith(MINUS);
    const met = zero("slack") ? "right" : nearer ? "acute" : "obtuse";
    switch (scene) {
      case "class": return `class ${shape}`;
      case "nearest point": return zero("misfit") ? "nearest copy" : "nearest";
      case "step":
        if (zero("err_student")) return "step none";
        return zero("slack") ? (zero("misfit") ? "step away" : "step level") : nearer ? "step nearer" : "step away";
      case "angle": return zero("err_student") || zero("misfit") ? "angle none" : `angle ${met}`;
      case "fit":
        if (moment < this.last) return "fit question";
        if (zero("err_weak")) return "fit nothing";
        if (zero("misfit")) return "fit copy";
        return zero("err_student") ? "fit perfect" : `fit ${met}`;
      default: return scene;
    }
  }

  /** @param {string} scene @param {number} moment @param {Projected} record @param {Words} numbers @param {import("../types.js").PlaneSet} chosen */
  why(scene, moment, record, numbers, chosen) {
    const { whys, reasons, tied } = this.spec;
    const [key] = scene.split(" ");
    if (key in whys && moment < this.last) return whys[key] + (record.tied && key === "nearest" ? tied : "");
    if (scene === "class" || scene === "step") {
      return whys[`${scene} ${CONVEX[Number(chosen.convex)]} ${record.truthIn ? "in" : "out"}`];
    }
    return fillTemplate(reasons[record.reason], numbers) + (record.tied ? tied : "");
  }

  close() {
    this.halt();
    this.plane?.close();
    this.side?.close();
    super.close();
  }
}

export default widget(ProofExplorer);
