"""One HTML file that holds a widget's front end and state, and needs no kernel and no network."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from typing import Any

# The part of a widget model that a front end uses, for a page without a kernel.
_MODEL = """
if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
const state = JSON.parse(document.getElementById("w2s-state").textContent);
for (const [name, text] of Object.entries(state.buffers)) {
  state.traits[name] = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
const listeners = new Map();
const changed = new Set();
const model = {
  get: (name) => state.traits[name],
  set: (name, value) => {
    if (state.traits[name] === value) return;
    state.traits[name] = value;
    changed.add(name);
    for (const listener of [...(listeners.get(`change:${name}`) ?? [])]) listener();
  },
  on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
  off: (event, listener) => listeners.set(event, (listeners.get(event) ?? []).filter((l) => l !== listener)),
  save_changes: () => changed.clear(),
};
document.getElementById("w2s-static").remove();
widget.render({ model, el: document.getElementById("w2s-widget") });
"""


def page_text(
    title: str,
    *,
    module: str,
    style: str,
    traits: Mapping[str, Any],
    buffers: Mapping[str, bytes],
    picture: bytes,
    words: str,
) -> str:
    """Return a page around a widget that loads nothing; PNG and words stand in where no script runs."""
    texts = {name: base64.b64encode(buffer).decode("ascii") for name, buffer in buffers.items()}
    # "<" written as an escape cannot end the script element from within a string.
    state = json.dumps({"traits": dict(traits), "buffers": texts}, ensure_ascii=True).replace("<", "\\u003c")
    source = base64.b64encode(module.encode()).decode("ascii")
    image = base64.b64encode(picture).decode("ascii")
    heading, sentence = html.escape(title), html.escape(words)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<link rel="icon" href="data:,">
<style>
body {{ font-family: system-ui, sans-serif; margin: 16px auto; max-width: 1180px; padding: 0 12px; }}
html[data-theme="dark"] {{ background: #111111; color: #f2f2f2; }}
#w2s-static img {{ max-width: 100%; }}
{style}
</style>
</head>
<body>
<main>
<h1>{heading}</h1>
<div id="w2s-widget"></div>
<div id="w2s-static"><img alt="{sentence}" src="data:image/png;base64,{image}"><p>{sentence}</p></div>
</main>
<script id="w2s-state" type="application/json">{state}</script>
<script type="module">
import widget from "data:text/javascript;charset=utf-8;base64,{source}";
{_MODEL}
</script>
</body>
</html>
"""
