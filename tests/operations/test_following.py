"""The log followed: whole segments leave the spool, the unfinished one is copied, none skipped."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.backups import follow, server
from config.backups.errors import BackupError
from config.backups.follow import Follower
from config.backups.last import last_backup
from config.backups.repository import Full, Repository
from config.backups.sealing import make_key, recipients
from tests.operations.test_repository import add_full, segment

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def here(number=7, line=1, at=NOW):
    return server.Position(at, 1000, segment(number, line), "7000", 180006, 1000)


@pytest.fixture
def follower(tmp_path, settings, monkeypatch):
    for name in ("MEDIA_ROOT", "LOGISTICS_DIR", "OIDC_KEYS_FOLDER"):
        setattr(settings, name, tmp_path / "none")
    settings.BACKUP_STATE = tmp_path / "last-backup.json"
    repository = Repository(tmp_path / "repository")
    repository.prepare("7000")
    (tmp_path / "spool").mkdir()
    made = Follower(repository, recipients(make_key(tmp_path / "key")), tmp_path / "spool")
    made.asked = []
    monkeypatch.setattr(made, "make_full", lambda: made.asked.append("full"))
    return made


def put(follower, *names):
    for name in names:
        (follower.spool / name).write_bytes(name.encode() * 100)


def held(follower):
    return sorted(one.name.removesuffix(".gz.age") for one in follower.repository.wal.glob("*.age"))


def left(follower):
    return sorted(one.name for one in follower.spool.iterdir())


def test_whole_segments_leave_and_the_unfinished_one_is_copied(follower):
    put(follower, segment(5), segment(6), f"{segment(7)}.partial", "00000002.history")
    follower.seal_log()
    assert left(follower) == [f"{segment(7)}.partial"]
    whole = ["00000002.history", segment(5), segment(6)]
    assert held(follower) == sorted([*whole, f"{segment(7)}.partial"])


def test_once_whole_it_takes_the_place_of_its_copy(follower):
    put(follower, f"{segment(7)}.partial")
    follower.seal_log()
    (follower.spool / f"{segment(7)}.partial").rename(follower.spool / segment(7))
    put(follower, f"{segment(8)}.partial")
    follower.seal_log()
    assert held(follower) == [segment(7), f"{segment(8)}.partial"]


def test_a_segment_finished_while_one_looks_is_not_skipped(follower, monkeypatch):
    put(follower, f"{segment(7)}.partial")
    seal_one, finished = Follower.seal_one, []

    def finish_first(self, path):
        if not finished:
            finished.append(path.rename(self.spool / segment(7)))
            put(self, f"{segment(8)}.partial")
        seal_one(self, path)

    monkeypatch.setattr(Follower, "seal_one", finish_first)
    follower.seal_log()
    assert held(follower) == [segment(7), f"{segment(8)}.partial"]


def test_an_unfinished_segment_where_nothing_was_written_is_not_copied_again(follower, monkeypatch):
    sealed = []
    monkeypatch.setattr(Follower, "seal_one", lambda self, path: sealed.append(path.name))
    put(follower, f"{segment(7)}.partial")
    follower.seal_log()
    follower.seal_log()
    assert len(sealed) == 1
    (follower.spool / f"{segment(7)}.partial").write_bytes(b"more")
    put(follower, f"{segment(7, line=2)}.partial")  # the end of the other line stays there
    follower.seal_log()
    follower.seal_log()
    assert len(sealed) == 3


def test_a_disk_that_fills_leaves_the_segment_in_the_spool(follower, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    put(follower, segment(5))
    monkeypatch.setattr(follow, "seal", full)
    with pytest.raises(OSError, match="No space left"):
        follower.seal_log()
    assert left(follower) == [segment(5)]
    assert held(follower) == []


def test_a_whole_copy_is_due_at_first_when_old_after_a_restore_and_past_a_hole(follower, settings):
    settings.BACKUP_EVERY_HOURS = 24
    full = Full(NOW, NOW, segment(5), 1000, "7000", 180006)
    put(follower, segment(5), segment(6), f"{segment(7)}.partial")
    follower.seal_log()
    assert not follower.is_due(full, here(at=NOW + timedelta(hours=23)))
    assert follower.is_due(full, here(at=NOW + timedelta(hours=24)))
    assert follower.is_due(full, here(line=2))
    (follower.repository.wal / f"{segment(6)}.gz.age").unlink()
    assert follower.is_due(full, here())


def test_it_notes_the_last_copy_and_until_when_changes_are_safe(follower):
    follower.tell(here())
    assert follower.asked == ["full"]
    assert last_backup() is None
    full = add_full(follower.repository, 2, segment(5))
    follower.tell(here())
    assert (last_backup().full, last_backup().log) == (full.ended, NOW)


def test_a_log_that_does_not_come_is_not_told_as_saved(follower, monkeypatch):
    monkeypatch.setattr(follow, "PATIENCE", 0.0)
    monkeypatch.setattr(server, "position", here)
    with pytest.raises(BackupError, match="n’arrive pas"):
        follower.wait_for(1001)
    follower.wait_for(1000)


@pytest.mark.parametrize(("received", "is_kept"), [(None, False), (500, True)])
def test_a_server_that_has_no_more_what_follows_the_spool_is_followed_from_now_on(
    follower, monkeypatch, received, is_kept
):
    forgotten = []
    monkeypatch.setattr(follow, "PATIENCE", 0.0)
    monkeypatch.setattr(server, "position", lambda: replace(here(), received=received))
    monkeypatch.setattr(server, "forget_slot", lambda: forgotten.append(True))
    put(follower, segment(6), f"{segment(7)}.partial")
    with pytest.raises(BackupError, match="n’arrive pas"):
        follower.wait_for(1000)
    assert bool(left(follower)) == is_kept
    assert bool(forgotten) != is_kept
    assert held(follower) == ([] if is_kept else [segment(6), f"{segment(7)}.partial"])


def test_a_program_that_fails_is_told_and_its_output_is_no_end():
    stream = server.Stream(
        ["sh", "-c", "echo begun; echo 'fatal: it broke' >&2; exit 3"], os.environ
    )
    with stream as source:
        assert source.read(100) == b"begun\n"
        with pytest.raises(BackupError, match=r"sh a échoué.*fatal: it broke"):
            source.read(100)


def test_a_program_that_is_not_there_says_what_to_install(settings):
    settings.BACKUP_PROGRAMS = str(Path("/nowhere"))
    with pytest.raises(BackupError, match="BACKUP_PROGRAMS"):
        server.program("pg_basebackup")


def test_where_two_versions_stand_the_one_of_the_copy_is_taken(settings, monkeypatch, tmp_path):
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch(mode=0o755)
    settings.BACKUP_PROGRAMS, settings.IS_PRODUCTION = "", True
    monkeypatch.setattr(server, "DEBIAN", tmp_path)
    assert server.program("postgres") == str(tmp_path / "17" / "bin" / "postgres")
    assert server.program("postgres", 15) == str(tmp_path / "15" / "bin" / "postgres")
