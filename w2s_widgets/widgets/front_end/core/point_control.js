// Two labelled numbers for the place of a point in the plane.

import { icon, marker } from "./markers.js";
import { coordinate, formatFixed, readNumber } from "../maths/numbers.js";
import { html, uniqueId } from "./svg.js";

/** @import { Point } from "../types.js" */
/** @typedef {"truth" | "teacher"} Handle */
/** @typedef {keyof Point} Way */

const WAYS = { x: "across", y: "up" };
export const STEP = 0.1;
export const SMALL_STEP = 0.01;

export class PointControl {
  place = { x: 0, y: 0 };

  /**
   * @param {Element} parent @param {Handle} role @param {Point} reach
   * @param {(x: number, y: number) => void} onMove after the reader gave a number or pressed an arrow
   * @param {(sentence: string) => void} onRefuse when it is none in range
   */
  constructor(parent, role, reach, onMove, onRefuse) {
    this.role = role;
    this.reach = reach;
    this.onMove = onMove;
    this.onRefuse = onRefuse;
    const name = role[0].toUpperCase() + role.slice(1);
    const picture = icon("w2s-role-mark", 15);
    marker(role, picture);
    const heading = html("span", { class: "w2s-control-name" }, picture, name);
    const inputs = html("div", { class: "w2s-inputs" });
    this.inputs = /** @type {Way[]} */ (["x", "y"]).map((axis) => this.createInput(inputs, name, axis));
    this.node = html("div", { class: "w2s-control", role: "group", "aria-label": name }, heading, inputs);
    parent.append(this.node);
  }

  /** @param {Element} parent @param {string} name @param {Way} axis */
  createInput(parent, name, axis) {
    const id = uniqueId("coordinate");
    const input = html("input", {
      id,
      type: "text",
      inputmode: "decimal",
      role: "spinbutton",
      "aria-label": `${name}, ${WAYS[axis]}`,
      "aria-valuemin": String(-this.reach[axis]),
      "aria-valuemax": String(this.reach[axis]),
      autocomplete: "off",
      class: "w2s-number",
      "data-lm-suppress-shortcuts": "true",
    });
    input.addEventListener("change", () => this.take(input, name, axis));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.take(input, name, axis);
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      const way = event.key === "ArrowUp" ? 1 : -1;
      event.preventDefault();
      this.go(axis, this.place[axis] + way * (event.shiftKey ? SMALL_STEP : STEP));
    });
    parent.append(html("label", { for: id, class: "w2s-way" }, WAYS[axis]), input);
    return { axis, input };
  }

  /** @param {HTMLInputElement} input @param {string} name @param {Way} axis */
  take(input, name, axis) {
    const text = input.value.trim();
    const value = readNumber(text);
    const reach = this.reach[axis];
    if (!(Math.abs(value) <= reach)) {
      this.show(this.place.x, this.place.y);
      this.onRefuse(`${name}, ${WAYS[axis]}, cannot be “${text}”: give a number from ` +
        `${formatFixed(-reach, 1)} to ${formatFixed(reach, 1)}.`);
      return;
    }
    // A number left as it was moves nothing, and wipes no note.
    if (value !== readNumber(coordinate(this.place[axis]))) this.go(axis, value);
  }

  go(/** @type {Way} */ axis, /** @type {number} */ value) {
    const place = { ...this.place, [axis]: value };
    this.onMove(place.x, place.y);
  }

  show(/** @type {number} */ x, /** @type {number} */ y) {
    this.place = { x, y };
    for (const { axis, input } of this.inputs) {
      input.value = coordinate(this.place[axis]);
      input.setAttribute("aria-valuenow", String(this.place[axis]));
    }
  }
}
