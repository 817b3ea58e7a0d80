// What the projection explorer's browser tests read off a page, and the moves they make on it.

window.projection = (() => {
  const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
  const theRoot = () => document.querySelector(".w2s-explorer");

  function state() {
    return theRoot().w2sExplorer.state();
  }

  function center(role) {
    const handle = theRoot().w2sExplorer.plane.handles[role];
    const box = handle.querySelector(".w2s-handle-touch").getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }

  function pointer(target, type, x, y) {
    target.dispatchEvent(new PointerEvent(type, {
      pointerId: 1, pointerType: "touch", isPrimary: true, button: type === "pointermove" ? -1 : 0,
      clientX: x, clientY: y, bubbles: true, cancelable: true,
    }));
  }

  // Random moves of handles, numbers, choices, keys and buttons; how many nodes there are at the end.
  async function fuzz(moves, seed) {
    let last = seed;
    const random = () => {
      last = (last * 1103515245 + 12345) % 2147483648;
      return last / 2147483648;
    };
    const pick = (list) => list[Math.floor(random() * list.length)];
    const root = theRoot();
    const { plane } = root.w2sExplorer;
    for (const handle of Object.values(plane.handles)) handle.setPointerCapture = () => {};
    const numbers = [...root.querySelectorAll(".w2s-number")];
    const choice = root.querySelector("select");
    const buttons = [...root.querySelectorAll("button")].filter((node) => !/Save|Copy/.test(node.textContent));
    const words = ["", "0.5", "12", "-2", "1e9", "NaN", "a word", "0,25", "\u22121", "0x10", " 0.77 ", "0", "."];
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Enter", "x", "Home"];
    for (let i = 0; i < moves; i += 1) {
      const kind = random();
      const role = pick(["truth", "teacher"]);
      if (kind < 0.5) {
        const from = center(role);
        pointer(plane.handles[role], "pointerdown", from.x, from.y);
        for (let k = 0; k < 4; k += 1) {
          pointer(plane.handles[role], "pointermove", from.x + (random() - 0.5) * 600, from.y + (random() - 0.5) * 500);
          if (k === 1) await nextFrame();
        }
        pointer(plane.handles[role], pick(["pointerup", "pointercancel"]), 0, 0);
      } else if (kind < 0.65) {
        const number = pick(numbers);
        number.value = pick(words);
        number.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (kind < 0.8) {
        const target = pick([...numbers, ...Object.values(plane.handles)]);
        target.dispatchEvent(new KeyboardEvent("keydown", { key: pick(keys), shiftKey: random() < 0.5, bubbles: true, cancelable: true }));
      } else if (kind < 0.9) {
        choice.selectedIndex = Math.floor(random() * choice.options.length);
        choice.dispatchEvent(new Event("change", { bubbles: true }));
      } else {
        pick(buttons).click();
      }
      if (i % 3 === 0) await nextFrame();
    }
    root.w2sExplorer.goTo({ shape: "ring", truth_x: 0.9, truth_y: 0.1, teacher_x: 0.25, teacher_y: 1.7 });
    await nextFrame();
    await nextFrame();
    return root.querySelectorAll("*").length;
  }

  // Every sentence, reason and code of many states, as the page writes them.
  function written(states) {
    const root = theRoot();
    const explorer = root.w2sExplorer;
    return states.map((wanted) => {
      explorer.goTo(wanted);
      explorer.draw();
      return {
        sentence: root.querySelector(".w2s-sentence").textContent,
        reason: root.querySelector(".w2s-reason").textContent,
        code: root.querySelector(".w2s-code").value,
      };
    });
  }

  return { state, center, fuzz, written };
})();
