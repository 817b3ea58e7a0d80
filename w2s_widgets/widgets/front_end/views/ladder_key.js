// The key of a ladder: every teacher's mark and name, the present one marked.

import { html } from "../core/svg.js";
import { rungIcon } from "../core/markers.js";

export class LadderKey {
  constructor(parent, spec) {
    this.axis = spec.axes.findIndex((candidate) => candidate.name === spec.ladder);
    const list = html("ul", { class: "w2s-key", "aria-label": `${spec.axes[this.axis].label}s on the map` });
    this.entries = spec.ladder_names.map((name, i) => {
      const entry = html("li", { class: "w2s-key-entry" }, rungIcon(spec.ladder_marks[i]), html("span", {}, name));
      list.append(entry);
      return entry;
    });
    parent.append(list);
    this.present = -1;
  }

  draw(record, sentence, indices) {
    const present = indices[this.axis];
    if (present === this.present) return;
    this.present = present;
    this.entries.forEach((entry, i) => {
      if (i === present) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    });
  }
}
