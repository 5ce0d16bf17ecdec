"""What the operator types, and the sentence that answers when it cannot be done."""

import os
import subprocess
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.backups import server
from config.backups.errors import BackupError
from config.backups.files import FileKeeper, indexes
from config.backups.repository import Repository
from config.backups.sealing import recipients
from config.management.commands.backup import Command


@pytest.fixture
def repository(tmp_path, settings):
    settings.BACKUP_DIR = tmp_path / "repository"
    settings.BACKUP_STATE = tmp_path / "last-backup.json"
    return Repository(settings.BACKUP_DIR)


def run(*words):
    call_command("backup", *map(str, words))


@pytest.mark.parametrize("action", ["full", "follow", "list", "files"])
def test_without_a_repository_it_says_which_variable_to_give(settings, action):
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENT = None, ""
    with pytest.raises(CommandError, match=r"BACKUP_DIR|BACKUP_RECIPIENT"):
        run(action)


def test_without_a_public_key_nothing_is_written(repository, settings):
    settings.BACKUP_RECIPIENT = ""
    with pytest.raises(CommandError, match="BACKUP_RECIPIENT"):
        run("full")
    assert not repository.folder.exists()


def test_a_server_that_does_not_answer_leaves_nothing_and_no_note(
    repository, settings, tmp_path, capsys
):
    run("key", tmp_path / "key")
    settings.BACKUP_RECIPIENT = (tmp_path / "key").read_text().split()[3]
    settings.BACKUP_DATABASE_URL = f"host={tmp_path} user=nobody"
    with pytest.raises(CommandError, match="ne répond pas"):
        run("full")
    assert repository.list_fulls() == []
    assert not settings.BACKUP_STATE.exists()


def test_the_key_is_shown_by_its_public_part_alone(tmp_path, capsys):
    run("key", tmp_path / "key")
    shown = capsys.readouterr().out
    assert shown.startswith("BACKUP_RECIPIENT=age1")
    assert "SECRET" not in shown


@pytest.fixture
def files(repository, settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.LOGISTICS_DIR = settings.OIDC_KEYS_FOLDER = tmp_path / "none"
    settings.MEDIA_ROOT.mkdir()
    run("key", tmp_path / "key")
    settings.BACKUP_RECIPIENT = capsys.readouterr().out.strip().partition("=")[2]
    repository.make_folders()
    return settings.MEDIA_ROOT


def test_the_files_alone_are_kept_and_given_back(files, tmp_path):
    (files / "a.csv").write_text("one")
    run("files")
    run("restore", "--files", "--identity", tmp_path / "key", "--to", tmp_path / "to")
    assert (tmp_path / "to/files/a.csv").read_text() == "one"


def test_the_files_alone_are_forgotten_past_the_days_asked(repository, files, settings):
    keeper = FileKeeper(repository, recipients(settings.BACKUP_RECIPIENT))
    now, kept = timezone.now(), []
    for days in (50, 40, 30):
        for one in files.iterdir():
            one.unlink()
        (files / f"{days}.csv").write_text(f"{days} days ago")
        kept.append(now - timedelta(days=days))
        keeper.keep(lambda: kept[-1])
    half = repository.blobs / ".half.gz.age-killed"
    half.touch()
    for blob in (half, *repository.blobs.glob("*/*")):
        os.utime(blob, (0, 0))
    run("files", "--days", 35)
    assert not half.exists()
    assert indexes(repository) == kept[1:]  # 35 days ago stood what the one of 40 told
    assert len(list(repository.blobs.glob("*/*"))) == 2


@pytest.mark.parametrize("text", ["hier", "2026-13-01", ""])
def test_an_instant_that_is_not_one_is_refused(text):
    with pytest.raises(CommandError, match="n’est pas un instant"):
        Command().instant(text)


def test_an_instant_without_its_zone_is_that_of_paris():
    assert Command().instant("2026-11-23T15:45:00").utcoffset() == timedelta(hours=1)
    assert Command().instant("2026-07-23T15:45:00").utcoffset() == timedelta(hours=2)
    assert Command().instant(None) is None


def test_production_without_an_address_says_so(settings):
    settings.BACKUP_DATABASE_URL = ""
    with pytest.raises(BackupError, match="BACKUP_DATABASE_URL"):
        server.address()


def test_the_password_is_no_argument_of_a_program(settings, monkeypatch, tmp_path):
    """Anybody of the machine reads the arguments of a process; its environment, its owner alone."""
    settings.BACKUP_DATABASE_URL = "postgresql://stocks_backup:s3cret@db:5432/?application_name=x"
    told = []

    def started(words, **options):
        told.append(([str(word) for word in words], options["env"].get("PGPASSWORD")))
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(server, "program", lambda name: name)
    monkeypatch.setattr(subprocess, "run", started)
    monkeypatch.setattr(subprocess, "Popen", started)
    server.receive(tmp_path)
    server.base().__enter__()
    assert [password for _, password in told] == ["s3cret"] * 3
    assert "s3cret" not in str([words for words, _ in told])
    assert all("host=db" in " ".join(words) for words, _ in told)
