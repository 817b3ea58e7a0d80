// The cloud: one dot for each task, gain against misfit, between the line of the theorem and its mirror image.

import { createPicture, drawAxes, fit, label, marker, moveTo, scale, set, svg } from "./drawing.js";
import { errorFormat } from "./format.js";

const WIDTH = 340;
const HEIGHT = 300;
const RADIUS = 3;
const CIRCLE = `a${RADIUS},${RADIUS} 0 1 0 ${2 * RADIUS},0a${RADIUS},${RADIUS} 0 1 0 ${-2 * RADIUS},0`;
const FRAME = { left: 50, right: 10, top: 12, bottom: 40 };

export class CloudView {
  constructor(parent, spec, grid, cloud) {
    const { figure, picture, description } = createPicture(parent, `The cloud: one dot for each of ${spec.tasks} tasks`, WIDTH, HEIGHT);
    figure.classList.add("w2s-lead");
    this.description = description;
    this.grid = grid;
    this.tasks = spec.tasks;
    this.words = spec.cloud_words;
    // A view may start at an odd offset inside the message, which a Float32Array cannot.
    const bytes = cloud instanceof ArrayBuffer ? new Uint8Array(cloud) : new Uint8Array(cloud.buffer, cloud.byteOffset, cloud.byteLength);
    this.values = new Float32Array(bytes.slice().buffer);
    const { x, y } = spec.ranges.cloud;
    this.x = scale(x[0], x[1], FRAME.left, WIDTH - FRAME.right);
    this.y = scale(y[0], y[1], HEIGHT - FRAME.bottom, FRAME.top);
    this.drawFrame(picture, x, y);
    // One path for all dots: a hundred circles would take several times as long to move.
    this.dots = svg("path", { class: "w2s-dot" }, picture);
    this.mean = marker("state", picture);
    this.drawLines(picture, x, y);
    // Below the mirror line, where no cloud comes either.
    this.phrases = [HEIGHT - FRAME.bottom - 26, HEIGHT - FRAME.bottom - 10].map((top) => {
      const text = label(picture, "w2s-name", "start");
      set(text, { x: FRAME.left + 8, y: top });
      return text;
    });
  }

  drawFrame(picture, x, y) {
    drawAxes(picture, this.x, this.y, { x, y });
    const corner = (a, b) => `${this.x(a).toFixed(1)},${this.y(b).toFixed(1)}`;
    svg("path", { d: `M${corner(x[0], 0)}L${corner(x[1], 0)}`, class: "w2s-zero" }, picture);
  }

  // The two lines, their words outside the wedge between them, where no cloud comes.
  drawLines(picture, x, y) {
    const lines = [
      { sign: 1, end: Math.min(x[1], y[1]), words: "gain = misfit", line: "w2s-diagonal", ink: "w2s-ink-gain", away: -7 },
      { sign: -1, end: Math.min(x[1], -y[0]), words: "gain = \u2212misfit", line: "w2s-mirror", ink: "w2s-ink-slack", away: 16 },
    ];
    for (const { sign, end, words, line, ink, away } of lines) {
      const [left, right] = [this.x(0), this.x(end)];
      const [from, to] = [this.y(0), this.y(sign * end)];
      picture.insertBefore(svg("path", { d: `M${left},${from}L${right},${to}`, class: line }), this.dots);
      const text = label(picture, ink);
      text.textContent = words;
      const slope = Math.atan2(to - from, right - left);
      const [mx, my] = [left + 0.7 * (right - left), from + 0.7 * (to - from)];
      const [dx, dy] = [-Math.sin(slope) * away, Math.cos(slope) * away];
      const turn = ((slope * 180) / Math.PI).toFixed(1);
      set(text, { transform: `translate(${(mx + dx).toFixed(1)} ${(my + dy).toFixed(1)}) rotate(${turn})` });
    }
  }

  draw(record, sentence, indices) {
    const state = this.grid.flat(indices);
    const start = 2 * state * this.tasks;
    let path = "";
    for (let i = start; i < start + this.tasks; i += 1) {
      const x = this.x(this.values[i]) - RADIUS;
      const y = this.y(this.values[i + this.tasks]);
      path += `M${x.toFixed(2)},${y.toFixed(2)}${CIRCLE}`;
    }
    this.dots.setAttribute("d", path);
    moveTo(this.mean, this.x(record.misfit), this.y(record.gain));
    this.words[state].forEach((words, i) => fit(this.phrases[i], words, WIDTH - FRAME.left - 14));
    const write = errorFormat(record);
    this.description.textContent =
      `Gain against misfit of ${this.tasks} tasks: ${this.words[state].join(", ")}. ` +
      `On average misfit ${write(record.misfit)} and gain ${write(record.gain)}. ` +
      `One line is gain = misfit, the other gain = minus misfit. ${sentence}`;
  }
}
