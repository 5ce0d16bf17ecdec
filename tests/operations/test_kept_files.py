"""The files of the service as they stood at an instant: each content once, none of after."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from config.backups.errors import BackupError
from config.backups.files import FileKeeper, give_back, indexes, stood_at
from config.backups.repository import Repository
from config.backups.sealing import identities, make_key, recipients

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def key(tmp_path):
    return recipients(make_key(tmp_path / "key")), identities(tmp_path / "key")


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "repository")
    made.prepare("7000")
    return made


@pytest.fixture
def keeper(tmp_path, settings, repository, key):
    settings.MEDIA_ROOT, settings.LOGISTICS_DIR = tmp_path / "files", tmp_path / "logistics"
    settings.OIDC_KEYS_FOLDER = tmp_path / "none"
    settings.MEDIA_ROOT.mkdir()
    settings.LOGISTICS_DIR.mkdir()
    return FileKeeper(repository, key[0])


def put(folder, name, text, minutes=0):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    at = (NOON + timedelta(minutes=minutes)).timestamp()
    os.utime(path, (at, at))


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def contents(repository, moment, keys, to):
    for one in stood_at(repository, moment, keys):
        give_back(repository, one, to, keys)
    return {
        str(one.relative_to(to)): one.read_text() for one in sorted(to.rglob("*")) if one.is_file()
    }


def test_each_instant_gets_its_own_files(repository, keeper, key, settings, tmp_path):
    put(settings.MEDIA_ROOT, "finess/a.csv", "first", 0)
    put(settings.LOGISTICS_DIR, "spf/commandes/1.json", "order", 1)
    keeper.keep(lambda: at(2))
    put(settings.MEDIA_ROOT, "finess/b.csv", "second", 3)
    put(settings.MEDIA_ROOT, "finess/c.csv", "third", 5)
    (settings.MEDIA_ROOT / "finess/a.csv").unlink()
    keeper.keep(lambda: at(6))
    first = {"files/finess/a.csv": "first", "logistics/spf/commandes/1.json": "order"}
    assert contents(repository, at(2), key[1], tmp_path / "two") == first
    found = contents(repository, at(4), key[1], tmp_path / "four")
    assert found == first | {"files/finess/b.csv": "second"}  # seen later, written before
    last = contents(repository, None, key[1], tmp_path / "last")
    assert "files/finess/a.csv" not in last
    assert last["files/finess/c.csv"] == "third"


def test_what_comes_during_the_look_was_not_there_before_it(
    repository, keeper, key, settings, tmp_path, monkeypatch
):
    """The look began at 1 and ended at 3; at 2 the second file was not written yet."""
    put(settings.MEDIA_ROOT, "a.csv", "first", 0)
    look = keeper.kept

    def slow():
        put(settings.MEDIA_ROOT, "b.csv", "second", 2.5)
        return look()

    monkeypatch.setattr(FileKeeper, "kept", lambda _: slow())
    keeper.keep(lambda: at(3))
    assert contents(repository, at(2), key[1], tmp_path / "two") == {"files/a.csv": "first"}
    assert len(contents(repository, at(3), key[1], tmp_path / "three")) == 2


def test_a_file_comes_back_with_its_time(repository, keeper, key, settings, tmp_path):
    put(settings.MEDIA_ROOT, "a.csv", "one", -30)
    keeper.keep(lambda: at(0))
    contents(repository, None, key[1], tmp_path / "to")
    assert (tmp_path / "to/files/a.csv").stat().st_mtime == at(-30).timestamp()


def test_the_same_content_is_kept_once_and_nothing_new_writes_nothing(repository, keeper, settings):
    for name in ("a.csv", "b.csv", "deep/c.csv"):
        put(settings.MEDIA_ROOT, name, "the same")
    assert keeper.keep(lambda: at(0)) == 3
    assert keeper.keep(lambda: at(1)) == 3
    assert len(list(repository.blobs.glob("*/*"))) == 1
    assert indexes(repository) == [at(0)]


def test_another_process_does_not_copy_again_what_is_there(repository, keeper, key, settings):
    put(settings.MEDIA_ROOT, "a.csv", "one")
    keeper.keep(lambda: at(0))
    (blob,) = repository.blobs.glob("*/*")
    os.utime(blob, (0, 0))
    before = blob.read_bytes()
    FileKeeper(repository, key[0]).keep(lambda: at(1))
    assert blob.read_bytes() == before
    assert indexes(repository) == [at(0)]
    assert blob.stat().st_mtime > 0  # young again: nobody sweeps it away


def test_an_index_cut_before_its_end_is_written_again(repository, keeper, key, settings):
    put(settings.MEDIA_ROOT, "a.csv", "one")
    keeper.keep(lambda: at(0))
    for path in repository.index.glob("*.age"):
        path.unlink()
    FileKeeper(repository, key[0]).keep(lambda: at(1))
    assert indexes(repository) == [at(1)]


def test_a_file_being_written_and_a_link_are_not_taken(repository, keeper, settings, tmp_path):
    put(settings.MEDIA_ROOT, ".a.csv.part", "half")
    (tmp_path / "secret").write_text("secret")
    (settings.MEDIA_ROOT / "link").symlink_to(tmp_path / "secret")
    assert keeper.keep(lambda: at(0)) == 0


def test_a_file_that_went_meanwhile_does_not_stop_the_others(keeper, settings, monkeypatch):
    put(settings.MEDIA_ROOT, "a.csv", "one")
    put(settings.MEDIA_ROOT, "b.csv", "two")
    copy = FileKeeper.copy

    def gone(self, path):
        if path.name == "a.csv":
            path.unlink()
        return copy(self, path)

    monkeypatch.setattr(FileKeeper, "copy", gone)
    assert keeper.keep(lambda: at(0)) == 1


def test_neither_names_nor_contents_are_readable_in_the_repository(repository, keeper, settings):
    put(settings.MEDIA_ROOT, "vasseur.csv", "Hélène Vasseur")
    keeper.keep(lambda: at(0))
    for path in repository.folder.rglob("*"):
        assert "vasseur" not in path.name
        assert not path.is_file() or b"asseur" not in path.read_bytes()


def test_a_content_put_for_another_is_refused(repository, keeper, key, settings, tmp_path):
    put(settings.MEDIA_ROOT, "a.csv", "one")
    put(settings.MEDIA_ROOT, "b.csv", "two")
    keeper.keep(lambda: at(0))
    first, second = repository.blobs.glob("*/*")
    first.write_bytes(second.read_bytes())
    with pytest.raises(BackupError, match="abîmé"):
        contents(repository, None, key[1], tmp_path / "to")


def test_a_path_that_climbs_out_is_refused(repository, keeper, key, settings, tmp_path):
    put(settings.MEDIA_ROOT, "a.csv", "one")
    keeper.keep(lambda: at(0))
    (one,) = stood_at(repository, None, key[1])
    climbing = type(one)(one.folder, "../../a.csv", one.mtime, one.size, one.sha256)
    with pytest.raises(BackupError, match="sort du dossier"):
        give_back(repository, climbing, tmp_path / "to", key[1])
