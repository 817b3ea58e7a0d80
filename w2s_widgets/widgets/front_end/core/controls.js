// Native labelled controls: a range with a number beside it for each slider, a select for each choice.

import { html, uniqueId } from "./svg.js";

/** @import { Axis, ChoiceAxis, NumberAxis } from "../types.js" */
/** @import { Grid } from "../maths/outcome_grid.js" */

// JupyterLab takes the arrow keys away from every focused element that does not carry this itself.
export const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

/** @param {string} words @param {() => void} onClick @param {string} explain */
export function button(words, onClick, explain = "") {
  const node = html("button", { type: "button", class: "w2s-button", ...OWN_KEYS }, words);
  if (explain) node.title = explain;
  node.addEventListener("click", onClick);
  return node;
}

export class AxisControl {
  /** @type {HTMLInputElement | null} */ number = null;
  index = 0;

  /**
   * @param {HTMLElement} parent @param {Axis} axis @param {Pick<Grid, "snap"> | null} grid
   * @param {(index: number) => void} onMove after the reader moved the control
   * @param {(sentence: string) => void} onRefuse when the input is no number in range
   */
  constructor(parent, axis, grid, onMove, onRefuse) {
    this.axis = axis;
    this.grid = grid;
    this.onMove = onMove;
    this.onRefuse = onRefuse;
    const id = uniqueId("control");
    const name = html("label", { for: id, class: "w2s-control-name" }, axis.label);
    const explain = html("span", { id: `${id}-explain`, class: "w2s-control-explain" }, axis.explain);
    const inputs = html("div", { class: "w2s-inputs" });
    this.main = axis.choice ? this.createChoice(axis, id) : this.createSlider(axis, id);
    inputs.append(this.main, ...(this.number ? [this.number] : []));
    this.node = html("div", { class: "w2s-control", "data-axis": axis.name }, name, inputs, explain);
    if (axis.explain) this.main.setAttribute("aria-describedby", `${id}-explain`);
    parent.append(this.node);
  }

  createChoice(/** @type {ChoiceAxis} */ axis, /** @type {string} */ id) {
    const options = axis.values.map((value, i) => html("option", { value: i }, value));
    const main = html("select", { id, class: "w2s-select", ...OWN_KEYS }, ...options);
    main.addEventListener("change", () => this.onMove(Number(main.value)));
    return main;
  }

  createSlider(/** @type {NumberAxis} */ axis, /** @type {string} */ id) {
    const last = axis.values.length - 1;
    const main = html("input", { id, type: "range", min: 0, max: last, step: 1, class: "w2s-range", ...OWN_KEYS });
    const number = html("input", {
      type: "text",
      inputmode: "decimal",
      role: "spinbutton",
      "aria-label": `${axis.label}, as a number`,
      "aria-valuemin": axis.values[0],
      "aria-valuemax": axis.values[last],
      autocomplete: "off",
      class: "w2s-number",
      ...OWN_KEYS,
    });
    main.addEventListener("input", () => this.onMove(Number(main.value)));
    number.addEventListener("change", () => this.take(number.value));
    number.addEventListener("keydown", (event) => {
      const leaps = { ArrowUp: 1, ArrowDown: -1, PageUp: Math.ceil(last / 10), PageDown: -Math.ceil(last / 10) };
      const leap = leaps[/** @type {keyof typeof leaps} */ (event.key)];
      if (event.key === "Enter") this.take(number.value);
      if (leap === undefined) return;
      event.preventDefault();
      this.onMove(Math.min(last, Math.max(0, this.index + leap)));
    });
    this.number = number;
    return main;
  }

  take(/** @type {string} */ text) {
    if (!this.grid) return;
    const trimmed = text.trim().replace(",", ".").replace("\u2212", "-");
    const { index, note } = this.grid.snap(this.axis, trimmed);
    if (note) {
      this.show(this.index);
      this.onRefuse(`${this.axis.label} cannot be “${text.trim()}”: give a number from ` +
        `${this.axis.words[0]} to ${this.axis.words[this.axis.words.length - 1]}.`);
      return;
    }
    this.onMove(index);
    this.show(index);
  }

  show(/** @type {number} */ index) {
    this.index = index;
    this.main.value = String(index);
    if (!this.number) return;
    const words = this.axis.words[index];
    this.main.setAttribute("aria-valuetext", words);
    this.number.value = words;
    this.number.setAttribute("aria-valuenow", String(this.axis.values[index]));
  }
}

// The way back by keyboard: a widget keeps the keys of its controls to itself, and Escape leads out of it. In
// JupyterLab the cell around the widget takes the focus, so that the notebook's own keys work again.
export function leaveByEscape(/** @type {HTMLElement} */ root) {
  root.addEventListener("keydown", (event) => {
    /** @type {HTMLElement | null} */ const cell = root.closest(".jp-Cell");
    if (event.key !== "Escape" || event.defaultPrevented || !cell) return;
    event.preventDefault();
    event.stopPropagation();
    cell.focus();
  });
}
