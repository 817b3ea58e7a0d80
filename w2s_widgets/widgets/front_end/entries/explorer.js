// The explorer: controls, three linked drawings of one outcome, and the sentence that says what they show.

import "../styles/theme.css";
import "../styles/explorer.css";
import { OutcomeExplorer, widget } from "../core/explorer.js";
import { MapView } from "../views/gain_misfit_view.js";
import { LedgerView } from "../views/ledger_view.js";
import { TriangleView } from "../views/triangle_view.js";

/** @import { TableSpec } from "../types.js" */

/** @extends {OutcomeExplorer<TableSpec>} */
class GainExplorer extends OutcomeExplorer {
  createDrawings(/** @type {HTMLElement} */ panels) {
    const triangle = new TriangleView(panels, this.spec);
    const ledger = new LedgerView(panels, this.spec);
    this.map = new MapView(panels, this.spec, this.grid);
    this.views = [triangle, ledger, this.map];
  }

  clear() {
    this.map?.clear();
  }
}

export default widget(GainExplorer);
