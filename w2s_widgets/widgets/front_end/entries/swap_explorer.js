// The swap explorer: a cloud of tasks between two lines, and triangle and account of their mean.

import "../styles/theme.css";
import "../styles/explorer.css";
import "../styles/swap_explorer.css";
import { AccountView } from "../views/account_view.js";
import { CloudView } from "../views/cloud_view.js";
import { OutcomeViews } from "../core/outcome_views.js";
import { TriangleView } from "../views/triangle_view.js";

class SwapExplorer extends OutcomeViews {
  createDrawings(panels) {
    const cloud = new CloudView(panels, this.spec, this.grid, this.model.get("_cloud"));
    const triangle = new TriangleView(panels, this.spec, "The triangle of all tasks together");
    this.views = [cloud, triangle, new AccountView(panels, this.spec)];
  }
}

function render({ model, el }) {
  const explorer = new SwapExplorer(model, el);
  return () => explorer.close();
}

export default { render };
