// The prediction card: asks first, keeps the guess, then says it beside the truth. Needs no kernel.

import "../styles/theme.css";
import "../styles/prediction.css";
import { html, show, uniqueId } from "../core/svg.js";
import { fillTemplate, formatFixed } from "../core/numbers.js";
import { leaveByEscape } from "../core/keys.js";

class PredictionCard {
  constructor(model, el) {
    this.model = model;
    this.spec = model.get("_spec");
    this.isChoice = this.spec.options.length > 0;
    this.id = uniqueId("prediction");
    this.form = html("form", { class: "w2s-prediction", novalidate: "" });
    this.fields = html("fieldset", {}, html("legend", {}, this.spec.text));
    this.form.append(html("p", { class: "w2s-kicker" }, "Predict first"), this.fields);
    if (this.isChoice) this.createOptions();
    else this.createNumber();
    this.button = html("button", { type: "submit", class: "w2s-lock", "data-lm-suppress-shortcuts": "true" });
    this.answer = html("p", { class: "w2s-answer", role: "status" });
    this.form.append(this.button, this.answer);
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
    this.form.w2sCard = this;
    el.append(this.form);
    this.redraw = () => this.draw();
    for (const trait of ["guess", "skipped"]) model.on(`change:${trait}`, this.redraw);
    this.draw();
  }

  remove() {
    for (const trait of ["guess", "skipped"]) this.model.off(`change:${trait}`, this.redraw);
  }

  createOptions() {
    this.options = this.spec.options.map((words, i) => {
      const input = html("input", {
        type: "radio",
        name: this.id,
        id: `${this.id}-${i}`,
        value: words,
        "data-lm-suppress-shortcuts": "true",
      });
      const tag = html("span", { class: "w2s-tag" });
      const label = html("label", { class: "w2s-option", for: input.id }, input, html("span", {}, words), tag);
      this.fields.append(label);
      return { words, input, tag, label };
    });
  }

  createNumber() {
    const { low, high, step, unit } = this.spec;
    const bounds = { min: low, max: high, step, "data-lm-suppress-shortcuts": "true" };
    const write = (value) => formatFixed(value, this.spec.decimals);
    this.range = html("input", { type: "range", ...bounds, "aria-label": "Your prediction, as a slider" });
    this.range.value = String((low + high) / 2);
    this.number = html("input", { type: "text", inputmode: "decimal", id: `${this.id}-number`, autocomplete: "off", "data-lm-suppress-shortcuts": "true" });
    const label = html("label", { for: this.number.id }, "Your prediction");
    this.scale = this.createScale();
    const slider = html("div", { class: "w2s-slide" }, this.range, this.scale,
      html("div", { class: "w2s-ends", "aria-hidden": "true" }, html("span", {}, write(low)), html("span", {}, write(high))));
    this.fields.append(html("div", { class: "w2s-number-row" }, slider,
      html("div", { class: "w2s-number-box" }, label, this.number, unit)));
    this.describeSlider();
    this.range.addEventListener("input", () => {
      this.number.value = write(Number(this.range.value));
      this.describeSlider();
    });
    this.number.addEventListener("input", () => {
      const guess = this.draft();
      if (guess !== null) this.range.value = String(guess);
      this.describeSlider();
    });
  }

  // A slider always has a value; one that nobody moved must not sound like a guess.
  describeSlider() {
    const guess = this.draft();
    const words = guess === null ? "not set yet" : this.words(guess);
    this.range.setAttribute("aria-valuetext", words);
    this.range.classList.toggle("w2s-untouched", guess === null);
  }

  createScale() {
    this.guessMark = html("span", { class: "w2s-mark w2s-mark-guess" }, html("span", {}, "you"));
    this.truthMark = html("span", { class: "w2s-mark w2s-mark-truth" }, html("span", {}, "truth"));
    return html("div", { class: "w2s-scale", "aria-hidden": "true" }, this.guessMark, this.truthMark);
  }

