// The ledger for errors of any size: the bars are drawn to a scale that doubles and halves with them.

import { LedgerView } from "./ledger_view.js";

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
}
