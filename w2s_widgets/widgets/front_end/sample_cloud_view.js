// The cloud: gain against misfit of every repetition, the middle one, and the population value.

import { createPicture, drawAxes, label, marker, moveTo, scale, separate, set, show, svg, textWidth } from "./drawing.js";
import { formatError } from "./format.js";

const WIDTH = 340;
const HEIGHT = 300;
const FRAME = { left: 52, right: 12, top: 12, bottom: 40 };

export class SampleCloudView {
  constructor(parent, samples) {
    this.samples = samples;
    const { picture, description } = createPicture(parent, `The cloud: ${samples.repetitions} students`, WIDTH, HEIGHT);
    this.description = description;
    const { x, y } = samples.spec.cloud;
    this.x = scale(x[0], x[1], FRAME.left, WIDTH - FRAME.right);
    this.y = scale(y[0], y[1], HEIGHT - FRAME.bottom, FRAME.top);
    this.drawFrame(picture, x, y);
    this.dots = Array.from({ length: samples.repetitions }, () => svg("circle", { r: 2.6, class: "w2s-dot" }, picture));
    this.beyond = this.dots.map(() => false);
    this.middle = marker("student", picture);
    this.population = marker("state", picture);
    this.populationText = label(picture, "w2s-name");
    this.middleText = label(picture, "w2s-ink-student");
    this.beyondText = label(picture, "w2s-quiet", "start");
    set(this.beyondText, { x: this.x(x[0]) + 8, y: HEIGHT - FRAME.bottom - 9 });
  }

  drawFrame(picture, x, y) {
    const corner = (mx, my) => `${this.x(mx).toFixed(1)},${this.y(my).toFixed(1)}`;
    const region = [[x[0], x[0]], [y[1], y[1]], [x[0], y[1]]];
    svg("path", { d: `M${region.map(([a, b]) => corner(a, b)).join("L")}Z`, class: "w2s-allowed" }, picture);
    drawAxes(picture, this.x, this.y, { x, y });
    svg("path", { d: `M${corner(x[0], 0)}L${corner(x[1], 0)}`, class: "w2s-zero" }, picture);
    svg("path", { d: `M${corner(x[0], x[0])}L${corner(y[1], y[1])}`, class: "w2s-diagonal" }, picture);
    this.diagonal = label(picture, "w2s-quiet", "start");
    this.diagonal.textContent = "gain = misfit";
    set(this.diagonal, { x: this.x(y[1]) + 6, y: this.y(y[1]) + 10 });
  }

  draw(record, indices) {
    const dots = this.samples.dots(indices);
    let beyond = 0;
    dots.forEach((dot, i) => {
      beyond += dot.beyond;
      set(this.dots[i], { cx: this.x(dot.misfit).toFixed(1), cy: this.y(dot.gain).toFixed(1) });
      // Only where it changes: each change of a class costs the browser a new look at all styles.
      if (dot.beyond !== this.beyond[i]) this.dots[i].classList.toggle("w2s-dot-beyond", dot.beyond);
      this.beyond[i] = dot.beyond;
    });
    const population = this.samples.population(indices);
    const star = { x: this.x(population.misfit), y: this.y(population.gain) };
    moveTo(this.population, star.x, star.y);
    const { x, y } = this.samples.spec.cloud;
    const seen = record.misfit <= x[1] && record.gain >= y[0];
    const centre = { x: this.x(Math.min(x[1], record.misfit)), y: this.y(Math.max(y[0], record.gain)) };
    show(this.middle, seen);
    show(this.middleText, seen);
    moveTo(this.middle, centre.x, centre.y);
    this.populationText.textContent = "population value";
    this.middleText.textContent = `middle one: gain ${formatError(record.gain)}`;
    this.beyondText.textContent = beyond ? `${beyond} of ${dots.length} lie beyond the edge` : "";
    this.placeWords(star, centre, seen);
    this.description.textContent =
      `Misfit and gain of ${dots.length} students. The population value is misfit ${formatError(population.misfit)}, ` +
      `gain ${formatError(population.gain)}; the middle student has misfit ${formatError(record.misfit)}, ` +
      `gain ${formatError(record.gain)}. ${beyond} of ${dots.length} lie beyond the edge.`;
  }

  placeWords(star, centre, seen) {
    const box = ({ x, y }, text, up) => {
      const width = textWidth(text);
      return { x: x + 12 + width / 2, y: y + (up ? -14 : 16), width, height: 15, fixed: false };
    };
    const boxes = [box(star, this.populationText, true)];
    if (seen) boxes.push(box(centre, this.middleText, false));
    const fixed = [star, ...(seen ? [centre] : [])].map(({ x, y }) => ({ x, y, width: 14, height: 14, fixed: true }));
    // The words on the diagonal and on the dots beyond the edge keep their places.
    const { x, y } = this.samples.spec.cloud;
    const [beside, below] = [this.diagonal, this.beyondText].map((text) => textWidth(text));
    fixed.push(
      { x: this.x(y[1]) + 6 + beside / 2, y: this.y(y[1]) + 6, width: beside, height: 15, fixed: true },
      { x: this.x(x[0]) + 8 + below / 2, y: HEIGHT - FRAME.bottom - 13, width: below, height: 15, fixed: true },
    );
    separate([...fixed, ...boxes], { left: FRAME.left + 4, right: WIDTH - 4, top: 16, bottom: HEIGHT - FRAME.bottom });
    set(this.populationText, { x: boxes[0].x.toFixed(1), y: (boxes[0].y + 4).toFixed(1) });
    if (seen) set(this.middleText, { x: boxes[1].x.toFixed(1), y: (boxes[1].y + 4).toFixed(1) });
  }
}
