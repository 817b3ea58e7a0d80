"""What every explorer and card keeps to without a browser; what is special to one is in its own file."""

from __future__ import annotations

import base64
import gc
import importlib
import json
import pkgutil
import re
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import traitlets
from ipywidgets.widgets.widget import _instances

import w2s_widgets
from tests.widgets.contract import CARDS, EXPLORERS, choices, line, make, names, opened, some_states
from w2s_widgets import lessons
from w2s_widgets.widgets.bundles import BuiltWidget
from w2s_widgets.widgets.explorer import Explorer
from w2s_widgets.widgets.lasting import Lasting

MOVES = 1000
NUMBER_WRONG = (7777, -7777, float("nan"), None, "much")
CHOICE_WRONG = ("nobody", 3, None)

each_explorer = pytest.mark.parametrize("name", EXPLORERS)
each_card = pytest.mark.parametrize("name", CARDS)
each_widget = pytest.mark.parametrize("name", [*EXPLORERS, *CARDS])


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Ask every question anew."""
    lessons.start_over()
    yield
    lessons.start_over()


@pytest.fixture
def explorer(name: str) -> Any:
    return make(name)


def heard(widget: Any, name: str) -> list[Any]:
    values: list[Any] = []
    widget.observe(lambda change: values.append(change["new"]), name)
    return values


def another(explorer: Any, name: str) -> Any:
    """Return a value of a control that differs from the present one and can be reached from here."""
    for value in choices(explorer)[name]:
        trial = opened(explorer.as_code())
        trial.set(**{name: value})
        if value != getattr(explorer, name) and trial.state == explorer.state | {name: value}:
            return value
    raise AssertionError(f"{name} cannot be moved")


@contextmanager
def nothing_left() -> Iterator[None]:
    gc.collect()
    before = set(_instances)
    yield
    gc.collect()
    assert set(_instances) == before


def test_every_public_widget_is_in_a_table() -> None:
    for module in pkgutil.walk_packages(w2s_widgets.__path__, "w2s_widgets."):
        if module.name.split(".")[1] in {"widgets", "lessons", "progress"}:
            importlib.import_module(module.name)
    ours, kinds = set(), [ipywidgets.Widget]
    while kinds:
        kinds = [kind for base in kinds for kind in base.__subclasses__()]
        # A class that traits were added to, or of a doctest, has its module's name, but does not stand there.
        here = [kind for kind in kinds if vars(sys.modules[kind.__module__]).get(kind.__name__) is kind]
        ours |= {kind.__name__ for kind in here if kind.__module__.startswith("w2s_widgets.")}
    tried = set()
    for name in [*EXPLORERS, *CARDS]:
        widget = make(name)
        tried |= {type(part).__name__ for part in (widget, *getattr(widget, "children", ()))}
    bases = {kind.__name__ for kind in (Explorer, BuiltWidget, Lasting)}
    assert ours - tried - bases == set(), "give each its line in tests/widgets/contract.py"


@each_explorer
def test_each_control_is_a_trait_that_is_heard_once(explorer: Any) -> None:
    for name in choices(explorer):
        value = another(explorer, name)
        values, outcomes = heard(explorer, name), heard(explorer, "outcome")
        setattr(explorer, name, value)
        setattr(explorer, name, value)
        assert values == [value] == [explorer.state[name]]
        assert outcomes[-1:] in ([], [explorer.outcome])
        assert len(outcomes) <= 1
        assert explorer.note == ""


@each_explorer
def test_all_controls_move_as_one_from_python_and_from_the_page(name: str) -> None:
    explorer, page = make(name), make(name)
    for state in some_states(explorer, 20):
        outcomes = heard(explorer, "outcome")
        explorer.set(**state)
        assert outcomes in ([], [explorer.outcome])
        page.set_state(state)
        for one in (explorer, page, opened(explorer.as_code())):
            assert (one.state, one.outcome) == (explorer.state, explorer.outcome), state
            assert (one.sentence, one.reason) == (explorer.sentence, explorer.reason)
            assert "{" not in one.sentence + one.reason
    explorer.reset()
    assert explorer.state == make(name).state


@each_explorer
def test_a_wrong_value_is_one_sentence_and_changes_nothing(name: str, explorer: Any) -> None:
    before, outcome = explorer.state, explorer.outcome
    for control, values in choices(explorer).items():
        is_choice = isinstance(values[0], str)
        wanted = "choose one of " + ", ".join(values) if is_choice else (
            f"give a number from {values[0]:g} to {values[-1]:g}"
        )  # fmt: skip
        for wrong in CHOICE_WRONG if is_choice else NUMBER_WRONG:
            sentence = f"^{re.escape(f'{control} is {wrong!r}: {wanted}.')}$"
            with pytest.raises(traitlets.TraitError, match=sentence):
                setattr(explorer, control, wrong)
            with pytest.raises(ValueError, match=sentence):
                explorer.set(**{other: every[-1] for other, every in choices(explorer).items()}
                             | {control: wrong})  # fmt: skip
            if wrong is not None and wrong == wrong:
                with pytest.raises(traitlets.TraitError, match=sentence):
                    make(name, **{control: wrong})
            assert (explorer.state, explorer.outcome) == (before, outcome)
    unknown = r"^there is no control 'size': [^\n]+\.$"
    with pytest.raises(ValueError, match=unknown):
        explorer.set(size=3)
    with pytest.raises(traitlets.TraitError, match=unknown):
        make(name, size=3)


@each_explorer
def test_what_a_page_sends_out_of_range_is_moved_in_and_said(explorer: Any) -> None:
    for name, values in choices(explorer).items():
        explorer.reset()
        before = explorer.state
        explorer.set_state({name: "a word"})
        assert explorer.state == before
        assert explorer.note.endswith(".")
        if not isinstance(values[0], str):
            explorer.set_state({name: 1e9})
            reached = explorer.state
            explorer.set(**(before | {name: values[-1]}))
            assert reached == explorer.state
            assert explorer.state[name] == values[-1] or explorer.note
        explorer.set_state({name: before[name], "note": "from the page"})
        assert explorer.note == "from the page"


@each_explorer
def test_composes_with_stock_controls(explorer: Any) -> None:
    for name, values in choices(explorer).items():
        explorer.reset()
        stock = ipywidgets.Dropdown(options=[explorer.state[name], *values])
        link = ipywidgets.link((stock, "value"), (explorer, name))
        on_page = ipywidgets.jslink((ipywidgets.FloatText(), "value"), (explorer, name))
        assert ipywidgets.HBox([stock, explorer]).children[1] is explorer
        first, stock.value = stock.value, another(explorer, name)
        assert explorer.state[name] == stock.value != first
        setattr(explorer, name, first)
        assert stock.value == first
        link.unlink()
        on_page.unlink()


@each_explorer
def test_bundle_carries_picture_and_words_of_every_preset(explorer: Any) -> None:
    for state in [explorer.state, *(preset["state"] for preset in explorer._spec["presets"])]:
        explorer.set(**state)
        assert explorer.state | state == explorer.state
        assert explorer.note == ""
        data, _ = explorer._repr_mimebundle_()
        assert data["text/plain"] == f"{explorer.as_code()}\n{explorer.sentence}\n{explorer.reason}".rstrip()
        assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
        assert "application/vnd.jupyter.widget-view+json" in data
        picture = explorer.picture()
        shown, metadata = picture._repr_mimebundle_()
        assert metadata["image/png"]["alt"] == picture.alt == shown["text/plain"]
        assert explorer.sentence in picture.alt


@each_explorer
def test_reset_returns_to_what_was_opened(explorer: Any) -> None:
    for state in some_states(explorer, 4, seed=5):
        trial = opened(explorer.as_code())
        trial.set(**state)
        code = trial.as_code()
        again = opened(code)
        again.set(**some_states(explorer, 1, seed=6)[0])
        again.reset()
        assert again.as_code() == code
        assert again._spec["initial"].items() <= again.state.items()
        trial.close()
        again.close()


@each_explorer
def test_close_frees_it(name: str) -> None:
    make(name).close()
    with nothing_left():
        closed = []
        for _ in range(5):
            explorer = make(name)
            for state in some_states(explorer, 3):
                explorer.set(**state)
            explorer._repr_mimebundle_()
            closed.append(weakref.ref(explorer))
            explorer.close()
        del explorer
    assert [ref() for ref in closed] == [None] * 5
    names()["layout"] = shared = ipywidgets.Layout(width="50%")
    opened(line(name, layout=0).replace("layout=0", "layout=layout")).close()
    assert shared.comm is not None


@each_explorer
def test_a_thousand_moves_leave_no_figure_and_no_widget(explorer: Any) -> None:
    import matplotlib.pyplot as plt

    explorer._repr_mimebundle_()
    with nothing_left():
        for state in some_states(explorer, MOVES):
            explorer.set(**state)
    assert plt.get_fignums() == []


@each_explorer
def test_saved_page_is_whole_and_asks_for_nothing(explorer: Any, tmp_path: Path) -> None:
    explorer.set(**some_states(explorer, 1)[0])
    text = explorer.save_page(tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    assert state["traits"].items() >= explorer.state.items()
    json.dumps(state["traits"], allow_nan=False)
    # The name of SVG, which no browser asks for.
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}
    loaded = re.findall(r"""(?:src|href)=["']([^"']*)|url\(([^)]*)|import\s*\(?["']([^"']*)""", text)
    assert all("".join(found).startswith("data:") for found in loaded)
    assert explorer.sentence.split(",")[0] in text
    assert f"<title>{explorer._spec['title']}" in text
    assert len(text) < 4e6


@each_widget
def test_front_end_is_one_module_and_takes_colours_from_the_palette(name: str) -> None:
    for part in (widget := make(name), *getattr(widget, "children", ())):
        if not hasattr(part, "_esm"):
            continue
        module = re.sub(r"^\s*//.*$", "", str(part._esm), flags=re.MULTILINE)
        assert len(re.findall(r"^export\b|[;}]export\b", module, re.MULTILINE)) == 1
        assert not re.search(r"""^\s*import\b|\bimport\s*\(?["'{]""", module, re.MULTILINE)
        if css := getattr(part, "_css", ""):
            css = str(css)
            rules = re.sub(r"(--w2s-[\w-]+):\s*#\w+", r"\1:", css)
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == []
            assert set(re.findall(r"var\((--w2s-[\w-]+)", css)) <= set(re.findall(r"(--w2s-[\w-]+):", css))


@each_card
def test_a_card_keeps_to_the_contract(name: str) -> None:
    _, trait, value, wrong = CARDS[name]
    make(name).close()
    with nothing_left():
        card = make(name)
        before, values = getattr(card, trait), heard(card, trait)
        with pytest.raises(traitlets.TraitError, match=r"^[^\n]+\.$"):
            setattr(card, trait, wrong)
        assert (getattr(card, trait), values) == (before, [])
        setattr(card, trait, value)
        assert values == [value]
        box = ipywidgets.HBox([card])
        box.layout.close()
        box.close()
        bundle = card._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        assert data["text/plain"]
        assert "application/vnd.jupyter.widget-view+json" in data
        lessons.start_over()
        card.close()
        del card, values, box
