// The chart of the chooser: for each teacher its estimated error, minus the misfit, the interval, and its student.

import { createPicture, fit, label, marker, moveTo, scale, set, show, svg, textWidth, ticks } from "./drawing.js";
import { formatError, formatFixed } from "./format.js";

const WIDTH = 700;
const HEIGHT = 340;
const FRAME = { left: 34, right: 130, top: 40, bottom: 36 };
const KEY = [
  { shape: "teacher", words: "teacher’s error, estimated" },
  { shape: "misfit", words: "minus misfit" },
  { shape: "estimate", words: "= estimate, with interval" },
  { shape: "student", words: "student’s error" },
];

export class TeachersView {
  // onChoose(i) when the reader clicks the row of teacher i.
  constructor(parent, spec, names, onChoose) {
    const heading = "The teachers: what you know of each, and what its student gets";
    const { figure, picture, description } = createPicture(parent, heading, WIDTH, HEIGHT);
    figure.classList.add("w2s-wide");
    this.description = description;
    this.nobody = spec.nobody;
    [this.low, this.high] = spec.range;
    this.x = scale(this.low, this.high, FRAME.left, WIDTH - FRAME.right);
    this.pitch = (HEIGHT - FRAME.top - FRAME.bottom) / names.length;
    this.drawKey(picture);
    this.rowsDrawn = names.map((name, i) => this.createRow(picture, name, i, onChoose));
    this.drawAxis(picture);
  }

  drawKey(picture) {
    this.keyParts = KEY.map(({ shape, words }) => {
      const group = svg("g", {}, picture);
      if (shape === "misfit") {
        svg("line", { x1: 0, x2: 18, y1: 14, y2: 14, class: "w2s-side w2s-stroke-misfit" }, group);
      } else if (shape === "estimate") {
        svg("path", { d: "M0,14H18M0,10V18M18,10V18", class: "w2s-interval" }, group);
        moveTo(diamond(group), 9, 14);
      } else {
        moveTo(marker(shape, group), 10, 14);
      }
      const text = label(group, "w2s-quiet", "start");
      text.textContent = words;
      set(text, { x: 24, y: 18 });
      return group;
    });
  }

  // Side by side, closer together and squeezed where the font is wide.
  placeKey() {
    const texts = this.keyParts.map((group) => group.lastChild);
    const need = texts.reduce((sum, text) => sum + textWidth(text), 0);
    const free = WIDTH - 16 - 24 * KEY.length;
    const gap = Math.min(14, Math.max(8, (free - need) / (KEY.length - 1)));
    const share = Math.min(1, (free - gap * (KEY.length - 1)) / need);
    let x = Math.min(FRAME.left, WIDTH - 8 - 24 * KEY.length - share * need - gap * (KEY.length - 1));
    this.keyParts.forEach((group, i) => {
      moveTo(group, x, 0);
      x += 24 + fit(texts[i], KEY[i].words, share * textWidth(texts[i])) + gap;
    });
  }

  createRow(picture, name, i, onChoose) {
    const y = FRAME.top + (i + 0.5) * this.pitch;
    const row = svg("g", { class: "w2s-teacher-row" }, picture);
    const back = svg("rect", { x: 2, width: WIDTH - 4, y: y - this.pitch / 2, height: this.pitch, rx: 4, class: "w2s-row-back" }, row);
    row.addEventListener("click", () => onChoose(i));
    const letter = label(row, "w2s-name");
    letter.textContent = name;
    set(letter, { x: 17, y: y + 4 });
    const words = label(row, "w2s-name", "start");
    set(words, { x: WIDTH - FRAME.right + 10, y: y + 4 });
    return {
      y,
      back,
      words,
      misfit: svg("line", { y1: y, y2: y, class: "w2s-side w2s-stroke-misfit" }, row),
      interval: svg("path", { class: "w2s-interval" }, row),
      teacher: marker("teacher", row),
      estimate: diamond(row),
      student: marker("student", row),
    };
  }

