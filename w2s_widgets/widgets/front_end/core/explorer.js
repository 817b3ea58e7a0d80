// What every live drawing of the book has: presets, actions, words, a live region, and one redraw for each frame.
// An explorer of a table of states looks them up, with a control for each axis; an explorer of outcomes shows them
// in linked drawings.

import { AxisControl, button, leaveByEscape } from "./controls.js";
import { forgetFonts } from "./labels.js";
import { errorFormat, fillTemplate, formatFixed } from "../maths/numbers.js";
import { Grid, moved } from "../maths/outcome_grid.js";
import { composePicture, savePng, saveSvg } from "./save_picture.js";
import { html, show } from "./svg.js";

/** @import { Model, Outcome, OutcomeView, Spec, State, TableSpec, Words } from "../types.js" */

const ANNOUNCE_AFTER_MS = 500;
const SAID_MS = 3000;

/** @param {new (model: Model) => { open(el: HTMLElement): void, close(): void }} Kind */
export function widget(Kind) {
  return {
    /** @param {{ model: Model, el: HTMLElement }} page */
    render({ model, el }) {
      const live = new Kind(model);
      live.open(el);
      return () => live.close();
    },
  };
}

/**
 * A kind adds createControls(), createDrawings(panels), draw(), goTo(state), and the traits that it follows.
 * @template {Spec} S
 */
export class Explorer {
  /** @type {string[]} */ names = [];
  root = html("div", { class: "w2s-explorer", role: "group" });
  sentence = html("p", { class: "w2s-sentence" });
  reason = html("p", { class: "w2s-reason" });
  noteLine = html("p", { class: "w2s-note" });
  announcer = html("p", { class: "w2s-announcer", role: "status", "aria-live": "polite" });
  code = html("input", {
    type: "text",
    readonly: "",
    class: "w2s-code",
    "aria-label": "This state as code",
    "data-lm-suppress-shortcuts": "true",
  });
  // For the eye, beside the buttons: a screen reader hears the announcer.
  said = html("span", { class: "w2s-said", "aria-hidden": "true" });
  frame = 0;
  drawn = 0;
  saying = 0;
  announcing = 0;
  unsaid = "";
  announced = false;
  fontFamily = "";
  onChange = () => this.schedule();
  onFonts = () => {
    forgetFonts();
    // Nothing new to say.
    this.announced = false;
    this.schedule();
  };
  // Words are measured in the page's font, which is known once the drawing is on the page.
  watch = new ResizeObserver(() => {
    const { fontFamily } = getComputedStyle(this.root);
    if (fontFamily !== this.fontFamily) this.onFonts();
    this.fontFamily = fontFamily;
  });

  constructor(/** @type {Model} */ model) {
    this.model = model;
    /** @type {S} */ this.spec = model.get("_spec");
  }

  createControls() {}

  /** @param {HTMLElement} _panels */
  createDrawings(_panels) {}

  draw() {}

  /** @param {State} _state */
  goTo(_state) {}

  // Forget what earlier states left on the drawings.
  clear() {}

  open(/** @type {HTMLElement} */ el) {
    this.root.setAttribute("aria-label", this.spec.title);
    this.createControls();
    this.createPresets();
    this.createViews();
    this.createActions();
    // A handle for the browser's console and for tests.
    Object.assign(this.root, { w2sExplorer: this });
    leaveByEscape(this.root);
    el.append(this.root);
    for (const name of this.names) this.model.on(`change:${name}`, this.onChange);
    document.fonts.addEventListener("loadingdone", this.onFonts);
    this.fontFamily = getComputedStyle(this.root).fontFamily;
    this.watch.observe(this.root);
    this.draw();
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
    this.root.append(panels, this.sentence, this.reason, this.noteLine, this.announcer);
  }

  createActions() {
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Actions" });
    const name = this.spec.file_name;
    row.append(
      button("Reset", () => this.reset(), "Back to the state that was opened"),
      button("Copy as code", () => this.copyCode(), "The line of Python that opens this state"),
      button("Save SVG", () => {
        saveSvg(this.markup(), name);
        this.say(`Saved as ${name}.svg.`);
      }),
      button("Save PNG", () => (
        savePng(this.markup(), name).then(() => this.say(`Saved as ${name}.png.`), (error) => this.refuse(error.message))
      )),
      this.code,
      this.said,
    );
    this.root.append(row);
  }

  // All changes that arrive before the next frame are one redraw, of the newest state.
  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  // What the reader's own hand does is drawn at once, so that the very next frame shows it; more of it before
  // that frame waits for one redraw of the newest state.
  drawNow() {
    if (this.drawn) {
      this.schedule();
      return;
    }
    this.drawn = requestAnimationFrame(() => {
      this.drawn = 0;
    });
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.draw();
  }

  refuse(/** @type {string} */ sentence) {
    this.model.set("note", sentence);
    this.model.save_changes();
    this.schedule();
  }

  reset() {
    this.goTo(this.spec.initial);
    this.clear();
    this.draw();
  }

