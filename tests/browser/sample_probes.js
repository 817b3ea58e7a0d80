// What the sample explorer's browser tests read off a page, and the moves they make on it.

window.sampleProbes = (() => {
  const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
  const theRoot = () => document.querySelector(".w2s-explorer");

  // What is written and drawn now; the dots as shares of the map's frame, x to the right and y upwards.
  function shown() {
    const root = theRoot();
    const text = (selector) => root.querySelector(selector).textContent;
    return {
      sentence: text(".w2s-sentence"),
      reason: text(".w2s-reason"),
      note: text(".w2s-note"),
      code: root.querySelector(".w2s-code").value,
      numbers: [...root.querySelectorAll(".w2s-number")].map((input) => input.value),
      rows: [...root.querySelectorAll(".w2s-figures tbody tr")].map((row) =>
        [...row.children].map((cell) => cell.textContent)),
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

  async function fuzz(moves, seed) {
    let state = seed;
    const random = () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 2147483648;
    };
    const pick = (list) => list[Math.floor(random() * list.length)];
    const root = theRoot();
    const ranges = [...root.querySelectorAll(".w2s-range")];
    const numbers = [...root.querySelectorAll(".w2s-number")];
    const select = root.querySelector(".w2s-select");
    const buttons = [...root.querySelectorAll("button")].filter((node) => !/Save|Copy/.test(node.textContent));
    const words = ["", "0.5", "12", "-3", "1e9", "NaN", "a word", "0,25", "24", "\u22121", "0x10", " 999 "];
    const keys = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Enter", "x"];
    for (let i = 0; i < moves; i += 1) {
      const choice = random();
      if (choice < 0.5) {
        const range = pick(ranges);
        range.value = String(Math.floor(random() * (Number(range.max) + 1)));
        range.dispatchEvent(new Event("input", { bubbles: true }));
      } else if (choice < 0.65) {
        select.value = String(Math.floor(random() * select.options.length));
        select.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (choice < 0.8) {
        const number = pick(numbers);
        number.value = pick(words);
        number.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (choice < 0.9) {
        const event = new KeyboardEvent("keydown", { key: pick(keys), bubbles: true, cancelable: true });
        pick(numbers).dispatchEvent(event);
      } else {
        pick(buttons).click();
      }
      if (i % 3 === 0) await nextFrame();
    }
    await nextFrame();
    await nextFrame();
    return root.querySelectorAll("*").length;
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

  // Sixty moves in about a second; how long after the last one its state is on the screen, in ms.
  async function burst(last, words) {
    for (let i = 0; i < 60; i += 1) {
      moveTo((i * 7) % 30);
      await new Promise((done) => setTimeout(done, 16));
    }
    const start = performance.now();
    moveTo(last);
    while (theRoot().querySelector(".w2s-number").value !== words) await nextFrame();
    return performance.now() - start;
  }

  return { shown, everyState, fuzz, delays, burst };
})();