  // The guess in the inputs, or null; numbers fall on the grid of steps as Python puts them.
  draft() {
    if (this.isChoice) return this.options.find(({ input }) => input.checked)?.words ?? null;
    const text = this.number.value.trim().replace("\u2212", "-").replace(",", ".");
    const value = text === "" ? NaN : Number(text);
    const { low, high, step, decimals } = this.spec;
    const rounding = 1e-9 * (high - low);
    if (!Number.isFinite(value) || value < low - rounding || value > high + rounding) return null;
    const steps = Math.round((value - low) / step);
    return Number(Math.min(high, Math.max(low, low + steps * step)).toFixed(decimals));
  }

  lock() {
    if (this.answered()) return;
    const guess = this.draft();
    if (guess === null) {
      this.answer.textContent = this.spec.missing;
      (this.isChoice ? this.options[0].input : this.number).focus();
      return;
    }
    this.model.set("guess", guess);
    this.model.set("cover", "flex");
    this.model.save_changes();
  }

  answered() {
    return this.model.get("skipped") || (this.model.get("guess") ?? null) !== null;
  }

  draw() {
    const answered = this.answered();
    const guess = this.model.get("guess") ?? null;
    this.form.classList.toggle("w2s-answered", answered);
    // Not disabled: the button keeps the focus that it has when it is pressed.
    this.button.setAttribute("aria-disabled", String(answered));
    this.button.textContent = answered ? "Prediction locked in" : "Lock in my prediction";
    show(this.button, !this.model.get("skipped"));
    if (this.isChoice) this.drawOptions(answered, guess);
    else this.drawNumber(answered, guess);
    this.answer.textContent = answered ? this.sentence(guess) : "";
  }

  drawOptions(answered, guess) {
    for (const { words, input, tag, label } of this.options) {
      const mine = words === guess;
      const true_ = answered && words === this.spec.truth;
      if (answered) input.checked = mine;
      else if (guess === null && this.wasAnswered) input.checked = false;
      input.disabled = answered && !mine;
      tag.textContent = [answered && mine ? "your prediction" : "", true_ ? "the answer" : ""].filter(Boolean).join(", ");
      label.classList.toggle("w2s-is-true", true_);
      label.classList.toggle("w2s-is-mine", answered && mine);
    }
    this.wasAnswered = answered;
  }

  drawNumber(answered, guess) {
    if (guess !== null) {
      this.number.value = formatFixed(guess, this.spec.decimals);
      this.range.value = String(guess);
    } else if (this.wasAnswered) {
      this.number.value = "";
    }
    this.wasAnswered = answered;
    this.number.readOnly = answered;
    if (answered && this.form.getRootNode().activeElement === this.range) this.button.focus();
    show(this.range, !answered);
    this.describeSlider();
    show(this.scale, answered);
    show(this.guessMark, guess !== null);
    show(this.truthMark, this.spec.truth !== null);
    const share = (value) => `${(100 * (value - this.spec.low)) / (this.spec.high - this.spec.low)}%`;
    if (guess !== null) this.guessMark.style.left = share(guess);
    if (this.spec.truth !== null) this.truthMark.style.left = share(this.spec.truth);
  }

  words(answer) {
    if (this.isChoice) return answer;
    const text = formatFixed(answer, this.spec.decimals);
    return this.spec.unit ? `${text} ${this.spec.unit}` : text;
  }

  verdict(guess) {
    const { truth, close } = this.spec;
    if (guess === null) return truth === null ? "skipped_open" : "skipped";
    if (truth === null) return "open";
    if (this.isChoice) return guess === truth ? "right" : "wrong";
    if (Math.abs(guess - truth) <= close * (1 + 1e-9)) return "close";
    return guess < truth ? "low" : "high";
  }

  sentence(guess) {
    const { truth, because, sentences } = this.spec;
    const said = fillTemplate(sentences[this.verdict(guess)], {
      guess: guess === null ? "" : this.words(guess),
      truth: truth === null ? "" : this.words(truth),
      off: guess === null || truth === null || this.isChoice ? "" : this.words(Math.abs(guess - truth)),
    });
    return because ? `${said} ${because}` : said;
  }
}

function render({ model, el }) {
  const card = new PredictionCard(model, el);
  return () => card.remove();
}

export default { render };
