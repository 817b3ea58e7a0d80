"""One word for one thing: no name in Python or on the page is a word that the glossary gave up."""

from __future__ import annotations

import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONT_END = ROOT / "w2s_widgets/widgets/front_end"

# A pattern of the whole name, and what to say instead.
GIVEN_UP = {
    r"(?i:dials?)": "realizability",
    r"(?i:(.*_)?(ladder|rung)s?(_.*)?)|[a-z]*(Ladder|Rung)[A-Za-z]*": "study, results or teacher_marks",
    r"unlabell?ed": "n_student",
    r"teacher_labels": "n_teacher",
    r"not_realizable": "alignment",
    r"blind_spot|nearest_eps": "eps",
    r"(?i:(.*_)?restraints?)": "regularization",
    r"_?settle": "nearest_possible",
    r"_?yields": "adjusts",
    r"OnGrid": "AxisTrait",
    r"Watch": "TrainingMonitor",
    r"EnoughError": "StopForward",
    r"GivenHeads": "FixedHeads",
    r"WordStudy|WordFeatures|WordTable|SentenceStudy|LadderStudy": "TextStudy or FeatureStudy",
    r"WordExplorer|LadderExplorer": "StudyExplorer",
    r"NetworkWorld": "NetworkStudy",
    r"NoisyCopies": "PerturbedRepresentations",
    r"TeacherContest": "TeacherSelection",
    r"gain_follows_misfit": "gain_misfit_correlation",
    r"_misfortune": "_format_error",
    r"READER": "SESSION_LOG",
    r"Fold": "Collapsible",
}
# Of the package alone: a name of Python's own, or of tests that drive a browser.
OF_THE_PACKAGE = {
    r"Screen": "ExplorerSpec",
    r"passes": "pooling",
    r"cards": "display.html",
    r"protocol": "studies.weak_to_strong",
    r"Stack": "BatchedMLP",
}
KEEPS_OLD_NAMES = {"w2s_widgets/_renamed.py", "tests/ground/test_renamed.py"}
ALIASES = {
    (f"w2s_widgets/{path}.py", name)
    for path, names in {
        "theory/ranking": "ladder",
        "studies/features/study": "dials teacher_labels unlabelled",
        "widgets/sample_explorer": "restraint",
        "widgets/study_explorer": "dial teacher_labels unlabelled",
        "widgets/teacher_chooser": "blind_spot",
    }.items()
    for name in names.split()
}


def names_in(path: Path) -> dict[str, int]:
    """Return the names of a source, and each one's last line; words of comments and strings are prose."""
    if path.suffix == ".js":
        lines = path.read_text(encoding="utf-8").split("\n")
        code = [re.sub(r"//.*|\"[^\"]*\"", "", line) for line in lines]
        found = {name: n for n, line in enumerate(code, 1) for name in re.findall(r"[A-Za-z_$][\w$]*", line)}
    else:
        with path.open("rb") as source:
            tokens = [one for one in tokenize.tokenize(source.readline) if one.type == tokenize.NAME]
        found = {token.string: token.start[0] for token in tokens}
    return found | {path.stem: 0}


def given_up(name: str, package: bool) -> str | None:
    """Return the word to use instead of a name, if there is one."""
    banned = GIVEN_UP | (OF_THE_PACKAGE if package else {})
    return next((new for old, new in banned.items() if re.fullmatch(old, name)), None)


def sources() -> list[Path]:
    python = [path for room in ("w2s_widgets", "tests", "chapters") for path in (ROOT / room).rglob("*.py")]
    pages = [path for room in ("core", "views", "entries") for path in (FRONT_END / room).glob("*.js")]
    return [path for path in (*python, *pages) if "node_modules" not in path.parts]


def test_no_name_is_a_word_that_was_given_up() -> None:
    wrong = []
    for path in sources():
        where = path.relative_to(ROOT).as_posix()
        if where in KEEPS_OLD_NAMES:
            continue
        for name, line in names_in(path).items():
            new = given_up(name, where.startswith("w2s_widgets/"))
            if new is not None and (where, name) not in ALIASES:
                wrong.append(f"{where}:{line} has {name}: say {new}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", ["styles", "core", "views", "entries"])
def test_no_class_of_the_page_is_one_either(folder: str) -> None:
    for path in (FRONT_END / folder).iterdir():
        assert not re.search(r"w2s-(rung|ladder|dial)", path.read_text(encoding="utf-8")), path.name


def test_the_book_speaks_of_teachers_from_weak_to_strong() -> None:
    for path in (ROOT / "chapters").glob("*.py"):
        found = re.search(r".*\b(ladders?|rungs?)\b.*", path.read_text(encoding="utf-8"), re.IGNORECASE)
        assert found is None, f"{path.name}: {found and found[0]}"


@pytest.mark.parametrize(
    ("name", "package", "new"),
    [
        ("ladder_names", False, "study, results or teacher_marks"),
        ("RUNGS", False, "study, results or teacher_marks"),
        ("dials", False, "realizability"),
        ("passes", True, "pooling"),
        ("passes", False, None),
        ("stack", True, None),
        ("grunge", True, None),
    ],
)
def test_a_given_up_name_is_found(name: str, package: bool, new: str | None) -> None:
    assert given_up(name, package) == new
