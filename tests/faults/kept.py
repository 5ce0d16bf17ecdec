"""A program kept running, as systemd or Docker does: started again whenever it ends."""

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path

from tests.programs import children_of, kill

PAUSE = 1.0  # seconds between its end and its next start (RestartSec)


class Kept:
    """Started in a group of its own: what is stopped at the end is what it started, by number."""

    def __init__(self, name: str, words: list, environment: dict, folder: Path) -> None:
        self.name, self.words = name, [str(word) for word in words]
        self.environment, self.log = environment, folder / f"{name}.log"
        self.folder = folder
        self.ends = 0  # times it ended without being asked
        self.over, self.lock = threading.Event(), threading.Lock()

    def start(self) -> None:
        self._start_process()
        self.watch = threading.Thread(target=self._keep, daemon=True)
        self.watch.start()

    def _start_process(self) -> None:
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                self.words,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        (self.folder / f"{self.name}.pid").write_text(str(self.process.pid))

    def _keep(self) -> None:
        while True:
            self.process.wait()
            self.over.wait(PAUSE)
            with self.lock:
                if self.over.is_set():
                    return
                self.ends += 1
                self._start_process()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def children(self) -> list[int]:
        return children_of(self.pid)

    def kill(self) -> None:
        """As the kernel does when memory runs out: no goodbye."""
        kill(self.pid)

    def stop(self, how: int = signal.SIGTERM, patience: float = 20) -> None:
        with self.lock:  # none is being started
            self.over.set()
        group = self.process.pid
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)  # what a master that was killed left behind
        self.watch.join()
