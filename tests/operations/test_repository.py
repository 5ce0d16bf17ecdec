"""What is half made is never a backup; what is old goes, and nothing that a kept one needs."""

import io
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from config.backups.errors import BackupError
from config.backups.files import FileKeeper, stood_at
from config.backups.full import forget_old, write_manifest
from config.backups.repository import Full, Reached, Repository, missing, successor
from config.backups.restore import Restoration
from config.backups.sealing import identities, make_key, recipients, seal

START = datetime(2026, 11, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def segment(number, line=1):
    return f"{line:08X}{number // 256:08X}{number % 256:08X}"


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "repository")
    made.prepare("7000")
    return made


@pytest.fixture
def key(tmp_path):
    return recipients(make_key(tmp_path / "key")), identities(tmp_path / "key")


def add_full(repository, day, first):
    """Its log ends 5 MB into the segment that it begins in."""
    started = START + day * DAY
    log = first, int(first[8:16], 16) * 2**32 + int(first[16:], 16) * 2**24 + 5 * 2**20
    full = Full(started, started + timedelta(minutes=9), *log, "7000", 180006)
    with repository.new_full(full.started) as folder:
        write_manifest(folder, full)
    return full


def add_log(repository, *names):
    for name in names:
        (repository.wal / f"{name}.gz.age").touch()


def test_a_copy_is_read_back_as_it_was_told(repository):
    full = add_full(repository, 0, segment(5))
    assert repository.list_fulls() == [full]


def test_a_copy_that_fails_leaves_nothing(repository):
    def fill_the_disk():
        with repository.new_full(START) as folder:
            (folder / "base.tar.gz.age").write_bytes(b"half")
            raise OSError(28, "disk full")

    with pytest.raises(OSError, match="disk full"):
        fill_the_disk()
    assert list(repository.fulls.iterdir()) == []


def test_what_a_killed_copy_left_is_no_copy_and_goes_at_the_next(repository):
    (repository.fulls / "20261101T020000.000000Z.part").mkdir()
    (repository.fulls / "20261102T020000.000000Z").mkdir()  # without its manifest
    assert repository.list_fulls() == []
    full = add_full(repository, 3, segment(1))
    assert repository.list_fulls() == [full]
    assert not list(repository.fulls.glob("*.part"))


def test_two_at_once_the_second_is_refused(repository):
    with repository.alone("full"), pytest.raises(BackupError, match="déjà en cours"):  # noqa: SIM117
        with repository.alone("full"):
            pass
    with repository.alone("full"):
        pass


def test_the_log_of_another_server_is_refused(repository):
    repository.prepare("7000")
    with pytest.raises(BackupError, match="une autre base"):
        repository.prepare("7001")


def test_segments_follow_each_other_past_a_file_of_four_gigabytes():
    assert successor(segment(255)) == segment(256) == "000000010000000100000000"


@pytest.mark.parametrize(
    ("held", "lost"),
    [
        ([], None),
        ([5, 6, 7], None),
        ([3, 5, 6], None),
        ([5, 7], 6),
        ([6, 7], 5),
        ([255, 256], 5),
    ],
)
def test_a_hole_in_the_log_is_named(held, lost):
    found = missing([segment(one) for one in held], segment(5))
    assert found == (None if lost is None else segment(lost))


def test_a_tail_cut_off_is_a_hole(repository):
    full = add_full(repository, 0, segment(5))
    add_log(repository, *[segment(one) for one in (5, 6, 7)])
    assert repository.lost_since(full) is None
    repository.write_reached(Reached(START + DAY, segment(8)))
    assert repository.lost_since(full) == segment(8)
    repository.write_reached(Reached(START + DAY, segment(8, line=2)))  # given back since
    assert repository.lost_since(full) is None


def test_what_was_being_written_goes_once_nobody_can_be_at_it(repository):
    add_full(repository, 0, segment(5))
    for name, age in (("young", 3600), ("old", 2 * 86400)):
        path = repository.wal / f".{segment(5)}.gz.age-{name}"
        path.touch()
        os.utime(path, (time.time() - age,) * 2)
    forget_old(repository, 1)
    assert [one.name for one in repository.wal.iterdir()] == [f".{segment(5)}.gz.age-young"]