  // What stands below the drawings, and is said; the settings are those of the state as code.
  finish(/** @type {string[]} */ settings) {
    this.noteLine.textContent = this.model.get("note");
    this.code.value = `${this.spec.code}(${[...this.spec.code_arguments, ...settings].join(", ")})`;
    this.announce(`${this.sentence.textContent} ${this.noteLine.textContent}`);
  }

  // A screen reader hears the state where the reader stopped, not every step of a drag.
  announce(/** @type {string} */ words) {
    clearTimeout(this.announcing);
    if (!this.announced) {
      // Several explorers on a page must not all speak when it opens.
      this.announced = true;
      return;
    }
    this.unsaid = words;
    this.announcing = setTimeout(() => {
      this.announcer.textContent = words;
      this.unsaid = "";
    }, ANNOUNCE_AFTER_MS);
  }

  async copyCode() {
    this.code.select();
    try {
      await navigator.clipboard.writeText(this.code.value);
      this.say("Copied.");
    } catch {
      this.say("The code is selected: copy it with the keyboard.");
    }
  }

  // A state that still waits to be said is said first, and so neither drowns the other.
  say(/** @type {string} */ words) {
    clearTimeout(this.announcing);
    this.announcer.textContent = `${this.unsaid} ${words}`.trim();
    this.unsaid = "";
    this.said.textContent = words;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.said.textContent = ""; }, SAID_MS);
  }

  markup() {
    return composePicture(this.root, this.sentence.textContent ?? "");
  }

  close() {
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.drawn);
    clearTimeout(this.announcing);
    clearTimeout(this.saying);
    this.watch.disconnect();
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    for (const name of this.names) this.model.off(`change:${name}`, this.onChange);
    this.root.remove();
  }
}

/**
 * A kind adds createDrawings(panels) and paint(indices).
 * @template {TableSpec} S
 * @extends {Explorer<S>}
 */
export class TableExplorer extends Explorer {
  /** @type {AxisControl[]} */ controls = [];
  /** @type {number[]} */ shown = [];

  constructor(/** @type {Model} */ model) {
    super(model);
    this.grid = new Grid(this.spec, model.get("_table"), model.get("_codes"));
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

  /** @param {number[]} _indices */
  paint(_indices) {}

  indices() {
    /** @type {string[]} */ const notes = [];
    const wanted = this.grid.axes.map((axis, i) => {
      const { index, note } = this.grid.snap(axis, this.model.get(axis.name));
      if (note) notes.push(note);
      return index >= 0 ? index : (this.shown[i] ?? 0);
    });
    const { indices, note } = this.grid.possible(wanted);
    if (note) notes.push(note);
    return { indices, note: notes.join(" ") };
  }

  move(/** @type {number} */ axis, /** @type {number} */ index) {
    this.goToNearest(moved(this.shown, axis, index));
  }

  goTo(/** @type {State} */ state) {
    this.goToNearest(this.grid.axes.map((axis, i) => (
      axis.name in state ? this.grid.snap(axis, state[axis.name]).index : this.shown[i]
    )));
  }

  goToNearest(/** @type {number[]} */ wanted) {
    const { indices, note } = this.grid.possible(wanted);
    this.commit(indices, note);
  }

  commit(/** @type {number[]} */ indices, /** @type {string} */ note) {
    this.grid.axes.forEach((axis, i) => {
      this.model.set(axis.name, axis.values[indices[i]]);
    });
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
    this.controls.forEach((control, i) => {
      control.show(indices[i]);
    });
    this.paint(indices);
    this.finish(this.settingsAsCode(indices));
  }

  /** @param {number[]} indices @returns {Words} */
  settings(indices) {
    return Object.fromEntries(this.grid.axes.map((axis, i) => [axis.name, axis.words[indices[i]]]));
  }

  settingsAsCode(/** @type {number[]} */ indices) {
    return this.grid.axes.map((axis, i) => `${axis.name}=${JSON.stringify(axis.values[indices[i]])}`);
  }
}

/**
 * A kind sets its views in createDrawings(panels).
 * @template {TableSpec} S
 * @extends {TableExplorer<S>}
 */
export class OutcomeExplorer extends TableExplorer {
  /** @type {OutcomeView[]} */ views = [];

  paint(/** @type {number[]} */ indices) {
    const record = this.grid.record(indices);
    const numbers = this.numbers(record);
    const sentence = fillTemplate(this.spec.sentences[record.case], numbers);
    for (const view of this.views) view.draw(record, sentence, indices);
    this.sentence.textContent = sentence;
    this.reason.textContent = fillTemplate(record.reason, { ...numbers, ...this.settings(indices) });
  }

  numbers(/** @type {Outcome} */ record) {
    const write = errorFormat(record);
    /** @type {Words} */
    const words = { loss: write(-record.gain), angle: formatFixed(record.angle, 1) };
    for (const name of this.spec.fields) if (name !== "angle") words[name] = write(record[name]);
    return words;
  }
}
