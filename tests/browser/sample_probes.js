// What only the sample explorer draws, and how fast it follows n.

window.sampleProbes = (() => {
  const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
  const theRoot = () => document.querySelector(".w2s-explorer");

  // What is drawn now; the dots as shares of the map's frame, x to the right and y upwards.
  function drawn() {
    const root = theRoot();
    return {
      slopes: [...root.querySelectorAll(".w2s-slope-text")].map((node) => node.textContent),
      beyond: root.querySelectorAll(".w2s-dot-beyond").length,
      dots: [...root.querySelectorAll(".w2s-dot")].map((dot) => [Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy"))]),
      descriptions: [...root.querySelectorAll("desc")].map((node) => node.textContent),
    };
  }

  // The words of every state of the grid, in the order of the table.
  function everyState() {
    const root = theRoot();
    const explorer = root.w2sExplorer;
    const sizes = explorer.grid.axes.map((axis) => axis.values.length);
    return Array.from({ length: explorer.grid.size }, (_, flat) => {
      const indices = sizes.map(() => 0);
      for (let i = sizes.length - 1, left = flat; i >= 0; i -= 1) {
        indices[i] = left % sizes[i];
        left = Math.floor(left / sizes[i]);
      }
      explorer.commit(indices, "");
      explorer.draw();
      const cells = [...root.querySelectorAll(".w2s-figures tbody td")].map((cell) => cell.textContent);
      return { sentence: root.querySelector(".w2s-sentence").textContent, cells: cells.join("|") };
    });
  }

  const moveTo = (index) => {
    const range = theRoot().querySelector(".w2s-range");
    range.value = String(index);
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // From a move of n to the frame that shows it, many times over: how many frames, and how many milliseconds.
  async function delays(times) {
    const sentence = theRoot().querySelector(".w2s-sentence");
    const seen = [];
    for (let i = 0; i < times; i += 1) {
      const before = sentence.textContent;
      const start = performance.now();
      moveTo((i * 7) % 50);
      let frames = 0;
      while (sentence.textContent === before) {
        await nextFrame();
        frames += 1;
      }
      seen.push([frames, performance.now() - start]);
      await nextFrame();
    }
    return seen;
  }

  return { drawn, everyState, delays };
})();
