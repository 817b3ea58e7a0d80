// A mark of a drawing that is dragged by mouse, by touch and by the arrow keys.

import { OWN_KEYS } from "./controls.js";
import { marker } from "./markers.js";
import { SMALL_STEP, STEP } from "./point_control.js";
import { moveTo, set, svg } from "./svg.js";

/** @import { Pair, Point } from "../types.js" */
/** @import { Role } from "./markers.js" */
/** @type {Record<string, Pair>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @typedef {object} Grip
 * @property {Role} role whose mark it is
 * @property {string} name what it is called, and how it moves
 * @property {string} kind what it is, to a screen reader
 * @property {number} reach how far it goes from 0
 * @property {boolean} upright whether it moves up and down only
 * @property {(event: PointerEvent) => Pair} at where the pointer is, in the drawing's own numbers
 * @property {(to: Pair) => void} drag where the pointer put it
 * @property {(by: Pair) => void} step what an arrow key asks for
 * @property {(held: boolean) => void} [hold] when it is taken, and when it is let go
 */

export class DragHandle {
  /** @type {{ pointer: number, by: Pair } | null} */ held = null;
  /** @type {Pair} */ value = [0, 0];

  /** @param {Element} parent @param {Grip} grip */
  constructor(parent, grip) {
    this.grip = grip;
    this.node = svg("g", {
      class: "w2s-handle",
      tabindex: "0",
      role: "slider",
      "aria-roledescription": grip.kind,
      "aria-label": grip.name,
      "aria-valuemin": -grip.reach,
      "aria-valuemax": grip.reach,
      ...OWN_KEYS,
    }, parent);
    svg("circle", { r: grip.upright ? 15 : 20, class: "w2s-handle-touch" }, this.node);
    svg("circle", { r: grip.upright ? 10 : 13, class: "w2s-handle-ring" }, this.node);
    marker(grip.role, this.node);
    // Chromium scrolls from inside a drawing whatever its touch-action says, and takes the pointer away.
    this.node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    this.node.addEventListener("pointerdown", (event) => this.take(event));
    this.node.addEventListener("pointermove", (event) => this.pull(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      this.node.addEventListener(end, () => this.release());
    }
    this.node.addEventListener("keydown", (event) => this.press(event));
  }

  take(/** @type {PointerEvent} */ event) {
    if (event.button > 0) return;
    this.node.setPointerCapture(event.pointerId);
    this.node.focus({ preventScroll: true });
    this.node.classList.add("w2s-held");
    const at = this.grip.at(event);
    // Held where it was taken, so that a touch alone moves nothing.
    this.held = { pointer: event.pointerId, by: [this.value[0] - at[0], this.value[1] - at[1]] };
    this.grip.hold?.(true);
  }

  pull(/** @type {PointerEvent} */ event) {
    if (this.held?.pointer !== event.pointerId) return;
    const [x, y] = this.grip.at(event);
    this.grip.drag([x + this.held.by[0], y + this.held.by[1]]);
  }

  release() {
    if (this.held) this.grip.hold?.(false);
    this.held = null;
    this.node.classList.remove("w2s-held");
  }

  press(/** @type {KeyboardEvent} */ event) {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || (this.grip.upright && way[0])) return;
    event.preventDefault();
    const step = event.shiftKey ? SMALL_STEP : STEP;
    this.grip.step([way[0] * step, way[1] * step]);
  }

  /** @param {Pair} value @param {Point} at @param {string} words */
  show(value, at, words) {
    this.value = value;
    moveTo(this.node, at.x, at.y);
    set(this.node, { "aria-valuenow": this.grip.upright ? value[1] : value[0], "aria-valuetext": words });
  }
}
