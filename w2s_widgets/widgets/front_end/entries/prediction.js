// The prediction card: asks first, keeps the guess, then says it beside the truth. Needs no kernel.

import "../styles/theme.css";
import "../styles/prediction.css";
import { leaveByEscape, OWN_KEYS } from "../core/controls.js";
import { widget } from "../core/explorer.js";
import { fillTemplate, formatFixed, readNumber } from "../maths/numbers.js";
import { html, show, uniqueId } from "../core/svg.js";

/** @import { CardSpec, Model } from "../types.js" */

const TRAITS = ["guess", "skipped"];

/** @template {string | number} Guess */
class PredictionCard {
  id = uniqueId("prediction");
  form = html("form", { class: "w2s-prediction", novalidate: "" });
  button = html("button", { type: "submit", class: "w2s-lock", ...OWN_KEYS });
  answer = html("p", { class: "w2s-answer", role: "status" });
  wasAnswered = false;
  redraw = () => this.draw();

  constructor(/** @type {Model} */ model) {
    this.model = model;
    /** @type {CardSpec} */ this.spec = model.get("_spec");
    this.fields = html("fieldset", {}, html("legend", {}, this.spec.text));
  }

  open(/** @type {HTMLElement} */ el) {
    this.form.append(html("p", { class: "w2s-kicker" }, "Predict first"), this.fields, this.button, this.answer);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.lock();
    });
    // A notebook may keep Enter from submitting a form, so the card listens for the key itself.
    this.fields.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.lock();
    });
    leaveByEscape(this.form);
    // A handle for the browser's console and for tests.
    Object.assign(this.form, { w2sCard: this });
    el.append(this.form);
    for (const trait of TRAITS) this.model.on(`change:${trait}`, this.redraw);
    this.draw();
  }

  close() {
    for (const trait of TRAITS) this.model.off(`change:${trait}`, this.redraw);
  }

  /** The guess in the inputs, or null. @returns {Guess | null} */
  draft() {
    return null;
  }

  focusInput() {}

  /** @param {boolean} _answered @param {Guess | null} _guess */
  drawInputs(_answered, _guess) {}

  words(/** @type {Guess} */ answer) {
    return String(answer);
  }

  // Which of the sentences fits a guess where the truth is known, and how far off it is, in words.
  /** @param {Guess} _guess @returns {[verdict: string, off: string]} */
  judge(_guess) {
    return ["", ""];
  }

  lock() {
    if (this.answered()) return;
    const guess = this.draft();
    if (guess === null) {
      this.answer.textContent = this.spec.missing;
      this.focusInput();
      return;
    }
    this.model.set("guess", guess);
    this.model.set("cover", "flex");
    this.model.save_changes();
  }

  /** @returns {boolean} */
  answered() {
    return this.model.get("skipped") || (this.model.get("guess") ?? null) !== null;
  }

  draw() {
    const answered = this.answered();
    const guess = this.model.get("guess") ?? null;
    this.form.classList.toggle("w2s-answered", answered);
    // The style covers the notebook's next cells as long as the card waits.
    this.form.classList.toggle("w2s-waiting", !answered);
    // Not disabled: the button keeps the focus that it has when it is pressed.
    this.button.setAttribute("aria-disabled", String(answered));
    this.button.textContent = answered ? "Prediction locked in" : "Lock in my prediction";
    show(this.button, !this.model.get("skipped"));
    this.drawInputs(answered, guess);
    this.wasAnswered = answered;
    this.answer.textContent = answered ? this.sentence(guess) : "";
  }

  sentence(/** @type {Guess | null} */ guess) {
    const { truth, because, sentences } = this.spec;
    let [verdict, off] = ["skipped", ""];
    if (truth === null) verdict = guess === null ? "skipped_open" : "open";
    else if (guess !== null) [verdict, off] = this.judge(guess);
    const said = fillTemplate(sentences[verdict], {
      guess: guess === null ? "" : this.words(guess),
      truth: truth === null ? "" : this.words(truth),
      off,
    });
    return because ? `${said} ${because}` : said;
  }
}

/** @extends {PredictionCard<string>} */
class ChoiceCard extends PredictionCard {
  constructor(/** @type {Model} */ model) {
    super(model);
    this.options = this.spec.options.map((words, i) => {
      const input = html("input", { type: "radio", name: this.id, id: `${this.id}-${i}`, value: words, ...OWN_KEYS });
      const tag = html("span", { class: "w2s-tag" });
      const label = html("label", { class: "w2s-option", for: input.id }, input, html("span", {}, words), tag);
      this.fields.append(label);
      return { words, input, tag, label };
    });
  }

  draft() {
    return this.options.find(({ input }) => input.checked)?.words ?? null;
  }

  focusInput() {
    this.options[0].input.focus();
  }

