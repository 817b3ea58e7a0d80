// Misfit and gain for every capacity of the student, over the slider that sets it.

import { scale, tickBeside } from "../core/axes.js";
import { label, write } from "../core/labels.js";
import { coordinate, errorFormat } from "../maths/numbers.js";
import { PixelPicture } from "../core/pixel_picture.js";
import { set, svg, uniqueId } from "../core/svg.js";

/** @import { CurveSpec, Fitted } from "../types.js" */

const HEIGHT = 190;
/** @type {[number, number]} */ const RANGE = [-0.5, 1.2];
// The slider below begins and ends half a thumb before its first and last place.
export const THUMB = 8;
export const ROOM = { left: 34, right: 74 };
const LINES = /** @type {const} */ (["misfit", "gain"]);

export class CapacityView {
  /** @type {{ fitted: Fitted, capacity: number, sentence: string } | null} */ shown = null;
  x = scale([1, 30], 0, 1);
  y = scale(RANGE, 1, 0);

  /** @param {Element} parent @param {CurveSpec} spec */
  constructor(parent, spec) {
    this.spec = spec;
    this.frame = new PixelPicture(parent, "Misfit and gain, by capacity", () => HEIGHT, () => this.layout());
    const { figure, picture } = this.frame;
    figure.classList.add("w2s-capacity");
    const id = uniqueId("clip");
    this.clip = svg("rect", {}, svg("clipPath", { id }, picture));
    this.grid = svg("g", {}, picture);
    this.now = svg("line", { class: "w2s-now" }, picture);
    const content = svg("g", { "clip-path": `url(#${id})` }, picture);
    this.between = svg("path", { class: "w2s-lost-area" }, content);
    this.lines = LINES.map((role) => svg("path", { class: `w2s-curve w2s-line-${role}` }, content));
    this.dots = LINES.map((role) => svg("circle", { r: 4.5, class: `w2s-marker w2s-fill-${role}` }, content));
    this.names = LINES.map((role) => write(picture, role, { x: 0, y: 0 }, `w2s-ink-${role}`, "start"));
    this.held = label(picture, "w2s-quiet", "start");
  }

  layout() {
    const { width } = this.frame;
    const [left, right, top, bottom] = [ROOM.left, width - ROOM.right, 30, HEIGHT - 6];
    const { waves, truth_waves } = this.spec;
    this.x = scale([1, waves], left, right);
    this.y = scale(RANGE, bottom, top);
    set(this.clip, { x: left - 6, y: top, width: right - left + 12, height: bottom - top });
    this.grid.replaceChildren();
    const start = this.x(truth_waves);
    svg("rect", { x: start, y: top, width: right - start, height: bottom - top, class: "w2s-held" }, this.grid);
    svg("line", { x1: left, x2: right, y1: this.y(0), y2: this.y(0), class: "w2s-ground" }, this.grid);
    for (const value of [0, 0.5, 1]) tickBeside(this.grid, left, this.y(value), value ? coordinate(value).replace(/0$/, "") : "0");
    set(this.now, { y1: top, y2: bottom });
    set(this.held, { x: start, y: 24 });
    this.held.textContent = `${truth_waves} waves hold the truth`;
    if (this.shown) this.draw(this.shown.fitted, this.shown.capacity, this.shown.sentence);
  }

  /** @param {Fitted} fitted @param {number} capacity @param {string} sentence */
  draw(fitted, capacity, sentence) {
    this.shown = { fitted, capacity, sentence };
    if (!this.frame.width) return;
    const { misfits, gains } = fitted;
    const at = (/** @type {number[]} */ values) => values.map((value, k) => `${this.x(k + 1).toFixed(1)},${this.y(value).toFixed(1)}`);
    const paths = [at(misfits), at(gains)];
    paths.forEach((points, i) => {
      this.lines[i].setAttribute("d", `M${points.join("L")}`);
    });
    this.between.setAttribute("d", `M${[...paths[0], ...paths[1].reverse()].join("L")}Z`);
    const x = this.x(capacity).toFixed(1);
    set(this.now, { x1: x, x2: x });
    [misfits, gains].forEach((values, i) => {
      set(this.dots[i], { cx: x, cy: this.y(values[capacity - 1]).toFixed(1) });
    });
    const end = this.frame.width - ROOM.right + 8;
    const [last] = misfits.slice(-1);
    // Both lines end in one point, since the largest class holds the truth.
    const middle = Math.min(this.y(0) + 2, this.y(last) + 4);
    this.names.forEach((name, i) => {
      set(name, { x: end, y: (middle + (i ? 9 : -8)).toFixed(1) });
    });
    const write = errorFormat(fitted);
    this.frame.description.textContent =
      `Misfit and gain of students with 1 to ${misfits.length} waves; with ${capacity} they are ` +
      `${write(misfits[capacity - 1])} and ${write(gains[capacity - 1])}. ${sentence}`;
  }

  close() {
    this.frame.close();
  }
}
