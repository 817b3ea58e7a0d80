// The curves: err_student and misfit over the number of inputs, median and 5 to 95 %, on logarithmic axes.

import { LogAxes } from "../core/axes.js";
import { centre, label, obstacle, separate, textWidth, write } from "../core/labels.js";
import { formatError } from "../maths/numbers.js";
import { createPicture, moveTo, set, svg } from "../core/svg.js";

/** @import { Outcome, Range } from "../types.js" */
/** @import { Samples } from "../maths/sample_data.js" */

const WIDTH = 340;
const HEIGHT = 300;
const BOX = { left: 50, right: 328, top: 12, bottom: 260 };
/** @type {Range} */ const ERRORS = [0.03, 1000];
const CURVES = [
  { name: "err_student", words: "student’s error", role: "student" },
  { name: "misfit", words: "misfit", role: "misfit" },
];

export class SampleCurvesView {
  setting = -1;

  constructor(/** @type {Element} */ parent, /** @type {Samples} */ samples) {
    this.samples = samples;
    const { picture, description } = createPicture(parent, "The curves: median and 5 to 95 %", WIDTH, HEIGHT);
    this.description = description;
    const { sizes } = samples;
    this.axes = new LogAxes(picture, BOX, [sizes[0], sizes[sizes.length - 1]], ERRORS);
    const { content } = this.axes;
    this.spike = svg("line", { y1: BOX.top, y2: BOX.bottom, class: "w2s-zero" }, content);
    this.teacher = svg("line", { x1: BOX.left, x2: BOX.right, class: "w2s-level w2s-stroke-teacher" }, content);
    this.now = svg("line", { y1: BOX.top, y2: BOX.bottom, class: "w2s-now" }, content);
    this.curves = CURVES.map(({ name, role }) => ({
      name,
      curve: samples.curve(name, samples.grid.axes.map(() => 0)),
      band: svg("path", { class: `w2s-band w2s-fill-${role}` }, content),
      limit: svg("line", { x1: BOX.left, x2: BOX.right, class: `w2s-level w2s-line-${role}` }, content),
      line: svg("path", { class: `w2s-curve w2s-line-${role}` }, content),
      dot: svg("circle", { r: 4, class: `w2s-marker w2s-fill-${role}` }, content),
    }));
    this.axes.ticks([1, 2, 3], [-1, 0, 1, 2, 3], picture);
    write(picture, "n, the number of inputs", { x: (BOX.left + BOX.right) / 2, y: HEIGHT - 6 });
    this.texts = [...CURVES.map(({ role }) => label(picture, `w2s-ink-${role}`)), label(picture, "w2s-ink-teacher")];
    this.spikeText = label(picture, "w2s-quiet", "start");
  }

  draw(/** @type {Outcome} */ record, /** @type {number[]} */ indices) {
    const setting = this.samples.setting(indices);
    if (setting !== this.setting) this.drawSetting(indices);
    this.setting = setting;
    this.nameCurves(this.samples.population(indices));
    const i = indices[this.samples.sizeAxis];
    const n = this.samples.sizes[i];
    const x = this.axes.x(n).toFixed(1);
    set(this.now, { x1: x, x2: x });
    for (const { curve, dot } of this.curves) moveTo(dot, Number(x), this.axes.y(curve.mid[i]));
    const words = this.curves.map(({ name, curve }) =>
      `${name} ${formatError(curve.mid[i])}, 5 to 95 % ${formatError(curve.low[i])} to ${formatError(curve.high[i])}`);
    this.description.textContent =
      `Median over ${this.samples.repetitions} students with ${n} inputs: ${words.join("; ")}. ` +
      `The teacher's error is ${formatError(record.err_weak)}. At n = ${this.samples.capacity(indices)}, the dimension, ` +
      "a student with nothing to hold it back has its largest errors.";
  }

  drawSetting(/** @type {number[]} */ indices) {
    const { sizes } = this.samples;
    const population = this.samples.population(indices);
    for (const drawn of this.curves) {
      drawn.curve = this.samples.curve(drawn.name, indices);
      drawn.band.setAttribute("d", this.axes.band(sizes, drawn.curve.low, drawn.curve.high));
      drawn.line.setAttribute("d", this.axes.path(sizes, drawn.curve.mid));
      const y = this.axes.y(population[drawn.name]).toFixed(1);
      set(drawn.limit, { y1: y, y2: y });
    }
    const teacher = this.axes.y(population.err_weak).toFixed(1);
    set(this.teacher, { y1: teacher, y2: teacher });
    const capacity = this.samples.capacity(indices);
    const spike = this.axes.x(capacity).toFixed(1);
    set(this.spike, { x1: spike, x2: spike });
    this.spikeText.textContent = `n = dimension, ${capacity}`;
    set(this.spikeText, { x: (Number(spike) + 6).toFixed(1), y: BOX.top + 12 });
  }

  // Each name at the right end of its line, pushed apart where lines come together.
  nameCurves(/** @type {Outcome} */ population) {
    const last = this.samples.sizes.length - 1;
    const ends = [
      ...this.curves.map(({ curve }, i) => ({ words: CURVES[i].words, value: curve.mid[last] })),
      { words: "teacher’s error", value: population.err_weak },
    ];
    const widths = ends.map(({ words }, i) => textWidth(this.texts[i], words));
    const widest = Math.max(...widths);
    const heights = ends.map(({ value }) => Math.min(BOX.bottom - 8, this.axes.y(value)));
    // The lines themselves are in the way of their names: a name is pushed off all of them.
    const lines = heights.map((y) => obstacle({ x: BOX.right - widest / 2, y }, widest, 4));
    const boxes = widths.map((width, i) => {
      const above = heights[i] <= Math.min(...heights) + 1 && i === 2;
      return { x: BOX.right - 4 - width / 2, y: heights[i] + (above ? -11 : 11 + i), width, height: 15, fixed: false };
    });
    const spike = textWidth(this.spikeText);
    const from = Number(this.spikeText.getAttribute("x"));
    lines.push(obstacle({ x: from + spike / 2, y: BOX.top + 8 }, spike));
    separate([...lines, ...boxes], { left: BOX.left, right: BOX.right, top: BOX.top, bottom: BOX.bottom - 2 });
    boxes.forEach((box, i) => {
      this.texts[i].textContent = ends[i].words;
      centre(this.texts[i], box);
    });
  }
}
