"""Browsers whose sans-serif is a given family, so that layouts meet fonts of other widths."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

# From narrow to wide.
FAMILIES = ("Liberation Sans", "Noto Sans", "DejaVu Sans")
HOW_TO_GET_THEM = (
    "Chromium does not draw with {family} (it drew with {drawn}): install the font where fontconfig finds it "
    "(Debian, Ubuntu: apt-get install fonts-liberation fonts-noto-core fonts-dejavu-core)."
)
# What Chromium calls system-ui is fontconfig's sans-serif.
CONFIG = """<?xml version="1.0"?>
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern">
  <test name="family"><string>sans-serif</string></test>
  <edit name="family" mode="prepend" binding="strong"><string>{family}</string></edit>
</match>
</fontconfig>
"""


def config(folder: Path, family: str) -> Path:
    """Write a fontconfig file that makes the family the system's sans-serif, on top of the system's own."""
    path = folder / "fonts.conf"
    path.write_text(CONFIG.format(family=family))
    return path


def drawn_with(page: Page, selector: str) -> set[str]:
    """Name the families that the glyphs of the first match of `selector` really come from."""
    tools = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        tools.send(f"{domain}.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    tools.detach()
    return {font["familyName"] for font in fonts}
