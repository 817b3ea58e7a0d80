// The explorer of a study: triangle and ledger of one teacher, and the map of all of them with its key.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/study_explorer.css";
import { OutcomeExplorer, widget } from "../core/explorer.js";
import { StudyKey, StudyMap } from "../views/gain_misfit_view.js";
import { LedgerView } from "../views/ledger_view.js";
import { TriangleView } from "../views/triangle_view.js";

/** @import { TableSpec } from "../types.js" */

/** @extends {OutcomeExplorer<TableSpec>} */
class StudyExplorer extends OutcomeExplorer {
  createDrawings(/** @type {HTMLElement} */ panels) {
    const triangle = new TriangleView(panels, this.spec);
    const ledger = new LedgerView(panels, this.spec);
    const map = new StudyMap(panels, this.spec, this.grid, (teacher) => this.move(map.teacherAxis, teacher));
    this.map = map;
    this.views = [triangle, ledger, map];
    if (this.spec.teacher_axis) this.views.push(new StudyKey(panels, this.spec));
  }

  clear() {
    this.map?.clear();
  }
}

export default widget(StudyExplorer);
