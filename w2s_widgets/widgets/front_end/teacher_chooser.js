// The teacher chooser: pick a teacher by what a few true labels say, and only then see how much its student errs.

import { button } from "./controls.js";
import { html } from "./drawing.js";
import { ExplorerFrame } from "./explorer_frame.js";
import { fillTemplate, formatError } from "./format.js";
import { RulesView } from "./rules_view.js";
import { TeachersView } from "./teachers_view.js";

const FIELDS = ["estimated_error", "estimate", "low", "high", "misfit", "err_student"];

class TeacherChooser extends ExplorerFrame {
  prepare() {
    super.prepare();
    this.names.push("uncovered", "first_choice");
    this.place = Object.fromEntries(this.grid.axes.map((axis, i) => [axis.name, i]));
    this.teachers = this.grid.axes[this.place.choice].values.slice(1);
  }

  createPresets() {
    super.createPresets();
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Uncover or draw again" });
    this.uncoverButton = button("", () => this.toggle());
    this.uncoverButton.classList.add("w2s-primary");
    row.append(
      this.uncoverButton,
      button("Another draw", () => this.drawAgain(), "Other inputs get true labels; the students’ errors are covered"),
    );
    this.root.append(row);
  }

  createDrawings(panels) {
    panels.classList.add("w2s-chooser-panels");
    this.chart = new TeachersView(panels, this.spec, this.teachers, (i) => this.move(this.place.choice, i + 1));
    this.rules = new RulesView(panels, this.spec, this.grid.axes[this.place.true_labels]);
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
    const wanted = this.shown.slice();
    wanted[axis] = (wanted[axis] + 1) % this.grid.axes[axis].values.length;
    wanted[this.place.choice] = 0;
    this.cover();
    this.commit(wanted, "");
  }

  reset() {
    this.cover();
    super.reset();
  }

  // What Python computed for every teacher in this state.
  rows(indices) {
    return this.teachers.map((name, i) => {
      const where = indices.slice();
      where[this.place.choice] = i + 1;
      return { name, ...Object.fromEntries(FIELDS.map((field) => [field, this.grid.field(field, where)])) };
    });
  }

  paint(indices) {
    const rows = this.rows(indices);
    const smallest = (field) => rows.reduce((best, row) => (row[field] < best[field] ? row : best));
    const [best, rule, accurate] = ["err_student", "estimate", "estimated_error"].map(smallest);
    const uncovered = this.model.get("uncovered");
    const chosen = indices[this.place.choice] ? rows[indices[this.place.choice] - 1] : null;
    const words = { ...this.settings(indices), best: best.name, rule: rule.name, accurate: accurate.name };
    for (const [name, row] of [["best_error", best], ["rule_error", rule], ["accurate_error", accurate]]) {
      words[name] = formatError(row.err_student);
    }
    if (chosen) for (const field of FIELDS) words[field] = formatError(chosen[field]);
    let kind = chosen ? "chosen" : "open";
    if (uncovered) kind = chosen === null ? "nobody" : chosen === best ? "best" : "other";
    const blind = this.grid.axes[this.place.eps].values[indices[this.place.eps]] > 0;
    const why = uncovered ? (blind ? "blind" : "realizable") : "covered";
    this.sentence.textContent = fillTemplate(this.spec.chooser_sentences[kind], words);
    this.reason.textContent = fillTemplate(this.spec.chooser_reasons[why], words);
    this.uncoverButton.textContent = uncovered ? "Cover the students’ errors" : "Uncover the students’ errors";
    const first = this.model.get("first_choice");
    this.chart.draw(rows, { uncovered, chosen, best, first, sentence: this.sentence.textContent });
    this.rules.draw(indices[this.place.true_labels], indices[this.place.eps]);
    return this.sentence.textContent;
  }

  stateAsCode(indices) {
    const code = super.stateAsCode(indices);
    return this.model.get("uncovered") ? `${code.slice(0, -1)}, uncovered=True)` : code;
  }
}

function render({ model, el }) {
  const chooser = new TeacherChooser(model, el);
  return () => chooser.close();
}

export default { render };
