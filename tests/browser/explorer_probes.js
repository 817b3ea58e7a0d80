// What the explorer's browser tests read off a page, and the moves they make on it.

window.probes = (() => {
  const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
  const theRoot = () => document.querySelector(".w2s-explorer");
  const randomFrom = (state) => () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };

  function words() {
    const root = theRoot();
    const text = (selector) => root.querySelector(selector).textContent;
    return {
      sentence: text(".w2s-sentence"),
      reason: text(".w2s-reason"),
      note: text(".w2s-note"),
      code: root.querySelector(".w2s-code").value,
      numbers: [...root.querySelectorAll(".w2s-number")].map((input) => input.value),
      values: Object.fromEntries([...root.querySelectorAll(".w2s-control")]
        .map((control) => [control.dataset.axis, control.querySelector(".w2s-number")?.value])
        .filter(([, value]) => value !== undefined)),
    };
  }

  const shown = () => ({ ...words(), drawing: theRoot().querySelector(".w2s-panels").innerHTML });

  // Draw states, given by their indices, and read what is written, with what a test's own function reads.
  function drawn(states, code) {
    const root = theRoot();
    const explorer = root.w2sExplorer;
    const more = window.eval(code);
    return states.map((indices) => {
      explorer.commit(indices, "");
      explorer.draw();
      return { ...words(), ...more(root, explorer) };
    });
  }

  function pointer(target, type, x, y) {
    target.dispatchEvent(new PointerEvent(type, {
      pointerId: 1, pointerType: "touch", isPrimary: true, button: type === "pointermove" ? -1 : 0,
      clientX: x, clientY: y, bubbles: true, cancelable: true,
    }));
  }

  // Random moves of whatever the explorer has: sliders, choices, numbers, keys, handles and buttons.
  async function fuzz(moves, seed) {
    const random = randomFrom(seed);
    const pick = (list) => list[Math.floor(random() * list.length)];
    const all = (selector) => [...theRoot().querySelectorAll(selector)];
    const tell = (node, name, value) => {
      node.value = value;
      node.dispatchEvent(new Event(name, { bubbles: true }));
    };
    const words = ["", "0.5", "12", "-3", "1e9", "NaN", "a word", "0,25", "24", "\u22121", "0x10", " 0.77 ", " 999 ", "0", "."];
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "Enter", "x"];
    const numbers = all(".w2s-number");
    const handles = all(".w2s-handle");
    for (const handle of handles) handle.setPointerCapture = () => {};
    async function drag(handle) {
      const box = handle.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      pointer(handle, "pointerdown", x, y);
      for (let k = 0; k < 4; k += 1) {
        pointer(handle, "pointermove", x + (random() - 0.5) * 600, y + (random() - 0.5) * 500);
        if (k === 1) await nextFrame();
      }
      pointer(handle, pick(["pointerup", "pointercancel"]), 0, 0);
    }
    const press = (node) => node.dispatchEvent(
      new KeyboardEvent("keydown", { key: pick(keys), shiftKey: random() < 0.5, bubbles: true, cancelable: true }));
    const kinds = [
      [6, all(".w2s-range"), (range) => tell(range, "input", String(Math.floor(random() * (Number(range.max) + 1))))],
      [2, all(".w2s-select"), (select) => tell(select, "change", String(Math.floor(random() * select.options.length)))],
      [2, numbers, (number) => tell(number, "change", pick(words))],
      [1, [...numbers, ...handles], press],
      [5, handles, drag],
      [1, all("button").filter((node) => !/Save|Copy|Play/.test(node.textContent)), (node) => node.click()],
    ].filter(([, nodes]) => nodes.length).flatMap(([weight, ...kind]) => Array(weight).fill(kind));
    for (let i = 0; i < moves; i += 1) {
      const [nodes, move] = pick(kinds);
      await move(pick(nodes));
      if (i % 3 === 0) await nextFrame();
    }
    await nextFrame();
    await nextFrame();
  }

  function nodes() {
    return theRoot().querySelectorAll("*").length;
  }

  // Every sentence, reason and code of many states, as the page writes them.
  function written(states) {
    const explorer = theRoot().w2sExplorer;
    return states.map((state) => {
      explorer.goTo(state);
      explorer.draw();
      return words();
    });
  }

  // Sixty moves in about a second; after how many frames, and ms, the state of the last is on the screen.
  async function burst() {
    const range = theRoot().querySelector(".w2s-range");
    const number = theRoot().querySelector(".w2s-number");
    const last = Number(range.max);
    const move = (value) => {
      range.value = String(value);
      range.dispatchEvent(new Event("input", { bubbles: true }));
    };
    for (let i = 0; i < 60; i += 1) {
      move((i * 7) % last);
      await new Promise((done) => setTimeout(done, 16));
    }
    const start = performance.now();
    move(last);
    let frames = 0;
    for (; number.getAttribute("aria-valuenow") !== number.getAttribute("aria-valuemax"); frames += 1) {
      await nextFrame();
    }
    return [frames, performance.now() - start];
  }

  // The corners of a text on the screen, without the room that a line keeps around its letters.
  function corners(text) {
    const { x, y, width, height } = text.getBBox();
    const matrix = text.getScreenCTM();
    const zoom = Math.hypot(matrix.a, matrix.b);
    const [dx, dy] = [Math.min(1 / zoom, width / 2), Math.min(2.5 / zoom, height / 2)];
    const across = [x + dx, x + width - dx];
    return [[0, dy], [1, dy], [1, height - dy], [0, height - dy]].map(([side, down]) =>
      new DOMPoint(across[side], y + down).matrixTransform(matrix));
  }

  // Whether no edge of two boxes, turned or not, has one of them on each side.
  function meet(a, b) {
    return [a, b].every((box) => [[0, 1], [1, 2]].every(([from, to]) => {
      const way = { x: box[to].x - box[from].x, y: box[to].y - box[from].y };
      const [one, two] = [a, b].map((points) => points.map((point) => point.x * way.x + point.y * way.y));
      return Math.max(...one) > Math.min(...two) && Math.max(...two) > Math.min(...one);
    }));
  }

  // Texts of one drawing that cover each other or stick out of it.
  function overlaps() {
    return [...document.querySelectorAll(".w2s-picture")].flatMap((picture) => {
      const frame = picture.getBoundingClientRect();
      const texts = [...picture.querySelectorAll("text")]
        .filter((text) => text.textContent && text.getClientRects().length)
        .map((text) => (
          { words: text.textContent, box: text.getBoundingClientRect(), corners: corners(text) }
        ));
      const out = texts.filter(
        ({ box }) =>
          box.left < frame.left - 1 || box.right > frame.right + 1 ||
          box.top < frame.top - 2 || box.bottom > frame.bottom + 2,
      );
      const pairs = texts.flatMap((a, i) => texts.slice(i + 1).map((b) => [a, b]));
      const covered = pairs.filter(([a, b]) => meet(a.corners, b.corners));
      return [
        ...out.map(({ words }) => `“${words}” sticks out`),
        ...covered.map(([a, b]) => `“${a.words}” and “${b.words}” overlap`),
      ];
    });
  }

  // What is wrong with the layout in the presets and in some more states.
  function crowded(count) {
    const explorer = theRoot().w2sExplorer;
    const random = randomFrom(7);
    const wrong = new Map();
    const look = (name) => {
      explorer.draw();
      const cut = [...theRoot().querySelectorAll(".w2s-number")]
        .filter((input) => input.scrollWidth > input.clientWidth + 1)
        .map((input) => `${input.ariaLabel} is cut at “${input.value}”`);
      for (const found of [...overlaps(), ...cut]) wrong.set(found, name);
    };
    for (const preset of explorer.spec.presets) {
      explorer.goTo(preset.state);
      look(preset.name);
    }
    const axes = explorer.grid ? gridStates(explorer, count, random) : axisStates(explorer, count, random);
    const places = planeStates(explorer, count, random);
    for (const [i, chosen] of axes.entries()) {
      const state = explorer.grid ? chosen : { ...places[i], ...chosen };
      if (explorer.grid) explorer.commit(explorer.grid.possible(state).indices, "");
      else explorer.goTo(state);
      if (explorer.toggle && random() < 0.5) explorer.toggle();
      look(explorer.code.value);
    }
    return [...wrong].map(([found, name]) => `${name}: ${found}`);
  }

  // Each control at an end of its range or anywhere in it.
  function gridStates({ grid }, count, random) {
    return Array.from({ length: count }, () => grid.axes.map(({ values }) => {
      const last = values.length - 1;
      return [0, last, Math.floor(random() * last)][Math.floor(random() * 3)];
    }));
  }

  function axisStates({ axes = [] }, count, random) {
    return Array.from({ length: count }, () => Object.fromEntries(
      axes.map(({ name, values }) => [name, values[Math.floor(random() * values.length)]])));
  }

  function planeStates({ spec: { shapes = {}, reach, coordinates = [] } }, count, random) {
    const place = (most) => Math.round((2 * random() - 1) * 100 * most) / 100;
    return Array.from({ length: count }, () => ({
      shape: Object.keys(shapes)[Math.floor(random() * Object.keys(shapes).length)],
      ...Object.fromEntries(coordinates.map((name) => [name, place(reach[name.slice(-1)])])),
    }));
  }

  const called = (node) => node.ariaLabel || node.labels?.[0]?.textContent || node.textContent;

  // The controls that a reader can use now, in their order.
  function controls() {
    return [...theRoot().querySelectorAll("input, select, button, summary, [tabindex='0']")]
      .filter((node) => node.getClientRects().length && !node.disabled).map(called);
  }

  // The control with the focus, and whether that is seen: in a drawing the ring is a circle, thin without it.
  function focused() {
    const node = document.activeElement;
    if (!theRoot().contains(node)) return null;
    const drawn = node.querySelector(".w2s-handle-ring");
    const seen = drawn
      ? parseFloat(getComputedStyle(drawn).strokeWidth) >= 3
      : getComputedStyle(node).outlineStyle !== "none";
    return { name: called(node), seen };
  }

  // How many nodes have an animation or a transition.
  function moving() {
    return [...theRoot().querySelectorAll("*")].filter((node) => {
      const style = getComputedStyle(node);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length;
  }

  return { shown, drawn, fuzz, nodes, written, burst, overlaps, crowded, controls, focused, moving };
})();
