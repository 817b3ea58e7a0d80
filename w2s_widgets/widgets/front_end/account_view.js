// The account of a linear class: misfit plus alignment is gain; the blind spot says how large the alignment can be.

import { createPicture, fit, label, scale, set, svg } from "./drawing.js";
import { errorFormat, signed } from "./format.js";

const WIDTH = 340;
const HEIGHT = 300;
const TOP = 20;
const PITCH = 65;
const BAR = 16;

export class AccountView {
  constructor(parent, spec) {
    const { picture, description } = createPicture(parent, "The account: misfit + alignment = gain", WIDTH, HEIGHT);
    this.description = description;
    const [low, high] = spec.ranges.account;
    this.x = scale(low, high, 10, WIDTH - 10);
    const bottom = TOP + 3 * PITCH + BAR + 12;
    svg("line", { x1: this.x(0), x2: this.x(0), y1: 8, y2: bottom + 4, class: "w2s-axis" }, picture);
    const zero = label(picture, "w2s-quiet");
    zero.textContent = "0";
    set(zero, { x: this.x(0), y: bottom + 18 });
    this.note = label(picture, "w2s-quiet");
    set(this.note, { x: WIDTH / 2, y: HEIGHT - 6 });
    this.step = svg("line", { class: "w2s-zero" }, picture);
    this.misfit = this.row(picture, 0, "misfit");
    this.slack = this.row(picture, 1, "slack");
    this.gain = this.row(picture, 2, "gain");
    this.eps = this.row(picture, 3, "blind");
    this.bracket = svg("path", { class: "w2s-bracket" }, picture);
  }

  row(picture, index, role) {
    const top = TOP + index * PITCH;
    const bar = svg("rect", { y: top + 5, height: BAR, class: `w2s-bar w2s-bar-${role}` }, picture);
    const words = label(picture, role === "blind" ? "" : `w2s-ink-${role}`, "start");
    words.setAttribute("y", top);
    return { bar, words };
  }

  draw(record, sentence) {
    const write = errorFormat(record);
    const words = [
      `misfit |r_g|\u00b2 ${write(record.misfit)}`,
      `alignment \u22122\u27e8r_f, r_g\u27e9 ${signed(write(record.slack))}`,
      `gain ${signed(write(record.gain))}`,
      `blind spot \u03b5 = |r_f|\u00b2 ${write(record.eps)}`,
    ];
    fit(this.note, "bracket: alignment costs at most 2 \u221a(\u03b5 \u00b7 misfit)", WIDTH - 8);
    this.fill(this.misfit, 0, record.misfit, words[0]);
    this.fill(this.slack, record.misfit, record.gain, words[1]);
    this.fill(this.gain, 0, record.gain, words[2]);
    this.fill(this.eps, 0, record.eps, words[3]);
    const [a, b] = [record.misfit - record.bound, record.misfit].map((value) => this.x(value).toFixed(2));
    const y = TOP + PITCH + 5 + BAR + 5;
    this.bracket.setAttribute("d", `M${a},${y - 4}V${y + 4}M${a},${y}H${b}M${b},${y - 4}V${y + 4}`);
    set(this.step, { x1: b, x2: b, y1: TOP + 5, y2: y });
    this.description.textContent =
      `${words[0]} plus ${words[1]} is ${words[2]}. The ${words[3]}, so the alignment is at most ` +
      `${write(record.bound)} in size. ${sentence}`;
  }

  fill(row, from, to, words) {
    const a = this.x(Math.min(from, to));
    const b = this.x(Math.max(from, to));
    set(row.bar, { x: a.toFixed(2), width: Math.max(0, b - a).toFixed(2) });
    const width = fit(row.words, words, WIDTH - 12);
    row.words.setAttribute("x", Math.min(this.x(0) + 4, WIDTH - 6 - width).toFixed(1));
  }
}
