// The sample explorer: a cloud of repetitions, their curves over n, and how far each is from the population value.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/sample_explorer.css";
import { TableExplorer, widget } from "../core/explorer.js";
import { fillTemplate, formatError } from "../maths/numbers.js";
import { Samples } from "../maths/sample_data.js";
import { SamplesCloud } from "../views/gain_misfit_view.js";
import { RateView } from "../views/rate_view.js";
import { SampleCurvesView } from "../views/sample_curves_view.js";
import { SampleTable } from "../views/sample_table.js";

/** @import { Model, SampleSpec } from "../types.js" */

/** @extends {TableExplorer<SampleSpec>} */
class SampleExplorer extends TableExplorer {
  /** @type {(SamplesCloud | SampleCurvesView | RateView | SampleTable)[]} */ views = [];

  constructor(/** @type {Model} */ model) {
    super(model);
    this.samples = new Samples(this.spec, this.grid, model.get("_cloud"), model.get("_curves"));
  }

  // The number of inputs comes first: it is the control that the drawings are about.
  createControls() {
    super.createControls();
    const { node } = this.controls[this.samples.sizeAxis];
    node.parentElement?.prepend(node);
  }

  createDrawings(/** @type {HTMLElement} */ panels) {
    this.views = [SamplesCloud, SampleCurvesView, RateView, SampleTable].map((View) => new View(panels, this.samples));
  }

  paint(/** @type {number[]} */ indices) {
    const record = this.grid.record(indices);
    const population = this.samples.population(indices);
    const words = { n: this.settings(indices).n };
    for (const name of ["gain", "misfit", "slack"]) {
      Object.assign(words, { [name]: formatError(record[name]), [`population_${name}`]: formatError(population[name]) });
    }
    for (const view of this.views) view.draw(record, indices);
    this.sentence.textContent = fillTemplate(this.spec.sentence, words);
    this.reason.textContent = fillTemplate(record.reason, this.settings(indices));
  }
}

export default widget(SampleExplorer);
