"""A memory of its own for each test: what others measured is not there."""

import atexit

import pytest

from monitoring import jobs, middleware, recorder


@pytest.fixture
def own(monkeypatch):
    """The recorder of this test, which nothing writes by itself."""
    fresh = recorder.Recorder()
    for module in (recorder, middleware, jobs):
        monkeypatch.setattr(module, "recorder", fresh)
    recorder.of_no_request.clear()
    yield fresh
    atexit.unregister(fresh._write_a_last_time)  # it would write in the base of the next run
