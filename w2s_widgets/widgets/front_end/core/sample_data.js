// What Python counted of all repetitions: the dots of one state, and the curves of one setting over n.

const LEVELS = ["low", "mid", "high"];
const BEYOND = 255;
const FIRST = 1;
const LAST = 254;

export class Samples {
  constructor(spec, grid, cloud, curves) {
    this.spec = spec;
    this.grid = grid;
    this.sizeAxis = grid.axes.length - 1;
    this.sizes = grid.axes[this.sizeAxis].values;
    this.repetitions = spec.repetitions;
    this.cloud = asBytes(cloud);
    // A view may start at an odd offset inside the message, which a Float32Array cannot.
    this.curves = new Float32Array(asBytes(curves).slice().buffer);
    this.settings = grid.size / this.sizes.length;
  }

  // One number for all settings of a state but n.
  setting(indices) {
    return Math.floor(this.grid.flat(indices) / this.sizes.length);
  }

  capacity(indices) {
    return this.grid.axes[0].values[indices[0]];
  }

  population(indices) {
    return this.spec.populations[indices[0]];
  }

  line(name, indices) {
    const [capacity, noise, restraint] = indices;
    return this.spec.lines[capacity][noise][restraint][this.spec.distances.indexOf(name)];
  }

  // Median and 5 to 95 % of a number over all n: three views of Python's floats.
  curve(name, indices) {
    const found = {};
    for (const level of LEVELS) {
      const at = (this.spec.curves.indexOf(`${name}_${level}`) * this.settings + this.setting(indices)) * this.sizes.length;
      found[level] = this.curves.subarray(at, at + this.sizes.length);
    }
    return found;
  }

  // Where each repetition is on the map, as misfit and gain; dots beyond the map are put at its edge.
  dots(indices) {
    const start = this.grid.flat(indices) * this.repetitions * 2;
    const { x, y } = this.spec.cloud;
    return Array.from({ length: this.repetitions }, (_, i) => {
      const a = this.cloud[start + 2 * i];
      const b = this.cloud[start + 2 * i + 1];
      return { misfit: place(a, x), gain: place(b, y), beyond: a === 0 || b === 0 || a === BEYOND || b === BEYOND };
    });
  }
}

function place(step, [low, high]) {
  const inside = (Math.min(LAST, Math.max(FIRST, step)) - FIRST) / (LAST - FIRST);
  return low + inside * (high - low);
}

function asBytes(buffer) {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
