"""Encoders: frozen models that turn inputs into representations, layer by layer."""

from __future__ import annotations

from w2s_widgets._optional import MissingPackageError
from w2s_widgets.encoders.bundled import (
    MINILM_SHA256,
    MPNET_SHA256,
    carried_minilm,
    carried_mpnet,
)
from w2s_widgets.encoders.factory import encoder
from w2s_widgets.encoders.functions import FunctionEncoder
from w2s_widgets.encoders.interface import Encoder, Features
from w2s_widgets.encoders.loaded import LoadedEncoder
from w2s_widgets.encoders.modules import ModuleEncoder
from w2s_widgets.encoders.text import TextEncoder
from w2s_widgets.encoders.transformer import TransformerEncoder

__all__ = [
    "MINILM_SHA256",
    "MPNET_SHA256",
    "Encoder",
    "Features",
    "FunctionEncoder",
    "LoadedEncoder",
    "MissingPackageError",
    "ModuleEncoder",
    "TextEncoder",
    "TransformerEncoder",
    "carried_minilm",
    "carried_mpnet",
    "encoder",
]