  drawAxis(picture) {
    const bottom = HEIGHT - FRAME.bottom + 2;
    svg("path", { d: `M${FRAME.left},${bottom}H${WIDTH - FRAME.right}`, class: "w2s-axis" }, picture);
    for (const { value, decimals } of ticks(this.low, this.high, 8)) {
      const x = this.x(value).toFixed(1);
      svg("line", { x1: x, x2: x, y1: bottom, y2: bottom + 4, class: "w2s-axis" }, picture);
      const text = label(picture, "w2s-quiet");
      text.textContent = formatFixed(value, decimals);
      set(text, { x, y: bottom + 16 });
    }
    const zero = svg("line", { x1: this.x(0), x2: this.x(0), y1: FRAME.top, y2: bottom, class: "w2s-zero" });
    picture.insertBefore(zero, this.rowsDrawn[0].back.parentNode);
    const name = label(picture, "w2s-quiet", "start");
    name.textContent = "error";
    set(name, { x: WIDTH - FRAME.right + 20, y: bottom + 16 });
  }

  draw(rows, { uncovered, chosen, best, first, sentence }) {
    this.placeKey();
    show(this.keyParts[3], uncovered);
    rows.forEach((row, i) => {
      const drawn = this.rowsDrawn[i];
      const { y } = drawn;
      // Above each other, so that neither misfit nor student hides behind the interval.
      const top = y - (uncovered ? 9 : 5);
      const middle = y + (uncovered ? 0 : 5);
      this.put(drawn.teacher, row.estimated_error, top);
      this.put(drawn.estimate, row.estimate, middle);
      set(drawn.misfit, {
        x1: this.inside(row.estimate).toFixed(1), x2: this.inside(row.estimated_error).toFixed(1), y1: top, y2: top,
      });
      drawn.interval.setAttribute("d", this.intervalPath(row, middle));
      show(drawn.student, uncovered);
      this.put(drawn.student, row.err_student, y + 9);
      drawn.back.setAttribute("class", row === chosen ? "w2s-row-back w2s-row-chosen" : "w2s-row-back");
      const marks = [];
      if (uncovered && row === best) marks.push("best");
      if (row.name === (uncovered && first !== this.nobody ? first : chosen?.name)) marks.push("your choice");
      fit(drawn.words, marks.join(", "), FRAME.right - 16);
    });
    this.description.textContent = `${rows.map((row) => describe(row, uncovered)).join(" ")} ${sentence}`;
  }

  inside(value) {
    return Math.min(WIDTH - FRAME.right, Math.max(FRAME.left, this.x(value)));
  }

  put(node, value, y) {
    moveTo(node, this.inside(value), y);
  }

  // A bar with ends; an end beyond the drawing is an arrow.
  intervalPath(row, y) {
    const [a, b] = [this.inside(row.low), this.inside(row.high)].map((x) => x.toFixed(1));
    const left = row.low < this.low ? `M${a},${y}l5,-4M${a},${y}l5,4` : `M${a},${y - 4}V${y + 4}`;
    const right = row.high > this.high ? `M${b},${y}l-5,-4M${b},${y}l-5,4` : `M${b},${y - 4}V${y + 4}`;
    return `M${a},${y}H${b}${left}${right}`;
  }
}

function diamond(parent) {
  return svg("path", { d: "M0,-5.5 L5.5,0 L0,5.5 L-5.5,0 Z", class: "w2s-estimate" }, parent);
}

function describe(row, uncovered) {
  const known =
    `Teacher ${row.name}: error about ${formatError(row.estimated_error)}, minus misfit ${formatError(row.misfit)}, ` +
    `is about ${formatError(row.estimate)}, between ${formatError(row.low)} and ${formatError(row.high)}`;
  return uncovered ? `${known}; its student’s error is ${formatError(row.err_student)}.` : `${known}.`;
}
