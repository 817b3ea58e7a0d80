// What every live drawing of the book has: presets, actions, words, a live region, and one redraw for each frame.
// A kind adds prepare(), createControls(), createDrawings(panels), draw(), goTo(state), stateAsCode(), and the
// names of the traits that it follows.

import { button } from "./controls.js";
import { forgetFonts, html } from "./drawing.js";
import { leaveByEscape } from "./keys.js";
import { composePicture, savePng, saveSvg } from "./save_picture.js";

const ANNOUNCE_AFTER_MS = 500;

export class Frame {
  constructor(model, el) {
    this.model = model;
    this.spec = model.get("_spec");
    this.prepare();
    this.root = html("div", { class: "w2s-explorer", role: "group", "aria-label": this.spec.title });
    this.createControls();
    this.createPresets();
    this.createViews();
    this.createActions();
    // A handle for the browser's console and for tests.
    this.root.w2sExplorer = this;
    leaveByEscape(this.root);
    el.append(this.root);
    this.listen();
    this.draw();
  }

  createPresets() {
    if (!this.spec.presets.length) return;
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Presets" });
    for (const preset of this.spec.presets) {
      row.append(button(preset.name, () => this.goTo(preset.state), preset.explain));
    }
    this.root.append(row);
  }

  createViews() {
    const panels = html("div", { class: "w2s-panels" });
    this.createDrawings(panels);
    this.sentence = html("p", { class: "w2s-sentence" });
    this.reason = html("p", { class: "w2s-reason" });
    this.noteLine = html("p", { class: "w2s-note" });
    this.announcer = html("p", { class: "w2s-announcer", role: "status", "aria-live": "polite" });
    this.root.append(panels, this.sentence, this.reason, this.noteLine, this.announcer);
  }

  createActions() {
    const row = html("div", { class: "w2s-buttons", role: "group", "aria-label": "Actions" });
    row.append(
      button("Reset", () => this.reset(), "Back to the first state"),
      button("Copy as code", () => this.copyCode(), "The line of Python that opens this state"),
      button("Save SVG", () => saveSvg(this.markup(), this.spec.file_name)),
      button("Save PNG", () => savePng(this.markup(), this.spec.file_name).catch((error) => this.refuse(error.message))),
    );
    this.code = html("input", {
      type: "text",
      readonly: "",
      class: "w2s-code",
      "aria-label": "This state as code",
      "data-lm-suppress-shortcuts": "true",
    });
    row.append(this.code);
    this.root.append(row);
  }

  listen() {
    this.onChange = () => this.schedule();
    for (const name of this.names) this.model.on(`change:${name}`, this.onChange);
    this.onFonts = () => {
      forgetFonts();
      // Nothing new to say.
      this.announced = false;
      this.schedule();
    };
    document.fonts.addEventListener("loadingdone", this.onFonts);
    // Words are measured in the page's font, which is known once the drawing is on the page.
    const fontFamily = () => getComputedStyle(this.root).fontFamily;
    let measured = fontFamily();
    this.watch = new ResizeObserver(() => {
      if (measured !== fontFamily()) this.onFonts();
      measured = fontFamily();
    });
    this.watch.observe(this.root);
  }

  // Forget what earlier states left on the drawings.
  clear() {}

  // All changes that arrive before the next frame are one redraw, of the newest state.
  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  // What the reader's own hand does is drawn at once, so that the very next frame shows it; more of it before
  // that frame waits for one redraw of the newest state.
  drawNow() {
    if (this.drawn) {
      this.schedule();
      return;
    }
    this.drawn = requestAnimationFrame(() => { this.drawn = 0; });
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.draw();
  }

  refuse(sentence) {
    this.model.set("note", sentence);
    this.model.save_changes();
    this.schedule();
  }

  reset() {
    this.goTo(this.spec.initial);
    this.clear();
    this.draw();
  }

  // A screen reader hears the state where the reader stopped, not every step of a drag.
  announce(words) {
    clearTimeout(this.announcing);
    if (!this.announced) {
      // Several explorers on a page must not all speak when it opens.
      this.announced = true;
      return;
    }
    this.announcing = setTimeout(() => { this.announcer.textContent = words; }, ANNOUNCE_AFTER_MS);
  }

  async copyCode() {
    this.code.select();
    try {
      await navigator.clipboard.writeText(this.code.value);
      this.announcer.textContent = "Copied.";
    } catch {
      this.announcer.textContent = "The code is selected: copy it with the keyboard.";
    }
  }

  markup() {
    return composePicture(this.root, this.sentence.textContent);
  }

  close() {
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.drawn);
    clearTimeout(this.announcing);
    this.watch.disconnect();
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    for (const name of this.names) this.model.off(`change:${name}`, this.onChange);
    this.root.remove();
  }
}
