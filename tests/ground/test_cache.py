"""The cache: found again, atomic under a real kill, damage noticed and repaired."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import warnings
import zipfile

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets import cache as public
from w2s_widgets.cache import ArrayCache, default_folder, write_atomically

KEY = ArrayCache.key(model="m", inputs=["lemon"])
ARRAYS = {"layer0": np.arange(600, dtype=np.float32).reshape(20, 30), "layer1": np.ones((20, 30))}


@pytest.fixture
def cache(tmp_path):
    return ArrayCache(tmp_path / "features")


def assert_same(found, wanted=ARRAYS):
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_what_was_stored_is_found(cache):
    assert cache.load(KEY) is None
    cache.store(KEY, ARRAYS)
    assert_same(cache.load(KEY))


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": ["lime"]},
        {"inputs": ["lem", "on"]},
        {"layers": [1]},
        {"weights": "other"},
        {"pooling": "first token"},
        {"dtype": "float64"},
    ],
)
def test_the_key_depends_on_every_part(change):
    parts = {"weights": "w", "layers": [0], "pooling": "mean", "dtype": "float32", "inputs": ["lemon"]}
    assert ArrayCache.key(**parts) != ArrayCache.key(**(parts | change))
    assert ArrayCache.key(**parts) == ArrayCache.key(**dict(reversed(parts.items())))


def test_a_key_of_something_without_content_is_refused():
    with pytest.raises(TypeError):
        ArrayCache.key(model=object())


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, -1])
def test_a_truncated_file_is_noticed_in_one_sentence_and_built_again(cache, keep):
    cache.store(KEY, ARRAYS)
    path = cache.path(KEY)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep) if isinstance(keep, float) else keep])
    with pytest.warns(UserWarning, match="was damaged, so it is thrown away and computed again") as caught:
        assert cache.load(KEY) is None
    assert len(caught) == 1
    assert not path.exists()
    cache.store(KEY, ARRAYS)
    assert_same(cache.load(KEY))


def test_a_changed_array_is_noticed_although_the_file_is_whole(cache):
    cache.store(KEY, ARRAYS)
    path = cache.path(KEY)
    with np.load(path) as file:
        content = {name: file[name].copy() for name in file.files}
    content["layer0"][3, 4] += 1
    np.savez(path, **content)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    with pytest.warns(UserWarning, match="damaged"):
        assert cache.load(KEY) is None


@pytest.mark.filterwarnings("ignore:The cached file")
@pytest.mark.parametrize("flip", [0x01, 0x40, 0x80])
def test_a_flipped_bit_anywhere_never_gives_other_numbers(cache, flip):
    small = {"layer0": np.arange(6.0).reshape(2, 3)}
    cache.store(KEY, small)
    path = cache.path(KEY)
    whole = path.read_bytes()
    noticed = 0
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= flip
        path.write_bytes(damaged)
        found = cache.load(KEY)
        noticed += found is None
        if found is not None:
            assert found.keys() == small.keys()
            np.testing.assert_array_equal(found["layer0"], small["layer0"])
    assert noticed > len(whole) / 2


def test_pickles_are_neither_written_nor_read(cache):
    with pytest.raises(TypeError, match="holds Python objects"):
        cache.store(KEY, {"layer0": np.array([{}], dtype=object)})
    path = cache.path(KEY)
    path.parent.mkdir(parents=True)
    np.savez(path, layer0=np.array([{}], dtype=object), sha256=np.zeros(32, np.uint8))
    with pytest.warns(UserWarning, match="damaged"):
        assert cache.load(KEY) is None


@pytest.mark.slow
def test_a_process_killed_while_writing_breaks_nothing(cache, tmp_path):
    """A real process stores one entry after another and is killed at a random moment, several times."""
    program = textwrap.dedent(
        """
        import sys
        import numpy as np
        from w2s_widgets.cache import ArrayCache
        cache = ArrayCache(sys.argv[1])
        number = 0
        while True:
            key = ArrayCache.key(number=number % 8)
            cache.store(key, {"layer0": np.full((1500, 1000), number % 8, np.float32)})
            number += 1
            print(number, flush=True)
        """
    )
    rng = np.random.default_rng(0)
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(cache.folder)], stdout=subprocess.PIPE, env=os.environ
        )
        for _ in range(3):
            process.stdout.readline()
        time.sleep(rng.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait()
        process.stdout.close()
        found = [cache.load(ArrayCache.key(number=number)) for number in range(8)]
        assert any(arrays is not None for arrays in found)
        for number, arrays in enumerate(found):
            if arrays is not None:
                assert (arrays["layer0"] == number).all()


def test_a_write_that_fails_leaves_the_old_file_and_no_leftover(cache, monkeypatch):
    cache.store(KEY, ARRAYS)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.warns(
        UserWarning, match=r"cannot be written \(No space left on device\), so nothing is kept"
    ):
        cache.store(KEY, {"layer0": np.zeros(1)})
    monkeypatch.undo()
    assert_same(cache.load(KEY))
    assert not list(cache.folder.glob("*/*.part"))


def test_leftovers_of_killed_processes_are_swept_but_not_those_just_being_written(cache):
    cache.store(KEY, ARRAYS)
    old, new = cache.path(KEY).parent / "old.part", cache.path(KEY).parent / "new.part"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    ArrayCache(cache.folder).store(ArrayCache.key(another=1), ARRAYS)
    assert not old.exists()
    assert new.exists()
    assert cache.clear() == 2
    assert not new.exists()


def test_info_and_clear(cache):
    assert (cache.info().entries, cache.info().size) == (0, 0)
    cache.store(KEY, ARRAYS)
    info = cache.info()
    assert info.entries == 1
    assert info.size == cache.path(KEY).stat().st_size
    assert str(cache.folder) in str(info)
    assert cache.clear() == 1
    assert cache.load(KEY) is None


def numbered(number):
    return ArrayCache.key(number=number)


def stored(cache, numbers, spare=()):
    """Store entries of about 8 kB, each older than the next."""
    for number in numbers:
        cache.store(numbered(number), {"layer0": np.full(1000, number, np.float64)}, spare)
        if cache.path(numbered(number)).exists():
            os.utime(cache.path(numbered(number)), (time.time() - 1000 + number,) * 2)


def kept(cache, numbers):
    return [number for number in numbers if cache.path(numbered(number)).exists()]


def test_beyond_the_limit_goes_what_was_used_longest_ago(cache):
    stored(cache, range(6))
    each = cache.info().size / 6
    assert cache.load(numbered(0)) is not None  # used now, although written first
    cache.limit = 4.5 * each
    assert kept(cache, range(6)) == [0, 3, 4, 5]
    stored(cache, [6, 7])
    assert kept(cache, range(8)) == [0, 5, 6, 7]
    assert cache.info().size <= cache.limit
    assert ArrayCache(cache.folder).limit == cache.limit, "the limit is kept for the next session"


def test_another_process_s_files_count_towards_the_limit(cache):
    stored(cache, range(3))
    cache.limit = cache.info().size * 1.4
    stored(ArrayCache(cache.folder), [3, 4, 5])
    stored(cache, range(6, 80))
    assert cache.info().size <= cache.limit
    assert 79 in kept(cache, range(80))


def test_what_the_computation_under_way_keeps_is_never_removed(cache):
    stored(cache, range(3))
    each = cache.info().size / 3
    cache.limit = 3.5 * each
    under_way = [numbered(number) for number in range(10, 15)]
    with pytest.warns(
        UserWarning, match=r"is full with what this .* w2s_widgets\.cache\.limit\(gigabytes\)"
    ) as caught:
        stored(cache, range(10, 15), under_way)
    assert len(caught) == 1, "said once"
    assert kept(cache, range(15)) == [10, 11, 12]
    assert cache.load(under_way[4]) is None
    stored(cache, [20])
    assert kept(cache, range(21)) == [11, 12, 20]


def test_a_limit_that_cannot_be_read_is_the_usual_one(cache):
    stored(cache, [0])
    (cache.folder / "limit.txt").write_text("many")
    assert cache.limit == public.DEFAULT_LIMIT == 2e9
    for wrong in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="give a number of bytes, 0 or more"):
            cache.limit = wrong
    assert cache.limit == 2e9


def test_the_public_face(monkeypatch, tmp_path):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    assert w2s.cache is public
    ArrayCache().store(KEY, ARRAYS)
    (tmp_path / "models" / "tiny").mkdir(parents=True)
    (tmp_path / "models" / "tiny" / "model.safetensors").write_bytes(b"w" * 3_000_000)
    assert repr(w2s.cache.info()) == (
        f"1 entries, 0.0 MB of at most 2 GB, in {tmp_path / 'features'}; 3.0 MB of models beside them"
    )
    assert w2s.cache.limit() == 2.0
    assert w2s.cache.limit(0.5) == 0.5 == w2s.cache.limit()
    assert w2s.cache.info().limit == 5e8
    assert w2s.cache.limit(float("inf")) == float("inf")
    assert "of at most any size" in str(w2s.cache.info())
    for wrong, error in (
        (-1, ValueError),
        (float("nan"), ValueError),
        ("2 GB", TypeError),
        (True, TypeError),
    ):
        with pytest.raises(error, match=r"give a number"):
            w2s.cache.limit(wrong)
    assert w2s.cache.clear() == 1
    assert w2s.cache.info()[1:3] == (0, 0)
    assert w2s.cache.info().models == 3_000_000
    w2s.cache.clear(models=True)
    assert w2s.cache.info().models == 0
    assert w2s.cache.limit() == float("inf"), "clearing does not change the limit"
    w2s.cache.limit(0)
    with pytest.warns(UserWarning, match="is full"):
        ArrayCache().store(KEY, ARRAYS)
    assert w2s.cache.info().entries == 0


def test_the_folder_comes_from_the_environment_or_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    assert ArrayCache().folder == tmp_path / "features"
    monkeypatch.delenv("W2S_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_folder() == tmp_path / "xdg" / "w2s-widgets"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_folder().parts[-3:] == ("Library", "Caches", "w2s-widgets")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert default_folder() == tmp_path / "local" / "w2s-widgets"


def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", b"content")
    assert list(tmp_path.iterdir()) == []


AS_NOBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.name == "posix" else []


def without_rights(code, folder, **environment):
    """Run a line in a process that may not do everything, as root may."""
    if not hasattr(os, "getuid") or (os.getuid() == 0 and not shutil.which("setpriv")):
        pytest.skip("needs a system on which a folder can be closed")
    command = [*(AS_NOBODY if os.getuid() == 0 else []), sys.executable, "-W", "always", "-c", code]
    told = {**os.environ, "W2S_CACHE": str(folder), **environment}
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False, timeout=120)


CALLS = {
    "features": "w2s.encoder(len_of, name='f', version='1').encode(['a', 'bb'], progress=False)",
    "info": "print(w2s.cache.info().entries)",
    "clear": "print(w2s.cache.clear())",
    "clear models": "print(w2s.cache.clear(models=True))",
    "limit": "print(w2s.cache.limit(1) > 0)",
}


@pytest.mark.parametrize("mode", [0o000, 0o500, 0o600], ids=["closed", "read-only", "no search"])
@pytest.mark.parametrize("where", ["root", "features", "part"])
@pytest.mark.parametrize("call", CALLS)
def test_a_cache_of_somebody_else_is_one_warning(tmp_path, call, mode, where):
    root = tmp_path / "kept"
    ArrayCache(root / "features").store(KEY, ARRAYS)
    part = root / "features" / KEY[:2]
    closed = {"root": root, "features": root / "features", "part": part}[where]
    prefix = "import w2s_widgets as w2s; len_of = lambda xs: [[len(x)] for x in xs]; "
    if hasattr(os, "getuid") and os.getuid() == 0:
        os.chown(closed, 12345, 12345)
    closed.chmod(mode)
    try:
        done = without_rights(prefix + CALLS[call], root)
    finally:
        closed.chmod(0o700)
    assert done.returncode == 0, done.stderr
    warned = [line for line in done.stderr.splitlines() if "Warning:" in line]
    assert len(warned) <= 1, done.stderr
    if call == "features" and where != "part":
        assert "(Permission denied), so nothing is kept: set W2S_CACHE to a folder that can." in warned[0]


@pytest.mark.parametrize("chosen", [None, "~nobody-of-this-name/cache"])
def test_without_a_home_nothing_is_kept_and_it_is_said_once(chosen):
    code = (
        "import os, pwd\n"
        "def none(name): raise KeyError(name)\n"
        "pwd.getpwuid = pwd.getpwnam = none\n"
        "import w2s_widgets as w2s\n"
        "f = w2s.encoder(lambda xs: [[len(x)] for x in xs], name='f', version='1')\n"
        "print(f.encode(['a', 'bb'], progress=False)['output'].tolist(), f.encode(['c'], progress=False))\n"
        "print(w2s.cache.info().entries, w2s.cache.clear(), w2s.cache.limit() > 0)\n"
        "w2s.cache.limit(1)\n"
    )
    if os.name != "posix":
        pytest.skip("needs the home folders of Unix")
    gone = ("HOME", "W2S_CACHE", "XDG_CACHE_HOME")
    environment = {key: value for key, value in os.environ.items() if key not in gone}
    if chosen is not None:
        environment["W2S_CACHE"] = chosen
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == "0 0 True"
    sentence = (
        "There is no home folder to keep anything in, so nothing is kept: set W2S_CACHE to a folder that can."
    )
    assert done.stderr.count(sentence) == 2, "once by the encoder, once by the limit"


def test_a_full_disk_is_one_warning_and_what_was_kept_is_found(cache, monkeypatch):
    cache.store(KEY, ARRAYS)

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("w2s_widgets.cache.write_atomically", full)
    with pytest.warns(
        UserWarning, match=r"cannot be written \(No space left on device\), so nothing is kept"
    ) as told:
        cache.store(ArrayCache.key(model="a"), ARRAYS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cache.store(ArrayCache.key(model="b"), ARRAYS)
    assert len(told) == 1
    assert_same(cache.load(KEY))
