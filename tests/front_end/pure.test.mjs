// The modules that compute and draw nothing, against what Python wrote into golden.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const FRONT_END = "../../w2s_widgets/widgets/front_end";
const CORE = `${FRONT_END}/core`;
const MATHS = `${FRONT_END}/maths`;
const { addUp, formatFixed, formatNumber } = await import(`${MATHS}/numbers.js`);
const { ticks } = await import(`${CORE}/axes.js`);
const { meet, separate } = await import(`${CORE}/labels.js`);
const { Grid } = await import(`${MATHS}/outcome_grid.js`);
const { project } = await import(`${MATHS}/plane_projection.js`);
const golden = JSON.parse(readFileSync(new URL("golden.json", import.meta.url), "utf8"));
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));

test("written parts add up as Python's do", () => {
  assert.ok(golden.added.length > 100);
  for (const [parts, total, scale, words] of golden.added) {
    assert.deepEqual(addUp(parts, total, scale).map((part) => formatNumber(part, scale)), words);
  }
});

test("errors are written as Python writes them, at every scale", () => {
  for (const [value, scale, words] of golden.written) {
    assert.equal(formatNumber(Number(value), scale), words, `${value} beside ${scale}`);
  }
});

test("numbers with fixed decimals are written as Python writes them", () => {
  for (const [value, decimals, words] of golden.fixed) {
    assert.equal(formatFixed(Number(value), decimals), words, `${value} with ${decimals} decimals`);
  }
});

test("a grid snaps, settles and looks up as Python's table does", () => {
  const { spec, table, codes, snapped, settled, misfit } = golden.grid;
  const grid = new Grid(spec, bytes(table), bytes(codes));
  for (const [value, index] of snapped) assert.deepEqual(grid.snap(grid.axes[0], value), { index, note: "" });
  settled.forEach(([asked, found], i) => {
    const { indices, note } = grid.possible(asked);
    assert.deepEqual(indices, found);
    assert.equal(note, asked[0] === found[0] ? "" : "That cannot be.");
    assert.equal(grid.record(indices).misfit, misfit[i]);
  });
});

test("a value outside an axis is moved into it, and said", () => {
  const grid = new Grid(golden.grid.spec, bytes(golden.grid.table), bytes(golden.grid.codes));
  const [share, kind] = grid.axes;
  assert.deepEqual(grid.snap(share, 7), { index: 4, note: "Share goes from -0.5 to 1. It shows 1.00." });
  for (const wrong of [null, "", "a word", Number.NaN]) assert.equal(grid.snap(share, wrong).index, -1);
  assert.equal(grid.snap(kind, "unheard of").index, 0);
});

test("the plane's projections are Python's", () => {
  for (const { set, truth, teacher, ...expected } of golden.plane) {
    const found = project(set, truth, teacher);
    for (const [name, value] of Object.entries(expected)) {
      if (typeof value === "number") assert.ok(Math.abs(found[name] - value) < 1e-12, `${name} on ${set.kind}`);
      else assert.deepEqual(found[name], value, `${name} on ${set.kind}`);
    }
  }
});

test("ticks are round, inside the range, and few", () => {
  for (const [low, high] of [[0, 1], [-0.31, 2.7], [0, 0.0123], [3, 1042], [-5e-7, 2e-6]]) {
    const marks = ticks(low, high).map(({ value }) => value);
    const step = marks[1] - marks[0];
    assert.ok(marks.length >= 2 && marks.length <= 7, `${marks}`);
    assert.ok(marks[0] >= low - step / 1e6 && marks.at(-1) <= high + step / 1e6, `${marks}`);
    const digits = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
    assert.ok([1, 2, 2.5, 5].some((round) => Math.abs(digits - round) < 1e-6), `${step}`);
  }
  assert.deepEqual(ticks(0, 0.5).map(({ words }) => words), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
});

test("labels are put inside, off each other and off what stands still", () => {
  const bounds = { left: 0, right: 340, top: 0, bottom: 300 };
  const places = [[10, 10], [170, 150], [172, 152], [330, 290], [175, 148], [20, 12], [170, 160]];
  const boxes = places.map(([x, y], i) => ({ x, y, width: 60 + 5 * i, height: 15, fixed: i === 1 }));
  separate(boxes, bounds);
  assert.deepEqual([boxes[1].x, boxes[1].y], [170, 150]);
  boxes.forEach((box, i) => {
    assert.ok(box.x - box.width / 2 >= 0 && box.x + box.width / 2 <= 340, `${i} sticks out`);
    for (const other of boxes.slice(i + 1)) assert.ok(!meet(box, other), `${i} overlaps another`);
  });
});

test("turned boxes meet where their corners do", () => {
  const flat = { x: 0, y: 0, width: 100, height: 10 };
  assert.ok(meet(flat, { x: 0, y: 40, width: 100, height: 10, turn: 90 }));
  assert.ok(!meet(flat, { x: 0, y: 70, width: 100, height: 10, turn: 90 }));
  assert.ok(!meet(flat, { x: 100, y: 40, width: 100, height: 10, turn: 45 }));
});
