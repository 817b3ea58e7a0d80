// The ledger: teacher's error minus misfit is the promise; the student's error beside it; the slack between.

import { scale } from "../core/axes.js";
import { Bars } from "../core/bars.js";
import { fit, label, textWidth } from "../core/labels.js";
import { addUp, errorFormat, signed, writtenSign } from "../maths/numbers.js";
import { createPicture, set, show, svg } from "../core/svg.js";

/** @import { Ranges } from "../types.js" */
/** @typedef {{ slack_parts: { field: string, words: string }[], ranges: Ranges }} LedgerSpec */
/** @typedef {{ err_weak: number, err_student: number, misfit: number, slack: number, [part: string]: any }} Errors */

const WIDTH = 340;
const HEIGHT = 300;
const BOX = { width: WIDTH, bottom: HEIGHT - 20, left: 12, right: WIDTH - 16, indent: 3, edge: 4 };

export class LedgerView {
  constructor(/** @type {Element} */ parent, /** @type {LedgerSpec} */ spec) {
    const { picture, description } = createPicture(parent, "The ledger: what is promised, what is paid", WIDTH, HEIGHT);
    this.description = description;
    this.parts = spec.slack_parts;
    this.bars = new Bars(picture, scale(spec.ranges.ledger, BOX.left, BOX.right), BOX);
    const pitch = Math.min(62, (HEIGHT - 26) / (4 + this.parts.length));
    this.promise = svg("path", { class: "w2s-promise" }, picture);
    const row = (/** @type {number} */ i, /** @type {string} */ role, ink = `w2s-ink-${role}`) => (
      this.bars.row(16 + i * pitch, 6, 16, role, ink)
    );
    this.weak = row(0, "teacher");
    this.misfit = row(1, "misfit");
    this.student = row(2, "student");
    this.slack = row(3, "slack");
    this.partRows = this.parts.map((_, i) => row(4 + i, "slack-part", ""));
    this.promiseText = label(picture, "w2s-quiet");
  }

  draw(/** @type {Errors} */ record, /** @type {string} */ sentence) {
    const { bars } = this;
    const write = errorFormat(record);
    const promise = record.err_weak - record.misfit;
    const slack = slackWords(write(record.slack));
    bars.fill(this.weak, 0, record.err_weak, `teacher’s error ${write(record.err_weak)}`);
    bars.fill(this.misfit, promise, record.err_weak, `minus misfit ${write(record.misfit)}`);
    // Where gain is less than misfit, something that the theorem assumes does not hold: nothing is promised.
    const promised = writtenSign(write(record.slack)) >= 0;
    const paid = `student’s error ${write(record.err_student)}${promised ? `, promised ${write(promise)}` : ""}`;
    bars.fill(this.student, 0, record.err_student, paid);
    bars.fill(this.slack, record.err_student, promise, slack);
    const values = this.parts.map(({ field }) => record[field]);
    const written = addUp(values, record.slack, Math.max(record.err_weak, record.err_student, record.misfit));
    this.partRows.forEach((row, i) => {
      bars.fill(row, 0, values[i], `${this.parts[i].words} ${signed(write(written[i]))}`);
    });
    const x = bars.x(promise);
    this.promise.setAttribute("d", bars.upright(x, 1));
    this.promise.classList.toggle("w2s-no-promise", !promised);
    const half = fit(this.promiseText, promised ? "promise" : "no promise", WIDTH) / 2;
    const middle = Math.min(WIDTH - 4 - half, Math.max(4 + half, x));
    set(this.promiseText, { x: middle.toFixed(2), y: HEIGHT - 7 });
    // The word gives way to the zero of the axis, which it would cover.
    show(this.promiseText, Math.abs(middle - bars.x(0)) > half + textWidth(bars.zero) / 2 + 4);
    this.description.textContent =
      `Teacher's error ${write(record.err_weak)} minus misfit ${write(record.misfit)} is ` +
      `${write(promise)}${promised ? "" : ", which is no promise here"}; the student's error is ${write(record.err_student)}; ` +
      `${slack}. ${sentence}`;
  }
}

// For errors of any size: the bars are drawn to a scale that doubles and halves with them.
export class ScaledLedger extends LedgerView {
  constructor(/** @type {Element} */ parent, /** @type {LedgerSpec} */ spec) {
    super(parent, spec);
    this.unit = this.bars.x;
    this.low = spec.ranges.ledger[0];
  }

  draw(/** @type {Errors} */ record, /** @type {string} */ sentence) {
    const promise = record.err_weak - record.misfit;
    const largest = Math.max(record.err_weak, record.err_student, promise / this.low, 1e-6);
    const size = 2 ** Math.ceil(Math.log2(largest));
    this.bars.x = (value) => this.unit(value / size);
    super.draw(record, sentence);
  }
}

function slackWords(/** @type {string} */ written) {
  const verdict = ["gain < misfit", "gain = misfit", "gain > misfit"][writtenSign(written) + 1];
  return `slack ${signed(written)}: ${verdict}`;
}
