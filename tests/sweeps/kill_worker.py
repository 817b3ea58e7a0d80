"""Kill a worker in the middle of a sweep: whichever process wrote the diary's latest line."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from tests.sweeps.studies import diary_of


class Killer(threading.Thread):
    """Wait for so many batches to have begun, then kill the process that began the last of them."""

    def __init__(self, diary: Path, *, after: int = 3, sign: int = signal.SIGKILL) -> None:
        super().__init__(daemon=True)
        self.diary, self.after, self.sign = diary, after, sign
        self.killed: int | None = None

    def run(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            began = diary_of(self.diary)
            if len(began) >= self.after:
                os.kill(began[-1][0], self.sign)
                self.killed = began[-1][0]
                return
            time.sleep(0.01)