def test_the_copies_beyond_those_kept_go_with_the_log_that_only_they_needed(repository):
    for day in range(5):
        add_full(repository, day, segment(10 * day + 1))
    add_log(repository, *[segment(one) for one in range(1, 50)], "00000002.history")
    gone = forget_old(repository, 2)
    assert len(gone) == 3
    assert [one.segment for one in repository.list_fulls()] == [segment(31), segment(41)]
    assert repository.segments()[0] == segment(31)
    assert repository.segments()[-1] == segment(49)
    assert (repository.wal / "00000002.history.gz.age").exists()
    assert forget_old(repository, 2) == []


def test_the_contents_that_no_kept_index_tells_go_when_they_are_old(
    repository, key, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.LOGISTICS_DIR = settings.OIDC_KEYS_FOLDER = tmp_path / "none"
    settings.MEDIA_ROOT.mkdir()
    keeper = FileKeeper(repository, key[0])
    for day in range(4):
        add_full(repository, day, segment(10 * day + 1))
        for old in settings.MEDIA_ROOT.iterdir():
            old.unlink()
        (settings.MEDIA_ROOT / "stays.csv").write_text("the same")
        (settings.MEDIA_ROOT / f"{day}.csv").write_text(f"of day {day}")
        keeper.keep(lambda at=START + day * DAY + timedelta(hours=1): at)
    for blob in repository.blobs.glob("*/*"):
        os.utime(blob, (time.time() - 2 * 86400,) * 2)
    assert len(list(repository.blobs.glob("*/*"))) == 5
    forget_old(repository, 1)
    assert len(list(repository.blobs.glob("*/*"))) == 3  # of day 2, which the copy found, and after
    stood = stood_at(repository, START + 3 * DAY, key[1])
    assert {one.path for one in stood} == {"stays.csv", "2.csv"}


def restoration(repository, at=None):
    return Restoration(repository, [], at)


def test_an_instant_is_given_back_from_the_last_copy_before_it(repository):
    for day in range(3):
        add_full(repository, day, segment(10 * day + 1))
    add_log(repository, *[segment(one) for one in range(1, 40)])
    repository.write_reached(Reached(START + 3 * DAY, segment(39)))
    asked = START + 2 * DAY + timedelta(minutes=5)  # the third copy was not finished
    assert restoration(repository, asked).chosen().segment == segment(11)
    assert restoration(repository).chosen().segment == segment(21)


def test_a_copy_that_a_return_to_the_past_left_behind_is_not_the_one_to_start_from(
    repository, key, tmp_path
):
    """Copies in 1, 3 and 9; back to four megabytes of 9: the log leads from 1 and 3."""
    for day, first in enumerate((1, 3, 9)):
        add_full(repository, day, segment(first))
    add_log(repository, *[segment(one) for one in range(1, 12)])
    told = Restoration(repository, key[1])
    assert told.chosen().segment == segment(9)
    history = repository.wal / "00000002.history.gz.age"
    seal(io.BytesIO(b"1\t0/9400000\tbefore 2026-11-03 02:04:00+00\n"), history, key[0])
    assert told.chosen().segment == segment(3)
    add_full(repository, 4, segment(10, line=2))
    assert told.chosen().segment == segment(10, line=2)
    history = repository.wal / "00000003.history.gz.age"  # back again, from before the other return
    seal(io.BytesIO(b"# by hand\n\n1\t0/3500000\tno recovery target\n"), history, key[0])
    assert told.chosen().segment == segment(3)
    history.write_bytes(b"spoilt")
    assert told.chosen().segment == segment(10, line=2)


def test_an_instant_out_of_what_is_kept_says_where_it_begins_and_ends(repository):
    with pytest.raises(BackupError, match="aucune sauvegarde"):
        restoration(repository).chosen()
    add_full(repository, 0, segment(1))
    with pytest.raises(BackupError, match="01/11/2026 à 03:09:00 au plus tôt"):
        restoration(repository, START - DAY).chosen()
    add_log(repository, segment(1))
    repository.write_reached(Reached(START + DAY, segment(1)))
    with pytest.raises(BackupError, match="s’arrête au 02/11/2026 à 03:00:00"):
        restoration(repository, START + 2 * DAY).chosen()


def test_a_folder_that_holds_something_is_not_written_in(repository, tmp_path):
    add_full(repository, 0, segment(1))
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "precious").touch()
    with pytest.raises(BackupError, match="n’est pas vide"):
        restoration(repository).give_back(tmp_path / "to", print)
    assert [one.name for one in (tmp_path / "to").iterdir()] == ["precious"]
