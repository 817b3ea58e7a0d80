"""The former place of `w2s_widgets.encoders`."""

from w2s_widgets.encoders import (
    Encoder,
    Features,
    MissingPackageError,
    carried_minilm,
    carried_mpnet,
    package_folder,
)

__all__ = ["Encoder", "Features", "MissingPackageError", "carried_minilm", "carried_mpnet", "package_folder"]
