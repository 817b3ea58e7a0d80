"""The house: every room's place, imports that only go down, no circles, few files in a room."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "w2s_widgets"

# From the ground up: a room imports itself and rooms that stand above it in this list, nothing else.
ROOMS = (
    ("_version", "_numbers", "_validation", "_optional", "_renamed", "_rich_display"),
    ("cache", "progress"),
    ("heads",),
    ("theory", "encoders"),
    ("display", "datasets"),
    ("studies",),
    ("sweeps", "build_data", "plots"),
    ("pairs",),
    ("widgets",),
    ("lessons",),
    ("__init__",),
)
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
# A floor's rooms do not know each other, but for these.
BESIDE = {("_validation", "_numbers"), ("progress", "cache")}
MODULES = {
    ".".join(("w2s_widgets", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in PACKAGE.rglob("*.py")
}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def imports_of(source: str) -> dict[str, int]:
    """Return what a source imports of the package, anywhere in it, and in which line."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the whole path of an import"
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names]
            targets = [name if name in MODULES else base for name in names]
        elif isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        else:
            continue
        found |= {target: node.lineno for target in targets if target.split(".")[0] == "w2s_widgets"}
    return found


def test_every_room_has_its_place() -> None:
    assert {room_of(module) for module in MODULES} == set(FLOOR)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_down(module: str) -> None:
    room = room_of(module)
    for target, line in imports_of(MODULES[module].read_text(encoding="utf-8")).items():
        other = room_of(target)
        assert other == room or FLOOR[other] < FLOOR[room] or (room, other) in BESIDE, (
            f"{MODULES[module].relative_to(ROOT)}:{line} imports {target}: {room} stands on floor "
            f"{FLOOR[room]} and may not know {other} on floor {FLOOR[other]}"
        )


def test_no_circle() -> None:
    # A package's __init__ collects the names of its modules: who imports the package imports those.
    graph = {module: set(imports_of(path.read_text(encoding="utf-8"))) for module, path in MODULES.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(error.args[1])}")


def test_only_the_one_door_is_opened_by_name() -> None:
    """Imports that no reader of the source sees: the face's, the door's, and what a user may lack."""
    opened = {
        module
        for module, path in MODULES.items()
        if "import_module(" in path.read_text(encoding="utf-8")
        or "__import__(" in path.read_text(encoding="utf-8")
    }
    # The exercises' room finds its own files.
    own_files = {"w2s_widgets.lessons.exercises"}
    assert opened == {"w2s_widgets", "w2s_widgets._rich_display", "w2s_widgets._optional"} | own_files


def test_rooms_stay_small() -> None:
    top = [path.name for path in PACKAGE.glob("*.py") if path.stem != "__init__"]
    assert len(top) <= 8, f"{len(top)} files at the package's top: {', '.join(sorted(top))}"
    for folder in (path for path in PACKAGE.rglob("*") if path.is_dir() and "node_modules" not in path.parts):
        modules = [path for path in folder.glob("*") if path.suffix in (".py", ".js")]
        assert len(modules) <= 16, f"{folder.relative_to(ROOT)} has {len(modules)} modules: split it by idea"


def test_the_checks_would_find_what_they_look_for() -> None:
    seen = imports_of(
        "def f():\n    from w2s_widgets.plots import Picture\n"
        "if TYPE_CHECKING:\n    import w2s_widgets.widgets"
    )
    assert {room_of(target) for target in seen} == {"plots", "widgets"}


def test_no_test_module_imports_from_another() -> None:
    """What two of them share is a module of its own: test modules are found and run, not imported."""
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").rpartition(".")[2].startswith("test_"), (
                    f"{path}: {node.module}"
                )
