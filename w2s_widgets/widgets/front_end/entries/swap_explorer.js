// The swap explorer: a cloud of tasks between two lines, and triangle and account of their mean.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/swap_explorer.css";
import { OutcomeExplorer, widget } from "../core/explorer.js";
import { AccountView } from "../views/account_view.js";
import { TasksCloud } from "../views/gain_misfit_view.js";
import { TriangleView } from "../views/triangle_view.js";

/** @import { SwapSpec } from "../types.js" */

/** @extends {OutcomeExplorer<SwapSpec>} */
class SwapExplorer extends OutcomeExplorer {
  createDrawings(/** @type {HTMLElement} */ panels) {
    const cloud = new TasksCloud(panels, this.spec, this.grid, this.model.get("_cloud"));
    const triangle = new TriangleView(panels, this.spec, "The triangle of all tasks together");
    this.views = [cloud, triangle, new AccountView(panels, this.spec)];
  }
}

export default widget(SwapExplorer);
