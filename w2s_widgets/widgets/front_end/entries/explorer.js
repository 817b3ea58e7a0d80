// The explorer: controls, three linked drawings of one outcome, and the sentence that says what they show.

import "../styles/theme.css";
import "../styles/explorer.css";
import { LedgerView } from "../views/ledger_view.js";
import { MapView } from "../views/map_view.js";
import { OutcomeViews } from "../core/outcome_views.js";
import { TriangleView } from "../views/triangle_view.js";

class Explorer extends OutcomeViews {
  createDrawings(panels) {
    const triangle = new TriangleView(panels, this.spec);
    const ledger = new LedgerView(panels, this.spec);
    this.map = new MapView(panels, this.spec, this.grid);
    this.views = [triangle, ledger, this.map];
  }

  clear() {
    this.map.clear();
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.close();
}

export default { render };
