// The numbers beneath the drawings: population value, median, 5 to 95 % and rate of each.

import { formatError, formatFixed } from "../maths/numbers.js";
import { html } from "../core/svg.js";

/** @import { Outcome } from "../types.js" */
/** @import { Samples } from "../maths/sample_data.js" */

const ROWS = [
  { name: "err_student", of: "err_student", words: "student’s error", role: "student" },
  { name: "misfit", of: "misfit", words: "misfit", role: "misfit" },
  { name: "gain", of: "err_student", words: "gain", role: "gain" },
  { name: "slack", of: "slack", words: "slack", role: "slack" },
  { name: "training_misfit", of: null, words: "misfit on its own inputs", role: "misfit" },
];
const COLUMNS = ["number", "population", "median", "5 to 95 %", "slope"];

export class SampleTable {
  constructor(/** @type {Element} */ parent, /** @type {Samples} */ samples) {
    this.samples = samples;
    const head = html("tr", {}, ...COLUMNS.map((words) => html("th", { scope: "col" }, words)));
    this.rows = ROWS.map(({ words, role }) => {
      const name = html("th", { scope: "row", class: `w2s-text-${role}` }, words);
      const cells = COLUMNS.slice(1).map(() => html("td"));
      const low = document.createTextNode("");
      const high = html("span", { class: "w2s-figures-to" });
      cells[2].append(low, " ", high);
      return { row: html("tr", {}, name, ...cells), texts: [cells[0], cells[1], low, high, cells[3]] };
    });
    const caption = html("caption", {}, `The numbers of ${samples.repetitions} students, over all inputs but for the last row`);
    const table = html("table", { class: "w2s-figures" }, caption, html("thead", {}, head),
      html("tbody", {}, ...this.rows.map(({ row }) => row)));
    parent.append(html("div", { class: "w2s-figures-box" }, table));
  }

  draw(/** @type {Outcome} */ _record, /** @type {number[]} */ indices) {
    const i = indices[this.samples.sizeAxis];
    const population = this.samples.population(indices);
    ROWS.forEach(({ name, of }, r) => {
      const { low, mid, high } = this.samples.curve(name, indices);
      const line = of && this.samples.line(of, indices);
      const words = [
        of ? formatError(population[name]) : "",
        formatSized(mid[i]),
        formatSized(low[i]),
        `to ${formatSized(high[i])}`,
        line ? formatFixed(line.slope, 2) : "",
      ];
      words.forEach((text, t) => {
        const node = this.rows[r].texts[t];
        if (node.textContent !== (text || "–")) node.textContent = text || "–";
      });
    });
  }
}

// Three decimals for errors of the usual size, fewer where an error is large.
function formatSized(/** @type {number} */ value) {
  const size = Math.abs(value);
  return size >= 10 ? formatFixed(value, size >= 1000 ? 0 : 1) : formatError(value);
}
