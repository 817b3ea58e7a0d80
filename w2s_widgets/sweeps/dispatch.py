"""Batches on an executor: sent out, lost with a worker, sent again, and none twice."""

from __future__ import annotations

import hashlib
import pickle
import secrets
import tempfile
import time
import warnings
from collections import Counter, deque
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from w2s_widgets.studies.study import Study
from w2s_widgets.sweeps.batches import Computed, Parcel, compute, run_batch
from w2s_widgets.sweeps.settings import Batch
from w2s_widgets.sweeps.worker import count_workers, is_death, one_worker_for_each, take_back

ATTEMPTS = 3
"""How often a batch is sent out before its losses are no accident."""

PATIENCE = 60.0
"""Seconds without any worker after which the batches are computed here."""

_LOOK_SECONDS = 1.0
_AHEAD = 4  # batches under way for each worker: enough that none waits for this process


def compute_here(study: Study, batches: Sequence[Batch]) -> Generator[tuple[Batch, Computed], None, None]:
    """Compute batches in this process, one after the other."""
    for batch in batches:
        yield batch, compute(study, batch.settings)


def compute_on(
    executor: Any, study: Study, batches: Sequence[Batch]
) -> Generator[tuple[Batch, Computed], None, None]:
    """Compute batches on the workers of an executor and yield each once, as it is done.

    If the executor stops working, one warning says so and what is left is computed here.
    """
    executor = one_worker_for_each(executor)
    waiting, under_way = deque(batches), dict[Future[Any], Batch]()
    lost, killed, needy = Counter[str](), Counter[str](), set[str]()
    dead: str | None = None
    last_sign = time.monotonic()
    with ExitStack() as stack:
        post = _Post(study, stack)
        try:
            while under_way or (waiting and dead is None):
                window = _AHEAD * max(1, count_workers(executor))
                while waiting and dead is None and len(under_way) < window:
                    batch = waiting.popleft()
                    try:
                        parcel = post.parcel(with_content=batch.key in needy)
                        future = executor.submit(run_batch, parcel, batch.settings, post.ticket())
                    except Exception as refusal:  # broken, shut down, closed: each says it in its own way
                        dead = _why(refusal)
                        waiting.appendleft(batch)
                    else:
                        under_way[future] = batch
                done = wait(under_way, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED).done
                for future in done:
                    batch = under_way.pop(future)
                    error = _error_of(future)
                    if error is None:
                        computed = future.result()
                        if computed is not None:
                            yield batch, computed
                        else:
                            needy.add(batch.key)
                            waiting.appendleft(batch)
                        continue
                    if isinstance(error, BrokenExecutor):
                        dead = _why(error)
                        waiting.append(batch)
                        continue
                    lost[batch.key] += 1
                    killed[batch.key] += is_death(error)
                    if lost[batch.key] < ATTEMPTS:
                        waiting.append(batch)
                    elif is_death(error):
                        yield batch, _given_up(batch, killed[batch.key])
                    else:
                        dead = _why(error)
                        waiting.append(batch)
                if done or count_workers(executor) > 0:
                    last_sign = time.monotonic()
                elif time.monotonic() - last_sign > PATIENCE:
                    dead = f"it had no worker for {PATIENCE:g} seconds"
                    waiting.extend(under_way.values())
                    _drop(under_way)
        finally:
            _drop(under_way)
    # What has killed two workers would kill this process, too.
    for batch in [batch for batch in waiting if killed[batch.key] > 1]:
        waiting.remove(batch)
        yield batch, _given_up(batch, killed[batch.key])
    if waiting:
        assert dead is not None
        count = f"{len(waiting)} batches" if len(waiting) > 1 else "1 batch"
        warnings.warn(
            f"The executor stopped working ({dead}), so the {count} that it left are computed in this "
            "process.",
            stacklevel=2,
        )
        yield from compute_here(study, list(waiting))


class _Post:
    """Sends the study to workers: a file that each reads once, and its bytes to whoever cannot."""

    def __init__(self, study: Study, stack: ExitStack) -> None:
        self._content = _pickled(study)
        path = Path("study.pickle")
        try:
            folder = tempfile.TemporaryDirectory(prefix="w2s-sweep-", ignore_cleanup_errors=True)
            path = Path(stack.enter_context(folder), path.name)
            path.write_bytes(self._content)
        except OSError:  # a full disk: no worker finds it, and each asks for the bytes
            path = path.with_name("not-written.pickle")
        self._parcel = Parcel(hashlib.sha256(self._content).hexdigest(), str(path))
        self._name = secrets.token_hex(8)
        self._sent = 0

    def ticket(self) -> str:
        self._sent += 1
        return f"{self._name}-{self._sent}"

    def parcel(self, *, with_content: bool) -> Parcel:
        return self._parcel._replace(content=self._content) if with_content else self._parcel


def _pickled(study: Study) -> bytes:
    try:
        # It also sends classes that are defined in a notebook; every distributed engine brings it along.
        from cloudpickle import dumps
    except ImportError:
        from pickle import dumps
    try:
        return bytes(dumps(study))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise TypeError(
            f"this {type(study).__name__} cannot be sent to workers ({error}): sweep it with executor=None."
        ) from None


def _error_of(future: Future[Any]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _given_up(batch: Batch, deaths: int) -> Computed:
    reason = (
        f"The worker that computed this batch died, {deaths} times: the batch may need more memory than a "
        "worker has."
    )
    return Computed([reason] * len(batch.settings), False)


def _why(error: BaseException) -> str:
    text = str(error).strip().rstrip(".")
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__


def _drop(under_way: dict[Future[Any], Batch]) -> None:
    for future in under_way:
        take_back(future)
    under_way.clear()