  drawInputs(/** @type {boolean} */ answered, /** @type {string | null} */ guess) {
    for (const { words, input, tag, label } of this.options) {
      const mine = words === guess;
      const right = answered && words === this.spec.truth;
      if (answered) input.checked = mine;
      else if (guess === null && this.wasAnswered) input.checked = false;
      input.disabled = answered && !mine;
      tag.textContent = [answered && mine ? "your prediction" : "", right ? "the answer" : ""].filter(Boolean).join(", ");
      label.classList.toggle("w2s-is-true", right);
      label.classList.toggle("w2s-is-mine", answered && mine);
    }
  }

  /** @param {string} guess @returns {[string, string]} */
  judge(guess) {
    return [guess === this.spec.truth ? "right" : "wrong", ""];
  }
}

/** @extends {PredictionCard<number>} */
class NumberCard extends PredictionCard {
  guessMark = html("span", { class: "w2s-mark w2s-mark-guess" }, html("span", {}, "you"));
  truthMark = html("span", { class: "w2s-mark w2s-mark-truth" }, html("span", {}, "answer"));
  scale = html("div", { class: "w2s-scale", "aria-hidden": "true" }, this.guessMark, this.truthMark);
  number = html("input", { type: "text", inputmode: "decimal", id: `${this.id}-number`, autocomplete: "off", ...OWN_KEYS });

  constructor(/** @type {Model} */ model) {
    super(model);
    const { low, high, step, unit } = this.spec;
    const bounds = { min: low, max: high, step, ...OWN_KEYS };
    this.range = html("input", { type: "range", ...bounds, "aria-label": "Your prediction, as a slider" });
    this.range.value = String((low + high) / 2);
    const label = html("label", { for: this.number.id }, "Your prediction");
    const ends = [low, high].map((end) => html("span", {}, this.write(end)));
    const slider = html("div", { class: "w2s-slide" }, this.range, this.scale,
      html("div", { class: "w2s-ends", "aria-hidden": "true" }, ...ends));
    this.fields.append(html("div", { class: "w2s-number-row" }, slider,
      html("div", { class: "w2s-number-box" }, label, this.number, unit)));
    this.describeSlider();
    this.range.addEventListener("input", () => {
      this.number.value = this.write(Number(this.range.value));
      this.describeSlider();
    });
    this.number.addEventListener("input", () => {
      const guess = this.draft();
      if (guess !== null) this.range.value = String(guess);
      this.describeSlider();
    });
  }

  write(/** @type {number} */ value) {
    return formatFixed(value, this.spec.decimals);
  }

  // A slider always has a value; one that nobody moved must not sound like a guess.
  describeSlider() {
    const guess = this.draft();
    this.range.setAttribute("aria-valuetext", guess === null ? "not set yet" : this.words(guess));
    this.range.classList.toggle("w2s-untouched", guess === null);
  }

  // Numbers fall on the grid of steps as Python puts them.
  draft() {
    const value = readNumber(this.number.value);
    const { low, high, step, decimals } = this.spec;
    const rounding = 1e-9 * (high - low);
    if (!Number.isFinite(value) || value < low - rounding || value > high + rounding) return null;
    const steps = Math.round((value - low) / step);
    return Number(Math.min(high, Math.max(low, low + steps * step)).toFixed(decimals));
  }

  focusInput() {
    this.number.focus();
  }

  drawInputs(/** @type {boolean} */ answered, /** @type {number | null} */ guess) {
    if (guess !== null) {
      this.number.value = this.write(guess);
      this.range.value = String(guess);
    } else if (this.wasAnswered) {
      this.number.value = "";
    }
    this.number.readOnly = answered;
    const page = /** @type {Document | ShadowRoot} */ (this.form.getRootNode());
    if (answered && page.activeElement === this.range) this.button.focus();
    show(this.range, !answered);
    this.describeSlider();
    show(this.scale, answered);
    const { low, high, truth } = this.spec;
    for (const { mark, value } of [{ mark: this.guessMark, value: guess }, { mark: this.truthMark, value: truth }]) {
      show(mark, value !== null);
      if (value !== null) mark.style.left = `${(100 * (value - low)) / (high - low)}%`;
    }
  }

  words(/** @type {number} */ answer) {
    return this.spec.unit ? `${this.write(answer)} ${this.spec.unit}` : this.write(answer);
  }

  /** @param {number} guess @returns {[string, string]} */
  judge(guess) {
    const { truth, close } = this.spec;
    const off = Math.abs(guess - truth);
    const verdict = guess < truth ? "low" : "high";
    if (this.write(guess) === this.write(truth)) return ["exact", ""];
    return [off <= close * (1 + 1e-9) ? "close" : verdict, this.words(off)];
  }
}

export default {
  /** @param {{ model: Model, el: HTMLElement }} page */
  render: (page) => widget(page.model.get("_spec").options.length ? ChoiceCard : NumberCard).render(page),
};
