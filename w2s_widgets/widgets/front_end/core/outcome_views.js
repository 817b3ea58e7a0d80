// An explorer of outcomes: linked drawings of one outcome, and the sentence that says what they show.

import { ExplorerFrame } from "./explorer_frame.js";
import { errorFormat, fillTemplate, formatFixed } from "./numbers.js";

export class OutcomeViews extends ExplorerFrame {
  // Draw a record in every view and say what it shows; views are set by createDrawings.
  paint(indices) {
    const record = this.grid.record(indices);
    const numbers = this.numbers(record);
    const sentence = fillTemplate(this.spec.sentences[record.case], numbers);
    for (const view of this.views) view.draw(record, sentence, indices);
    this.sentence.textContent = sentence;
    this.reason.textContent = fillTemplate(record.reason, { ...numbers, ...this.settings(indices) });
    return sentence;
  }

  numbers(record) {
    const write = errorFormat(record);
    const words = { loss: write(-record.gain), angle: formatFixed(record.angle, 1) };
    for (const name of this.spec.fields) if (name !== "angle") words[name] = write(record[name]);
    return words;
  }
}
