"""What every widget leaves when it is gone: words and a picture where no kernel is, and nothing in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets


class Lasting(ipywidgets.Widget):  # type: ignore[misc]  # ipywidgets has no types
    """A widget with static content in its bundle, whose ``close`` frees all that was made for it."""

    _made: Sequence[ipywidgets.Widget] = ()  # ipywidgets closes widgets, too, that were refused early

    def close(self) -> None:
        """Free the widget and what was made for it; what was handed in stays alive."""
        for widget in self._made:
            for part in (getattr(widget, "layout", None), getattr(widget, "style", None), widget):
                if part is not None:
                    part.close()
        super().close()

    def _static_content(self) -> Mapping[str, str]:
        """Return what is seen without a kernel, by MIME type."""
        return {"text/plain": repr(self)}

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        content = bundle[0] if isinstance(bundle, tuple) else bundle
        if content is not None:
            content.update(self._static_content())
        return bundle
