// Where the projection explorer's points and handles are.

window.projection = (() => {
  const theRoot = () => document.querySelector(".w2s-explorer");

  function state() {
    return theRoot().w2sExplorer.state();
  }

  function center(role) {
    const handle = theRoot().w2sExplorer.plane.handles[role];
    const box = handle.querySelector(".w2s-handle-touch").getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }

  return { state, center };
})();
