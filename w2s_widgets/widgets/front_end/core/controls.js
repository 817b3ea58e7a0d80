// Native labelled controls: a range with a number beside it for each slider, a select for each choice.

import { html, uniqueId } from "./svg.js";

// JupyterLab takes the arrow keys away from every focused element that does not carry this itself.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

export function button(words, onClick, explain = "") {
  const node = html("button", { type: "button", class: "w2s-button", ...OWN_KEYS }, words);
  if (explain) node.title = explain;
  node.addEventListener("click", onClick);
  return node;
}

export class AxisControl {
  // onMove(index) after the reader moved the control, onRefuse(sentence) when the input is no number in range.
  constructor(parent, axis, grid, onMove, onRefuse) {
    this.axis = axis;
    this.grid = grid;
    this.onMove = onMove;
    this.onRefuse = onRefuse;
    const id = uniqueId("control");
    const name = html("label", { for: id, class: "w2s-control-name" }, axis.label);
    const explain = html("span", { id: `${id}-explain`, class: "w2s-control-explain" }, axis.explain);
    const inputs = axis.choice ? this.createChoice(id) : this.createSlider(id);
    this.node = html("div", { class: "w2s-control", "data-axis": axis.name }, name, inputs, explain);
    if (axis.explain) this.main.setAttribute("aria-describedby", `${id}-explain`);
    parent.append(this.node);
  }

  createChoice(id) {
    this.main = html("select", { id, class: "w2s-select", ...OWN_KEYS });
    this.axis.values.forEach((value, i) => {
      this.main.append(html("option", { value: String(i) }, value));
    });
    this.main.addEventListener("change", () => this.onMove(Number(this.main.value)));
    return html("div", { class: "w2s-inputs" }, this.main);
  }

  createSlider(id) {
    const last = this.axis.values.length - 1;
    this.main = html("input", { id, type: "range", min: "0", max: String(last), step: "1", class: "w2s-range", ...OWN_KEYS });
    this.number = html("input", {
      type: "text",
      inputmode: "decimal",
      role: "spinbutton",
      "aria-label": `${this.axis.label}, as a number`,
      "aria-valuemin": String(this.axis.values[0]),
      "aria-valuemax": String(this.axis.values[last]),
      autocomplete: "off",
      class: "w2s-number",
      ...OWN_KEYS,
    });
    this.main.addEventListener("input", () => this.onMove(Number(this.main.value)));
    this.number.addEventListener("change", () => this.take(this.number.value));
    this.number.addEventListener("keydown", (event) => this.step(event, last));
    return html("div", { class: "w2s-inputs" }, this.main, this.number);
  }

  take(text) {
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

  step(event, last) {
    const leaps = { ArrowUp: 1, ArrowDown: -1, PageUp: Math.ceil(last / 10), PageDown: -Math.ceil(last / 10) };
    if (event.key === "Enter") this.take(this.number.value);
    if (!(event.key in leaps)) return;
    event.preventDefault();
    this.onMove(Math.min(last, Math.max(0, this.index + leaps[event.key])));
  }

  show(index) {
    this.index = index;
    if (this.axis.choice) {
      this.main.value = String(index);
      return;
    }
    const words = this.axis.words[index];
    this.main.value = String(index);
    this.main.setAttribute("aria-valuetext", words);
    this.number.value = words;
    this.number.setAttribute("aria-valuenow", String(this.axis.values[index]));
  }
}
