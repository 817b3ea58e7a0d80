// The explorer of a ladder: triangle and ledger of one teacher, and the map of all of them with its key.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/study_explorer.css";
import { LadderKey } from "../views/ladder_key.js";
import { LadderMap } from "../views/ladder_map.js";
import { LedgerView } from "../views/ledger_view.js";
import { OutcomeViews } from "../core/outcome_views.js";
import { TriangleView } from "../views/triangle_view.js";

class StudyExplorer extends OutcomeViews {
  createDrawings(panels) {
    const triangle = new TriangleView(panels, this.spec);
    const ledger = new LedgerView(panels, this.spec);
    this.map = new LadderMap(panels, this.spec, this.grid, (axis, index) => this.move(axis, index));
    this.views = [triangle, ledger, this.map];
    if (this.spec.ladder) this.views.push(new LadderKey(panels, this.spec));
  }

  clear() {
    this.map.clear();
  }
}

function render({ model, el }) {
  const explorer = new StudyExplorer(model, el);
  return () => explorer.close();
}

export default { render };
