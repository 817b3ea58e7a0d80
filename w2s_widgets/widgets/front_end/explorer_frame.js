// What every explorer of a grid of states has: controls, presets, actions, words, and one redraw for each frame.
// A kind of explorer adds createDrawings(panels), paint(indices), which returns the sentence to announce, and clear().

import { AxisControl, button } from "./controls.js";
import { html, show } from "./drawing.js";
import { Grid } from "./grid.js";
import { composePicture, savePng, saveSvg } from "./save_picture.js";

const ANNOUNCE_AFTER_MS = 500;

export class ExplorerFrame {
  constructor(model, el) {
    this.model = model;
    this.spec = model.get("_spec");
    this.grid = new Grid(this.spec, model.get("_table"), model.get("_codes"));
    this.note = "";
    this.root = html("div", { class: "w2s-explorer", role: "group", "aria-label": this.spec.title });
    this.createControls();
    this.createPresets();
    this.createViews();
    this.createActions();
    // A handle for the browser's console and for tests.
    this.root.w2sExplorer = this;
    el.append(this.root);
    this.listen();
    this.draw();
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

  createPresets() {
    if (!this.spec.presets.length) return;
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Presets" });
    for (const preset of this.spec.presets) {
      row.append(button(preset.name, () => this.goTo(preset.state), preset.explain));
    }
    this.root.append(row);
  }

  createViews() {
    const panels = html("div", { class: "w2s-panels" });
    this.createDrawings(panels);
    this.sentence = html("p", { class: "w2s-sentence" });
    this.reason = html("p", { class: "w2s-reason" });
    this.noteLine = html("p", { class: "w2s-note" });
    this.announcer = html("p", { class: "w2s-announcer", role: "status", "aria-live": "polite" });
    this.root.append(panels, this.sentence, this.reason, this.noteLine, this.announcer);
  }

  createActions() {
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Actions" });
    row.append(
      button("Reset", () => this.reset(), "Back to the first state, with an empty trail"),
      button("Copy as code", () => this.copyCode(), "The line of Python that opens this state"),
      button("Save SVG", () => saveSvg(this.markup(), this.spec.file_name)),
      button("Save PNG", () => savePng(this.markup(), this.spec.file_name).catch((error) => this.refuse(error.message))),
    );
    this.code = html("input", {
      type: "text",
      readonly: "",
      class: "w2s-code",
      "aria-label": "This state as code",
      "data-lm-suppress-shortcuts": "true",
    });
    row.append(this.code);
    this.root.append(row);
  }

  listen() {
    this.onChange = () => this.schedule();
    this.names = [...this.grid.axes.map((axis) => axis.name), "note"];
    for (const name of this.names) this.model.on(`change:${name}`, this.onChange);
  }

  // Forget what earlier states left on the drawings.
  clear() {}

  // All changes that arrive before the next frame are one redraw, of the newest state.
  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
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
    this.schedule();
  }

  refuse(sentence) {
    this.model.set("note", sentence);
    this.model.save_changes();
    this.schedule();
  }

  reset() {
    this.goTo(this.spec.initial);
    this.clear();
    this.draw();
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

  // A screen reader hears the state where the reader stopped, not every step of a drag.
  announce(words) {
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => { this.announcer.textContent = words; }, ANNOUNCE_AFTER_MS);
  }

  stateAsCode(indices) {
    const settings = this.grid.axes.map((axis, i) => {
      const value = axis.values[indices[i]];
      return `${axis.name}=${axis.choice ? JSON.stringify(value) : String(value)}`;
    });
    return `${this.spec.code}(${[...this.spec.code_arguments, ...settings].join(", ")})`;
  }

  async copyCode() {
    this.code.select();
    try {
      await navigator.clipboard.writeText(this.code.value);
      this.announcer.textContent = "Copied.";
    } catch {
      this.announcer.textContent = "The code is selected: copy it with the keyboard.";
    }
  }

  markup() {
    return composePicture(this.root, this.sentence.textContent);
  }

  close() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.announcing);
    for (const name of this.names) this.model.off(`change:${name}`, this.onChange);
    this.root.remove();
  }
}
