// The map: gain against misfit, the diagonal, what the theorem allows, and where the reader has been.

import { createPicture, drawAxes, fit, label, marker, moveTo, scale, separate, set, show, svg, textWidth } from "./drawing.js";
import { errorFormat } from "./format.js";

const WIDTH = 340;
const HEIGHT = 300;
const FRAME = { left: 56, right: 10, top: 12, bottom: 40 };
const TRAIL = 48;
const ALLOWED = ["the theorem allows this side", "allowed by the theorem", "allowed"];

export class MapView {
  constructor(parent, spec, grid) {
    const { picture, description } = createPicture(parent, "The map: gain against misfit", WIDTH, HEIGHT);
    this.description = description;
    this.grid = grid;
    this.range = spec.ranges.map;
    const { x, y } = this.range;
    this.x = scale(x[0], x[1], FRAME.left, WIDTH - FRAME.right);
    this.y = scale(y[0], y[1], HEIGHT - FRAME.bottom, FRAME.top);
    this.drawFrame(picture, x, y);
    this.ladder = this.createLadder(picture, spec);
    this.path = svg("path", { class: "w2s-trail" }, picture);
    this.steps = Array.from({ length: TRAIL }, () => svg("circle", { r: 2.4, class: "w2s-step" }, picture));
    this.state = marker("state", picture);
    this.stateText = label(picture, "w2s-name");
    this.clear();
  }

  drawFrame(picture, x, y) {
    const low = Math.max(x[0], y[0]);
    const high = Math.min(x[1], y[1]);
    const corner = (mx, my) => `${this.x(mx).toFixed(1)},${this.y(my).toFixed(1)}`;
    const region = [[x[0], Math.max(x[0], y[0])], [high, high], [high, y[1]], [x[0], y[1]]];
    svg("path", { d: `M${region.map(([a, b]) => corner(a, b)).join("L")}Z`, class: "w2s-allowed" }, picture);
    drawAxes(picture, this.x, this.y, this.range);
    if (y[0] < 0) svg("path", { d: `M${corner(x[0], 0)}L${corner(x[1], 0)}`, class: "w2s-zero" }, picture);
    svg("path", { d: `M${corner(low, low)}L${corner(high, high)}`, class: "w2s-diagonal" }, picture);
    this.allowed = label(picture, "w2s-quiet", "start");
    this.room = this.x(high) - this.x(low) - 16;
    set(this.allowed, { x: this.x(x[0]) + 8, y: this.y(y[1]) + 14 });
    this.slope = Math.atan2(this.y(high) - this.y(low), this.x(high) - this.x(low));
    this.diagonal = label(picture, "w2s-quiet", "end");
    this.diagonal.textContent = "gain = misfit";
    this.end = this.along(this.x(high), this.y(high), -10, 15);
    this.turn = (this.slope * 180) / Math.PI;
    set(this.diagonal, { transform: `translate(${this.end.x} ${this.end.y}) rotate(${this.turn})` });
  }

  // From a point along the diagonal, and off it to the side that the theorem does not allow.
  along(x, y, far, off) {
    const [cos, sin] = [Math.cos(this.slope), Math.sin(this.slope)];
    return { x: x + far * cos - off * sin, y: y + far * sin + off * cos };
  }

  // The words that keep their places.
  frameWords() {
    this.allowed.textContent = ALLOWED.find((words) => textWidth(this.allowed, words) < this.room) ?? "";
    const [above, beside] = [this.allowed, this.diagonal].map((text) => textWidth(text));
    const { left, top } = FRAME;
    return [
      { x: left + 8 + above / 2, y: top + 10, width: above, height: 15, fixed: true },
      {
        ...this.along(this.end.x, this.end.y, -beside / 2, -4),
        width: beside, height: 15, turn: this.turn, fixed: true,
      },
    ];
  }

  // One dot for each value of the ladder's axis; its name appears when the pointer rests on it.
  createLadder(picture, spec) {
    const axis = spec.axes.findIndex((candidate) => candidate.name === spec.ladder);
    if (axis < 0) return null;
    const dots = spec.ladder_names.map((name) => {
      const dot = svg("circle", { r: 4.5, class: "w2s-rung" }, picture);
      svg("title", {}, dot, name);
      return dot;
    });
    return { axis, dots };
  }

  clear() {
    this.trail = [];
    this.path.setAttribute("d", "");
    for (const step of this.steps) show(step, false);
  }

  draw(record, sentence, indices) {
    const { x, y, outside } = this.place(record.misfit, record.gain);
    moveTo(this.state, x, y);
    this.walk(x, y);
    this.drawLadder(indices);
    const write = errorFormat(record);
    const words = `gain ${write(record.gain)}${outside ? ", off the map" : ""}`;
    const width = fit(this.stateText, words, WIDTH - FRAME.left - 6);
    const box = { x: x + 10 + width / 2, y: y + 18, width, height: 15, fixed: false };
    if (box.x + box.width / 2 > WIDTH - 6) box.x = x - 10 - box.width / 2;
    const dot = { x, y, width: 14, height: 14, fixed: true };
    const taken = [dot, ...this.frameWords()];
    separate([...taken, box], { left: FRAME.left + 2, right: WIDTH - 4, top: 22, bottom: HEIGHT - FRAME.bottom });
    set(this.stateText, { x: box.x.toFixed(1), y: (box.y + 4).toFixed(1) });
    this.description.textContent =
      `Misfit ${write(record.misfit)}, gain ${write(record.gain)}. ` +
      `On the diagonal gain equals misfit; the theorem allows the side above it. ${sentence}`;
  }

  // A state beyond the map's edge is drawn on the edge.
  place(misfit, gain) {
    const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));
    const shown = { misfit: clamp(misfit, this.range.x), gain: clamp(gain, this.range.y) };
    const outside = shown.misfit !== misfit || shown.gain !== gain;
    return { x: this.x(shown.misfit), y: this.y(shown.gain), outside };
  }

  drawLadder(indices) {
    if (!this.ladder) return;
    this.ladder.dots.forEach((dot, i) => {
      const where = indices.slice();
      where[this.ladder.axis] = i;
      const reachable = this.grid.code("possible", where);
      show(dot, reachable);
      if (!reachable) return;
      const { x, y } = this.place(this.grid.field("misfit", where), this.grid.field("gain", where));
      set(dot, { cx: x.toFixed(2), cy: y.toFixed(2) });
    });
  }

  walk(x, y) {
    const last = this.trail[this.trail.length - 1];
    if (last && Math.abs(last[0] - x) < 0.01 && Math.abs(last[1] - y) < 0.01) return;
    this.trail.push([x, y]);
    if (this.trail.length > TRAIL) this.trail.shift();
    this.path.setAttribute("d", this.trail.map(([a, b], i) => `${i ? "L" : "M"}${a.toFixed(1)},${b.toFixed(1)}`).join(""));
    this.steps.forEach((step, i) => {
      const point = this.trail[i];
      show(step, Boolean(point));
      if (point) set(step, { cx: point[0].toFixed(1), cy: point[1].toFixed(1), opacity: (0.25 + (0.75 * (i + 1)) / this.trail.length).toFixed(2) });
    });
  }
}
