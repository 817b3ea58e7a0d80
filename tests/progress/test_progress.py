"""Progress: what it says, that it stays quiet where it should, and that its last words hold no time."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from w2s_widgets.progress.bar import Progress, duration
from w2s_widgets.progress.surroundings import interactive, surroundings


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_time_left_counts_only_what_was_worked_on_now():
    clock = Clock()
    with Progress(100, "Encoding", unit="words", where="nowhere", clock=clock) as progress:
        progress.skip(50)
        assert progress.text == "Encoding: 50 of 100 words"
        clock.now = 10.0
        progress.advance(10)
        assert progress.text == "Encoding: 60 of 100 words, about 40 s left"
        progress.advance(40)
    assert progress.text == "Encoding: 100 of 100 words"


def test_an_interruption_is_said_and_passed_on():
    progress = Progress(10, "Encoding", where="nowhere")

    def work():
        with progress:
            progress.advance(4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert progress.text == "Encoding: 4 of 10 items, stopped here; what is done is kept"


def test_long_durations():
    assert duration(59.4) == "59 s"
    assert duration(60) == "1 min 0 s"
    assert duration(3599) == "59 min 59 s"
    assert duration(7260) == "2 h 1 min"


@pytest.mark.parametrize(("total", "where"), [(-1, "auto"), (1, "somewhere")])
def test_bad_arguments(total, where):
    with pytest.raises(ValueError, match=r"give|choose"):
        Progress(total, "x", where=where)


def test_a_log_file_gets_nothing_and_stderr_never_anything():
    program = "from w2s_widgets.progress.bar import Progress\nwith Progress(3, 'x') as p:\n    p.advance(3)\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_terminal_gets_one_line(capsys):
    with Progress(3, "Encoding", unit="words", where="terminal") as progress:
        progress.advance(3)
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert out.endswith("Encoding: 3 of 3 words\x1b[K\n")
    assert err == ""


def test_a_notebook_gets_one_bar_whose_last_text_is_always_the_same(monkeypatch):
    import IPython.display

    shown: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    for slow in (0.0, 7.0):
        clock = Clock()
        with Progress(5, "Encoding", where="notebook", clock=clock) as progress:
            clock.now = slow
            progress.advance(2)
            progress.advance(3)
    assert len(shown) == 2
    for box in shown:
        bar, note = box.children
        assert bar.value == bar.max == 5
        assert bar.bar_style == "success"
        assert note.value == "Encoding: 5 of 5 items"


def test_the_surroundings_are_a_terminal_a_notebook_or_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: False))
    assert not interactive()
    assert surroundings() == "nowhere"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    assert interactive()
    assert surroundings() == "terminal"
    monkeypatch.setattr(sys, "stdin", None)
    assert not interactive()
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert interactive()
    assert surroundings() == "notebook"
