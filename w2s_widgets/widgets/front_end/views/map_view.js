// The map: gain against misfit, the diagonal, what the theorem allows, and where the reader has been.

import { createPicture, label, marker, moveTo, scale, separate, set, show, svg, textWidth, ticks } from "../core/svg.js";
import { errorFormat, formatFixed } from "../core/numbers.js";

const WIDTH = 340;
const HEIGHT = 300;
const FRAME = { left: 56, right: 10, top: 12, bottom: 40 };
const TRAIL = 48;
const BOLD = 1.14;

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
    for (const { value, decimals } of ticks(x[0], x[1])) {
      svg("line", { x1: this.x(value), x2: this.x(value), y1: this.y(y[0]), y2: this.y(y[0]) + 4, class: "w2s-axis" }, picture);
      const text = label(picture, "w2s-quiet");
      text.textContent = formatFixed(value, decimals);
      set(text, { x: this.x(value), y: this.y(y[0]) + 16 });
    }
    for (const { value, decimals } of ticks(y[0], y[1])) {
      svg("line", { x1: this.x(x[0]) - 4, x2: this.x(x[0]), y1: this.y(value), y2: this.y(value), class: "w2s-axis" }, picture);
      const text = label(picture, "w2s-quiet", "end");
      text.textContent = formatFixed(value, decimals);
      set(text, { x: this.x(x[0]) - 7, y: this.y(value) + 4 });
    }
    svg("path", { d: `M${corner(x[0], y[1])}L${corner(x[0], y[0])}L${corner(x[1], y[0])}`, class: "w2s-axis" }, picture);
    if (y[0] < 0) svg("path", { d: `M${corner(x[0], 0)}L${corner(x[1], 0)}`, class: "w2s-zero" }, picture);
    svg("path", { d: `M${corner(low, low)}L${corner(high, high)}`, class: "w2s-diagonal" }, picture);
    const xName = label(picture, "w2s-ink-misfit");
    xName.textContent = "misfit";
    set(xName, { x: (this.x(x[0]) + this.x(x[1])) / 2, y: HEIGHT - 6 });
    const yName = label(picture, "w2s-ink-gain");
    yName.textContent = "gain";
    set(yName, { transform: `translate(15 ${(this.y(y[0]) + this.y(y[1])) / 2}) rotate(-90)` });
    const allowed = label(picture, "w2s-quiet", "start");
    const room = this.x(high) - this.x(low) - 16;
    const words = ["the theorem allows this side", "allowed by the theorem", "allowed"];
    allowed.textContent = words.find((candidate) => textWidth(candidate) < room) ?? "";
    set(allowed, { x: this.x(x[0]) + 8, y: this.y(y[1]) + 14 });
    const slope = Math.atan2(this.y(high) - this.y(low), this.x(high) - this.x(low));
    const diagonal = label(picture, "w2s-quiet", "end");
    diagonal.textContent = "gain = misfit";
    // A little back along the line, and off it to the side that the theorem does not allow.
    const textX = this.x(high) - 10 * Math.cos(slope) - 15 * Math.sin(slope);
    const textY = this.y(high) - 10 * Math.sin(slope) + 15 * Math.cos(slope);
    set(diagonal, { transform: `translate(${textX} ${textY}) rotate(${(slope * 180) / Math.PI})` });
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
    this.stateText.textContent = words;
    const width = textWidth(words) * BOLD;
    const box = { x: x + 10 + width / 2, y: y + 18, width, height: 15, fixed: false };
    if (box.x + box.width / 2 > WIDTH - 6) box.x = x - 10 - box.width / 2;
    const dot = { x, y, width: 14, height: 14, fixed: true };
    separate([dot, box], { left: FRAME.left + 2, right: WIDTH - 4, top: 22, bottom: HEIGHT - FRAME.bottom });
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
