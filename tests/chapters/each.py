"""`each_chapter`: run a test once for every chapter."""

from __future__ import annotations

import pytest

from tests.chapters.chapter import CHAPTERS

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=[chapter.script.stem for chapter in CHAPTERS])
