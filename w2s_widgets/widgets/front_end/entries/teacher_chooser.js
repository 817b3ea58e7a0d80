// The teacher chooser: pick a teacher by what a few true labels say, and only then see how much its student errs.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/teacher_chooser.css";
import { button } from "../core/controls.js";
import { TableExplorer, widget } from "../core/explorer.js";
import { fillTemplate, formatError } from "../maths/numbers.js";
import { moved } from "../maths/outcome_grid.js";
import { html } from "../core/svg.js";
import { RulesView } from "../views/rules_view.js";
import { TeachersView } from "../views/teachers_view.js";

/** @import { ChooserSpec, Model, NumberAxis, TeacherRow, Words } from "../types.js" */

/** @type {Exclude<keyof TeacherRow, "name">[]} */
const FIELDS = ["estimated_error", "estimate", "low", "high", "misfit", "err_student"];

/** @extends {TableExplorer<ChooserSpec>} */
class TeacherChooser extends TableExplorer {
  uncoverButton = button("", () => this.toggle());

  constructor(/** @type {Model} */ model) {
    super(model);
    this.names.push("uncovered", "first_choice");
    this.place = Object.fromEntries(this.grid.axes.map((axis, i) => [axis.name, i]));
    this.teachers = this.grid.axes[this.place.choice].words.slice(1);
  }

  createPresets() {
    super.createPresets();
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Uncover or draw again" });
    this.uncoverButton.classList.add("w2s-primary");
    row.append(
      this.uncoverButton,
      button("Another draw", () => this.drawAgain(), "Other inputs get true labels; the students’ errors are covered"),
    );
    this.root.append(row);
  }

  createDrawings(/** @type {HTMLElement} */ panels) {
    panels.classList.add("w2s-chooser-panels");
    this.chart = new TeachersView(panels, this.spec, this.teachers, (i) => this.move(this.place.choice, i + 1));
    const counts = /** @type {NumberAxis} */ (this.grid.axes[this.place.true_labels]);
    this.rules = new RulesView(panels, this.spec, counts);
  }

  toggle() {
    if (this.model.get("uncovered")) {
      this.cover();
      this.commit(this.shown, "");
      return;
    }
    if (this.shown[this.place.choice] === 0) {
      const sentence = this.spec.uncover_first;
      this.refuse(sentence[0].toUpperCase() + sentence.slice(1));
      return;
    }
    this.model.set("uncovered", true);
    this.model.set("first_choice", this.model.get("choice"));
    this.commit(this.shown, "");
  }

  cover() {
    this.model.set("uncovered", false);
    this.model.set("first_choice", this.spec.nobody);
  }

  drawAgain() {
    const axis = this.place.draw;
    const next = (this.shown[axis] + 1) % this.grid.axes[axis].values.length;
    this.cover();
    this.commit(moved(moved(this.shown, axis, next), this.place.choice, 0), "");
  }

  reset() {
    this.cover();
    super.reset();
  }

  /** What Python computed for every teacher in this state. @param {number[]} indices @returns {TeacherRow[]} */
  rows(indices) {
    return this.teachers.map((name, i) => {
      const where = moved(indices, this.place.choice, i + 1);
      const numbers = Object.fromEntries(FIELDS.map((field) => [field, this.grid.field(field, where)]));
      return /** @type {TeacherRow} */ ({ name, ...numbers });
    });
  }

  paint(/** @type {number[]} */ indices) {
    const rows = this.rows(indices);
    const smallest = (/** @type {typeof FIELDS[number]} */ field) => (
      rows.reduce((best, row) => (row[field] < best[field] ? row : best))
    );
    const [best, rule, accurate] = [smallest("err_student"), smallest("estimate"), smallest("estimated_error")];
    const uncovered = this.model.get("uncovered");
    const chosen = indices[this.place.choice] ? rows[indices[this.place.choice] - 1] : null;
    /** @type {Words} */ const words = { ...this.settings(indices) };
    for (const [name, row] of Object.entries({ best, rule, accurate })) {
      Object.assign(words, { [name]: row.name, [`${name}_error`]: formatError(row.err_student) });
    }
    if (chosen) for (const field of FIELDS) words[field] = formatError(chosen[field]);
    let kind = chosen ? "chosen" : "open";
    if (uncovered) kind = chosen === null ? "nobody" : chosen === best ? "best" : "other";
    const blind = Number(this.grid.axes[this.place.eps].values[indices[this.place.eps]]) > 0;
    const why = uncovered ? (blind ? "blind" : "realizable") : "covered";
    this.sentence.textContent = fillTemplate(this.spec.chooser_sentences[kind], words);
    this.reason.textContent = fillTemplate(this.spec.chooser_reasons[why], words);
    this.uncoverButton.textContent = uncovered ? "Cover the students’ errors" : "Uncover the students’ errors";
    const first = this.model.get("first_choice");
    this.chart?.draw(rows, { uncovered, chosen, best, first, sentence: this.sentence.textContent ?? "" });
    this.rules?.draw(indices[this.place.true_labels], indices[this.place.eps]);
  }

  settingsAsCode(/** @type {number[]} */ indices) {
    return [...super.settingsAsCode(indices), ...(this.model.get("uncovered") ? ["uncovered=True"] : [])];
  }
}

export default widget(TeacherChooser);
