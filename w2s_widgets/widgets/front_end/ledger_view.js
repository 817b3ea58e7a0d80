// The ledger: teacher's error minus misfit is the promise; the student's error beside it; the slack between.

import { createPicture, fit, label, scale, set, show, svg, textWidth } from "./drawing.js";
import { errorFormat, signed, writtenSign } from "./format.js";

const WIDTH = 340;
const HEIGHT = 300;
const BAR = 20;
const LEFT = 12;
const RIGHT = 16;

export class LedgerView {
  constructor(parent, spec) {
    const { picture, description } = createPicture(parent, "The ledger: what is promised, what is paid", WIDTH, HEIGHT);
    this.description = description;
    this.parts = spec.slack_parts;
    const [low, high] = spec.ranges.ledger;
    this.x = scale(low, high, LEFT, WIDTH - RIGHT);
    const rows = 4 + this.parts.length;
    this.pitch = Math.min(62, (HEIGHT - 26) / rows);
    svg("line", { x1: this.x(0), x2: this.x(0), y1: 8, y2: HEIGHT - 20, class: "w2s-axis" }, picture);
    const zero = label(picture, "w2s-quiet");
    this.zero = zero;
    zero.textContent = "0";
    set(zero, { x: this.x(0), y: HEIGHT - 7 });
    // Before the words, whose halo then keeps the line from cutting through them.
    this.promise = svg("line", { class: "w2s-promise", y1: 14 + this.pitch, y2: HEIGHT - 20 }, picture);
    this.weak = this.row(picture, 0, "teacher");
    this.misfit = this.row(picture, 1, "misfit");
    this.student = this.row(picture, 2, "student");
    this.slack = this.row(picture, 3, "slack");
    this.partRows = this.parts.map((part, i) => this.row(picture, 4 + i, "slack-part"));
    this.promiseText = label(picture, "w2s-quiet");
  }

  row(picture, index, role) {
    const top = 18 + index * this.pitch;
    const bar = svg("rect", { y: top + 4, height: BAR - 4, class: `w2s-bar w2s-bar-${role}` }, picture);
    const words = label(picture, role === "slack-part" ? "" : `w2s-ink-${role}`, "start");
    words.setAttribute("y", top - 2);
    return { bar, words };
  }

  draw(record, sentence) {
    const write = errorFormat(record);
    const promise = record.err_weak - record.misfit;
    const slack = slackWords(write(record.slack));
    this.fill(this.weak, 0, record.err_weak, `teacher’s error ${write(record.err_weak)}`);
    this.fill(this.misfit, promise, record.err_weak, `minus misfit ${write(record.misfit)}`);
    this.fill(
      this.student, 0, record.err_student,
      `student’s error ${write(record.err_student)}, promised ${write(promise)}`,
    );
    this.fill(this.slack, record.err_student, promise, slack);
    this.partRows.forEach((row, i) => {
      const { field, words } = this.parts[i];
      this.fill(row, 0, record[field], `${words} ${signed(write(record[field]))}`);
    });
    const x = this.x(promise);
    set(this.promise, { x1: x.toFixed(2), x2: x.toFixed(2) });
    const half = fit(this.promiseText, "promise", WIDTH) / 2;
    const middle = Math.min(WIDTH - 4 - half, Math.max(4 + half, x));
    set(this.promiseText, { x: middle.toFixed(2), y: HEIGHT - 7 });
    // The word gives way to the zero of the axis, which it would cover.
    show(this.promiseText, Math.abs(middle - this.x(0)) > half + textWidth(this.zero) / 2 + 4);
    this.description.textContent =
      `Teacher's error ${write(record.err_weak)} minus misfit ${write(record.misfit)} promises ` +
      `${write(promise)}; the student's error is ${write(record.err_student)}; ` +
      `${slack}. ${sentence}`;
  }

  fill(row, from, to, words) {
    const a = Math.max(LEFT, this.x(Math.min(from, to)));
    const b = Math.min(WIDTH - RIGHT, this.x(Math.max(from, to)));
    set(row.bar, { x: a.toFixed(2), width: Math.max(0, b - a).toFixed(2) });
    // Where the zero is far right, the words end at the edge.
    const width = fit(row.words, words, WIDTH - 8);
    row.words.setAttribute("x", Math.min(this.x(0) + 3, WIDTH - 4 - width).toFixed(1));
  }
}

function slackWords(written) {
  const verdicts = { 1: "better than promised", 0: "as promised", "-1": "promise broken" };
  return `slack ${signed(written)}: ${verdicts[writtenSign(written)]}`;
}
