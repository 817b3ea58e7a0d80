"""What every widget leaves when it is gone: words and a picture where no kernel is, and nothing in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import traitlets


class Lasting(ipywidgets.Widget):  # type: ignore[misc]  # ipywidgets has no types
    """A widget with static content in its bundle, whose ``close`` frees all that was made for it."""

    _made: Sequence[ipywidgets.Widget] = ()  # ipywidgets closes widgets, too, that were refused early

    def _watch(self) -> None:
        """Observe what the widget itself lives by."""

    def unobserve_all(self, name: Any = traitlets.All) -> None:
        """Remove what observes the widget, but not what it does by itself."""
        super().unobserve_all(name)
        self._watch()

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

    def _static_words(self) -> str:
        """Return the alternative text of the picture, if there is one."""
        return repr(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        content, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        if content is None:
            return bundle
        content.update(self._static_content())
        if "image/png" in content:
            metadata = {**metadata, "image/png": {"alt": self._static_words()}}
        return (content, metadata) if metadata or isinstance(bundle, tuple) else content
