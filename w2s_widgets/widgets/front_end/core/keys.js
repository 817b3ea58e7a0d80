// The way back by keyboard: a widget keeps the keys of its controls to itself, and Escape leads out of it.

// In JupyterLab the cell around the widget takes the focus, so that the notebook's own keys work again.
export function leaveByEscape(root) {
  root.addEventListener("keydown", (event) => {
    const cell = root.closest(".jp-Cell");
    if (event.key !== "Escape" || event.defaultPrevented || !cell) return;
    event.preventDefault();
    event.stopPropagation();
    cell.focus();
  });
}
