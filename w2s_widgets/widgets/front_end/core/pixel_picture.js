// A drawing in the page's own pixels: as wide as its place, so that letters and lines keep their size.

import { createPicture, set } from "./svg.js";

export class PixelPicture {
  width = 0;
  height = 0;

  /**
   * @param {Element} parent @param {string} heading @param {(width: number) => number} heightOf
   * @param {() => void} onSize after the picture has another size
   */
  constructor(parent, heading, heightOf, onSize) {
    const { figure, picture, description } = createPicture(parent, heading, 1, 1);
    this.figure = figure;
    this.picture = picture;
    this.description = description;
    this.heightOf = heightOf;
    this.onSize = onSize;
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(this.figure);
  }

  measure() {
    const width = Math.round(this.figure.clientWidth);
    if (!width || width === this.width) return;
    this.width = width;
    this.height = this.heightOf(width);
    set(this.picture, { viewBox: `0 0 ${width} ${this.height}`, height: this.height });
    this.onSize();
  }

  close() {
    this.watch.disconnect();
  }
}
