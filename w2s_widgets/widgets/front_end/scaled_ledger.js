// The ledger for errors of any size: the bars are drawn to a scale that doubles and halves with them.

import { LedgerView } from "./ledger_view.js";

const WIDTH = 340;
const LETTER = 7.4;

export class ScaledLedger extends LedgerView {
  constructor(parent, spec) {
    super(parent, spec);
    this.unit = this.x;
    this.low = spec.ranges.ledger[0];
  }

  draw(record, sentence) {
    const promise = record.err_weak - record.misfit;
    const largest = Math.max(record.err_weak, record.err_student, promise / this.low, 1e-6);
    const size = 2 ** Math.ceil(Math.log2(largest));
    this.x = (value) => this.unit(value / size);
    super.draw(record, sentence);
  }

  // The zero of this ledger is not at its left edge, so the longest words need more care to fit.
  fill(row, from, to, words) {
    super.fill(row, from, to, words);
    row.words.setAttribute("x", Math.min(this.x(0) + 3, WIDTH - 4 - LETTER * words.length).toFixed(1));
  }
}
