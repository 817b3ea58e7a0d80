// What every explorer of a grid of states has: a control for each axis, and states that are looked up.
// A kind of explorer adds createDrawings(panels), paint(indices), which returns the sentence to announce, and clear().

import { AxisControl } from "./controls.js";
import { html, show } from "./svg.js";
import { Frame } from "./frame.js";
import { Grid } from "./outcome_grid.js";

export class ExplorerFrame extends Frame {
  prepare() {
    this.grid = new Grid(this.spec, this.model.get("_table"), this.model.get("_codes"));
    this.names = [...this.grid.axes.map((axis) => axis.name), "note"];
  }

  createControls() {
    const row = html("div", { class: "w2s-controls" });
    this.controls = this.grid.axes.map((axis, i) => {
      const control = new AxisControl(
        row, axis, this.grid, (index) => this.move(i, index), (sentence) => this.refuse(sentence),
      );
      show(control.node, axis.shown);
      return control;
    });
    this.root.append(row);
  }

  indices() {
    const notes = [];
    const wanted = this.grid.axes.map((axis, i) => {
      const { index, note } = this.grid.snap(axis, this.model.get(axis.name));
      if (note) notes.push(note);
      return index >= 0 ? index : (this.shown?.[i] ?? 0);
    });
    const { indices, note } = this.grid.possible(wanted);
    if (note) notes.push(note);
    return { indices, note: notes.join(" ") };
  }

  move(axis, index) {
    const wanted = this.shown.slice();
    wanted[axis] = index;
    const { indices, note } = this.grid.possible(wanted);
    this.commit(indices, note);
  }

  goTo(state) {
    const wanted = this.grid.axes.map((axis, i) => (axis.name in state ? this.grid.snap(axis, state[axis.name]).index : this.shown[i]));
    const { indices, note } = this.grid.possible(wanted);
    this.commit(indices, note);
  }

  commit(indices, note) {
    this.grid.axes.forEach((axis, i) => this.model.set(axis.name, axis.values[indices[i]]));
    this.model.set("note", note);
    this.model.save_changes();
    // A refused or corrected setting may leave the model as it was: the controls still have to show it.
    this.drawNow();
  }

  draw() {
    const { indices, note } = this.indices();
    const same = this.grid.axes.every((axis, i) => this.model.get(axis.name) === axis.values[indices[i]]);
    this.shown = indices;
    if (!same) {
      this.commit(indices, note);
      return;
    }
    this.controls.forEach((control, i) => control.show(indices[i]));
    const sentence = this.paint(indices);
    this.noteLine.textContent = this.model.get("note");
    this.code.value = this.stateAsCode(indices);
    this.announce(`${sentence} ${this.noteLine.textContent}`);
  }

  settings(indices) {
    return Object.fromEntries(this.grid.axes.map((axis, i) => [axis.name, axis.words[indices[i]]]));
  }

  stateAsCode(indices) {
    const settings = this.grid.axes.map((axis, i) => {
      const value = axis.values[indices[i]];
      return `${axis.name}=${axis.choice ? JSON.stringify(value) : String(value)}`;
    });
    return `${this.spec.code}(${[...this.spec.code_arguments, ...settings].join(", ")})`;
  }
}
