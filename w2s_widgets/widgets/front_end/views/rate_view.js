// The rate: how far each number is from its population value over n, with the line whose slope is read off.

import { LogAxes } from "../core/axes.js";
import { label, write } from "../core/labels.js";
import { formatError, formatFixed } from "../maths/numbers.js";
import { createPicture, set, show, svg } from "../core/svg.js";

/** @import { Line, Outcome, Range } from "../types.js" */
/** @import { Samples } from "../maths/sample_data.js" */

const WIDTH = 340;
const HEIGHT = 300;
/** @type {Range} */ const DISTANCES = [1e-4, 1000];
const CELLS = [
  { name: "err_student", of: "err_student", words: "student’s error", role: "student" },
  { name: "misfit", of: "misfit", words: "misfit", role: "misfit" },
  // The teacher's error is the same in every repetition.
  { name: "gain", of: "err_student", words: "gain", role: "gain" },
  { name: "slack", of: "slack", words: "slack", role: "slack" },
];

export class RateView {
  setting = -1;

  constructor(/** @type {Element} */ parent, /** @type {Samples} */ samples) {
    this.samples = samples;
    const { picture, description } = createPicture(parent, "The rate: how fast the distance shrinks", WIDTH, HEIGHT);
    this.description = description;
    const { sizes } = samples;
    this.cells = CELLS.map((cell, i) => {
      const left = i % 2 ? 200 : 46;
      const top = i < 2 ? 24 : 162;
      const box = { left, right: left + 132, top, bottom: top + 90 };
      const axes = new LogAxes(picture, box, [sizes[0], sizes[sizes.length - 1]], DISTANCES);
      axes.ticks([1, 2, 3], i % 2 ? [] : [-4, -2, 0, 2], picture);
      write(picture, cell.words, { x: left, y: top - 8 }, `w2s-ink-${cell.role}`, "start");
      const text = label(picture, "w2s-slope-text", "end");
      set(text, { x: box.right, y: top + 12 });
      return {
        axes,
        text,
        distance: samples.curve(`${cell.of}_distance`, samples.grid.axes.map(() => 0)),
        now: svg("line", { y1: box.top, y2: box.bottom, class: "w2s-now" }, axes.content),
        band: svg("path", { class: `w2s-band w2s-fill-${cell.role}` }, axes.content),
        curve: svg("path", { class: `w2s-curve w2s-line-${cell.role}` }, axes.content),
        slope: svg("line", { class: "w2s-slope" }, axes.content),
      };
    });
    write(picture, "distance from the population value, over n", { x: WIDTH / 2 + 17, y: HEIGHT - 6 });
  }

  draw(/** @type {Outcome} */ _record, /** @type {number[]} */ indices) {
    const setting = this.samples.setting(indices);
    if (setting !== this.setting) this.drawSetting(indices);
    this.setting = setting;
    const i = indices[this.samples.sizeAxis];
    const x = this.cells[0].axes.x(this.samples.sizes[i]) - this.cells[0].axes.box.left;
    const words = this.cells.map(({ axes, now, distance, text }, c) => {
      const at = (axes.box.left + x).toFixed(1);
      set(now, { x1: at, x2: at });
      return `${CELLS[c].name} ${formatError(distance.mid[i])}, ${text.textContent}`;
    });
    this.description.textContent =
      `Median distance from the population value with ${this.samples.sizes[i]} inputs, and the slope of its line: ${words.join("; ")}.`;
  }

  drawSetting(/** @type {number[]} */ indices) {
    const { sizes } = this.samples;
    this.cells.forEach((cell, c) => {
      const { of } = CELLS[c];
      const { axes } = cell;
      cell.distance = this.samples.curve(`${of}_distance`, indices);
      cell.band.setAttribute("d", axes.band(sizes, cell.distance.low, cell.distance.high));
      cell.curve.setAttribute("d", axes.path(sizes, cell.distance.mid));
      const line = this.samples.line(of, indices);
      show(cell.slope, line !== null);
      cell.text.textContent = slopeWords(line);
      if (!line) return;
      const [[x1, y1], [x2, y2]] = [line.from, line.to].map(([n, value]) => [axes.x(n), axes.y(value)]);
      set(cell.slope, { x1: x1.toFixed(1), y1: y1.toFixed(1), x2: x2.toFixed(1), y2: y2.toFixed(1) });
    });
  }
}

function slopeWords(/** @type {Line | null} */ line) {
  return line ? `slope ${formatFixed(line.slope, 2)}` : "distance 0";
}
