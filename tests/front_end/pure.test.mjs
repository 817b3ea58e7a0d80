// The modules that compute and draw nothing, against what Python wrote into golden.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const CORE = "../../w2s_widgets/widgets/front_end/core";
const { formatFixed, formatNumber } = await import(`${CORE}/numbers.js`);
const { Grid } = await import(`${CORE}/outcome_grid.js`);
const { project } = await import(`${CORE}/plane_projection.js`);
const golden = JSON.parse(readFileSync(new URL("golden.json", import.meta.url), "utf8"));
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));

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
