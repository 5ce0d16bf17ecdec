"""A sealed piece opens with its key, whole; anything else is refused with a sentence."""

import gzip
import io
import os

import pyrage
import pytest

from config.backups.errors import BackupError
from config.backups.sealing import identities, make_key, recipients, seal, unseal

CONTENT = os.urandom(300_000) + b"stocks" * 50_000


@pytest.fixture
def key(tmp_path):
    return recipients(make_key(tmp_path / "key")), identities(tmp_path / "key")


@pytest.fixture
def sealed(tmp_path, key):
    path = tmp_path / "piece.gz.age"
    return path, seal(io.BytesIO(CONTENT), path, key[0])


def opened(path, keys, piece=None):
    target = io.BytesIO()
    unseal(path, target, keys, piece)
    return target.getvalue()


def test_it_opens_with_its_key_and_says_nothing_without(sealed, key):
    path, piece = sealed
    assert opened(path, key[1], piece) == CONTENT
    assert piece.size == len(CONTENT)
    assert piece.sealed_size == path.stat().st_size < len(CONTENT)
    assert b"stocksstocks" not in path.read_bytes()


def test_it_is_an_age_file_of_a_gzip_that_other_tools_open(sealed, key):
    plain = pyrage.decrypt(sealed[0].read_bytes(), key[1])
    assert gzip.decompress(plain) == CONTENT


def test_an_empty_file_is_sealed_too(tmp_path, key):
    seal(io.BytesIO(), tmp_path / "empty", key[0])
    assert opened(tmp_path / "empty", key[1]) == b""


def test_another_key_does_not_open_it(tmp_path, sealed):
    make_key(tmp_path / "other")
    with pytest.raises(BackupError, match="n’ouvre pas"):
        opened(sealed[0], identities(tmp_path / "other"))


@pytest.mark.parametrize("place", [0, 30, 250, 100_000, -1])
def test_a_byte_changed_anywhere_is_seen(sealed, key, place):
    path, piece = sealed
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError, match=r"abîmé|n’ouvre pas"):
        opened(path, key[1], piece)


@pytest.mark.parametrize("left", [0, 10, 65_000, 200_000])
def test_a_cut_file_is_seen(sealed, key, left):
    path, piece = sealed
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BackupError, match=r"abîmé|n’ouvre pas"):
        opened(path, key[1], piece)


def test_the_piece_of_another_day_under_its_name_is_seen(tmp_path, sealed, key):
    path, piece = sealed
    seal(io.BytesIO(b"of another day"), path, key[0])
    with pytest.raises(BackupError, match="abîmé"):
        opened(path, key[1], piece)


class Failing:
    """Gives something, then fails: a server that stops, a disk that fills."""

    def __init__(self, failure):
        self.failure, self.given = failure, False

    def read(self, size):
        if self.given:
            raise self.failure
        self.given = True
        return b"begun"


@pytest.mark.parametrize("failure", [BackupError("pg_basebackup"), OSError(28, "No space left")])
def test_a_source_that_fails_leaves_no_piece_and_its_own_error(tmp_path, key, failure):
    with pytest.raises(type(failure)) as caught:
        seal(Failing(failure), tmp_path / "piece", key[0])
    assert caught.value is failure
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def test_a_key_never_replaces_another_and_only_its_owner_reads_it(tmp_path):
    make_key(tmp_path / "key")
    kept = (tmp_path / "key").read_text()
    with pytest.raises(BackupError, match="existe déjà"):
        make_key(tmp_path / "key")
    assert (tmp_path / "key").read_text() == kept
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("text", "words"), [("", "manque"), ("abc", "n’est pas une clé"), ("age1abc", "n’est pas")]
)
def test_a_public_key_that_is_not_one_is_refused(text, words):
    with pytest.raises(BackupError, match=words):
        recipients(text)


@pytest.mark.parametrize("text", ["", "# nothing\n", "AGE-SECRET-KEY-1ABC\n", "é\n"])
def test_a_private_key_that_is_not_one_is_refused(tmp_path, text):
    (tmp_path / "key").write_text(text)
    with pytest.raises(BackupError, match="clé privée"):
        identities(tmp_path / "key")
