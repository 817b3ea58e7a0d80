// The sample explorer: a cloud of repetitions, their curves over n, and how far each is from the population value.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/sample_explorer.css";
import { ExplorerFrame } from "../core/explorer_frame.js";
import { fillTemplate, formatError } from "../core/numbers.js";
import { RateView } from "../views/rate_view.js";
import { SampleCloudView } from "../views/sample_cloud_view.js";
import { SampleCurvesView } from "../views/sample_curves_view.js";
import { SampleFigures } from "../views/sample_table.js";
import { Samples } from "../core/sample_data.js";

class SampleExplorer extends ExplorerFrame {
  // The number of inputs comes first: it is the control that the drawings are about.
  createControls() {
    super.createControls();
    const { node } = this.controls.find((control) => control.axis.name === "n");
    node.parentNode.prepend(node);
  }

  createDrawings(panels) {
    this.samples = new Samples(this.spec, this.grid, this.model.get("_cloud"), this.model.get("_curves"));
    this.views = [
      new SampleCloudView(panels, this.samples),
      new SampleCurvesView(panels, this.samples),
      new RateView(panels, this.samples),
    ];
    this.figures = new SampleFigures(panels, this.samples);
  }

  paint(indices) {
    const record = this.grid.record(indices);
    const population = this.samples.population(indices);
    const words = { n: this.settings(indices).n };
    for (const name of ["gain", "misfit", "slack"]) {
      words[name] = formatError(record[name]);
      words[`population_${name}`] = formatError(population[name]);
    }
    const sentence = fillTemplate(this.spec.sentence, words);
    for (const view of this.views) view.draw(record, indices);
    this.figures.draw(record, indices);
    this.sentence.textContent = sentence;
    this.reason.textContent = fillTemplate(record.reason, this.settings(indices));
    return sentence;
  }
}

function render({ model, el }) {
  const explorer = new SampleExplorer(model, el);
  return () => explorer.close();
}

export default { render };
