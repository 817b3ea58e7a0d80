// The map of a ladder: every teacher at the present setting of the other controls, each with a mark of its own.

import { moveTo, show, svg } from "../core/svg.js";
import { MapView } from "./map_view.js";
import { rungMark } from "../core/markers.js";

const PRESENT = 1.55;

export class LadderMap extends MapView {
  // onPick(i) after the reader clicked on a teacher's mark.
  constructor(parent, spec, grid, onPick) {
    super(parent, spec, grid);
    if (!this.ladder) return;
    // The present teacher's own mark stands for the state; a star would hide which one it is.
    show(this.state, false);
    this.ladder.dots.forEach((dot, i) => dot.addEventListener("click", () => onPick(this.ladder.axis, i)));
  }

  createLadder(picture, spec) {
    const axis = spec.axes.findIndex((candidate) => candidate.name === spec.ladder);
    if (axis < 0) return null;
    const group = svg("g", {}, picture);
    const dots = spec.ladder_names.map((name, i) => {
      const dot = rungMark(spec.ladder_marks[i], group);
      dot.classList.add("w2s-rung-choice");
      svg("title", {}, dot, name);
      return dot;
    });
    return { axis, dots, group, present: -1 };
  }

  drawLadder(indices) {
    if (!this.ladder) return;
    const { axis, dots, group } = this.ladder;
    const present = indices[axis];
    dots.forEach((dot, i) => {
      const where = indices.slice();
      where[axis] = i;
      const reachable = Boolean(this.grid.code("possible", where));
      show(dot, reachable);
      if (!reachable) return;
      const { x, y } = this.place(this.grid.field("misfit", where), this.grid.field("gain", where));
      moveTo(dot, x, y);
      if (i === present) dot.setAttribute("transform", `${dot.getAttribute("transform")} scale(${PRESENT})`);
    });
    if (present === this.ladder.present) return;
    this.ladder.present = present;
    dots.forEach((dot, i) => dot.classList.toggle("w2s-rung-present", i === present));
    // Later is above: no other mark hides the present one.
    group.append(dots[present]);
  }
}
