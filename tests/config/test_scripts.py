"""What `make demo` starts lives as long as it does, and no longer."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.together import TOGETHER, TogetherWhereAsked


def wait_for(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("it never came")


def is_alive(pid):
    """Whether the process runs; one that ended and whose parent has not looked is over."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def kept(tmp_path):
    """A program under `scripts/keep`, and the numbers under which it was started."""
    starts = tmp_path / "starts"
    program = f"echo $$ >>{starts}; exec sleep 60"
    words = [f"{settings.BASE_DIR}/scripts/keep", tmp_path / "pid", tmp_path / "log"]
    keeper = subprocess.Popen([*words, "sh", "-c", program], env=os.environ | {"PAUSE": "0.05"})
    keeper.starts = lambda: [int(line) for line in starts.read_text().split()]
    wait_for(starts.exists)
    yield keeper
    keeper.terminate()
    keeper.wait(5)


def test_a_worker_that_was_killed_is_started_again(kept, tmp_path):
    for count in (1, 2):
        wait_for(lambda count=count: len(kept.starts()) == count)
        os.kill(kept.starts()[-1], signal.SIGKILL)
    wait_for(lambda: len(kept.starts()) == 3)
    wait_for(lambda: int((tmp_path / "pid").read_text()) == kept.starts()[-1])
    assert [is_alive(pid) for pid in kept.starts()] == [False, False, True]


def test_stopping_leaves_nothing_behind(kept, tmp_path):
    wait_for(lambda: len(kept.starts()) == 1)
    kept.terminate()
    assert kept.wait(5) == 0
    assert not is_alive(kept.starts()[0])
    assert not (tmp_path / "pid").exists()


def test_the_files_that_stay_together_exist_and_the_others_are_dealt_test_by_test():
    assert [path for path in TOGETHER if not (settings.BASE_DIR / path).exists()] == []
    scope_of = TogetherWhereAsked._split_scope
    for path in TOGETHER:
        assert scope_of(None, f"{path}::test_a[x::y]") == path
    assert scope_of(None, "tests/a.py::test_a") != scope_of(None, "tests/a.py::test_b")
