// The table of outcomes that Python computed: look-up by state, snapping, and settings that cannot be reached.

export class Grid {
  constructor(spec, values, codes) {
    this.spec = spec;
    this.axes = spec.axes;
    this.size = this.axes.reduce((size, axis) => size * axis.values.length, 1);
    this.values = asFloats(values);
    this.codes = asBytes(codes);
  }

  // Nearest position on an axis, with a sentence when the value had to be moved into the range.
  snap(axis, value) {
    if (axis.choice) {
      const index = axis.values.indexOf(value);
      if (index >= 0) return { index, note: "" };
      return { index: 0, note: `${axis.label} has no choice “${value}”. It shows ${axis.values[0]}.` };
    }
    const low = axis.values[0];
    const high = axis.values[axis.values.length - 1];
    const number = Number(value);
    if (value === null || value === "" || !Number.isFinite(number)) {
      return { index: -1, note: `${axis.label} needs a number from ${low} to ${high}.` };
    }
    let index = 0;
    axis.values.forEach((candidate, i) => {
      if (Math.abs(candidate - number) < Math.abs(axis.values[index] - number)) index = i;
    });
    const rounding = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
    const outside = number < low - rounding || number > high + rounding;
    const note = outside ? `${axis.label} goes from ${low} to ${high}. It shows ${axis.words[index]}.` : "";
    return { index, note };
  }

  flat(indices) {
    return indices.reduce((flat, index, i) => flat * this.axes[i].values.length + index, 0);
  }

  field(name, indices) {
    return this.values[this.spec.fields.indexOf(name) * this.size + this.flat(indices)];
  }

  code(name, indices) {
    return this.codes[this.spec.codes.indexOf(name) * this.size + this.flat(indices)];
  }

  // Move the adjusting axis to its nearest possible value; the same rule as Python's.
  possible(indices) {
    if (this.code("possible", indices)) return { indices, note: "" };
    const axis = this.axes.findIndex((candidate) => candidate.name === this.spec.adjusts);
    let best = null;
    for (let i = 0; i < this.axes[axis].values.length; i += 1) {
      const other = indices.slice();
      other[axis] = i;
      const nearer = best === null || Math.abs(i - indices[axis]) < Math.abs(best[axis] - indices[axis]);
      if (this.code("possible", other) && nearer) best = other;
    }
    return { indices: best, note: this.spec.impossible };
  }

  record(indices) {
    const record = {};
    for (const name of this.spec.fields) record[name] = this.field(name, indices);
    record.case = this.spec.cases[this.code("case", indices)];
    record.reason = this.spec.reasons[this.code("reason", indices)];
    return record;
  }
}

function asFloats(buffer) {
  const bytes = asBytes(buffer);
  // A view may start at an odd offset inside the message, which a Float64Array cannot.
  return new Float64Array(bytes.slice().buffer);
}

function asBytes(buffer) {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
