"""A file received is whole and on the disk, or not there: a full disk leaves no half of it."""

import errno
import os

import pytest
from django.core.files.base import ContentFile

from common.storage import WholeFileStorage
from config.settings.files import STORAGES


class Cut(ContentFile):
    """A file during which the disk fills."""

    def chunks(self, chunk_size=None):
        yield b"the first half"
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def storage(tmp_path):
    return WholeFileStorage(location=tmp_path)


def test_production_keeps_its_files_so():
    assert STORAGES["default"] == {"BACKEND": "common.storage.WholeFileStorage"}


def test_a_file_is_kept_whole(storage, tmp_path):
    name = storage.save("transmissions/a.csv", ContentFile(b"UCD;Stock"))
    assert (tmp_path / name).read_bytes() == b"UCD;Stock"


def test_a_disk_that_fills_leaves_nothing_of_the_file(storage, tmp_path):
    with pytest.raises(OSError, match="No space left"):
        storage.save("transmissions/a.csv", Cut(b"UCD;Stock"))
    assert list((tmp_path / "transmissions").iterdir()) == []


def test_what_another_had_kept_stays(storage, tmp_path, monkeypatch):
    """Two at once take the same name: the one that fails takes nothing away from the other."""
    storage.save("a.csv", ContentFile(b"of another"))
    names = iter(["a.csv", "b.csv"])
    monkeypatch.setattr(storage, "get_available_name", lambda name, max_length=None: next(names))
    with pytest.raises(OSError, match="No space left"):
        storage.save("a.csv", Cut(b"UCD;Stock"))
    assert (tmp_path / "a.csv").read_bytes() == b"of another"


def test_it_is_on_the_disk_before_it_is_acknowledged(storage, tmp_path, monkeypatch):
    settled = []
    monkeypatch.setattr(os, "fsync", lambda handle: settled.append(os.fstat(handle).st_ino))
    name = storage.save("a.csv", ContentFile(b"UCD;Stock"))
    written = tmp_path / name
    assert settled == [written.stat().st_ino, written.parent.stat().st_ino]  # and its name
