"""Each check of the drill, seen failing: a repository spoilt, a disk full, a row changed."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from config.backups.repository import Repository, successor
from tests.operations.drill import seals, truth
from tests.operations.drill.commands import MANAGE, ROOT, WORK, ask, manage

Check = Callable[[str, bool, object], None]


def while_it_lives(check: Check) -> None:
    """A disk that fills, and two copies at once: a sentence, and no half backup."""
    repository = Repository(Path(os.environ["BACKUP_DIR"]))
    before = len(repository.list_fulls())
    words = f"ulimit -f 64; exec {' '.join(MANAGE)} backup full"
    full = subprocess.run(
        ["bash", "-c", words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    refused = full.returncode != 0 and "n’est pas gardé" in full.stderr
    check("témoin, disque plein : une phrase, pas de copie", refused, full.stderr[-400:])
    with repository.alone("full"):
        again = subprocess.run(
            [*MANAGE, "backup", "full"], cwd=ROOT, capture_output=True, text=True, check=False
        )
    refused = again.returncode != 0 and "déjà en cours" in again.stderr
    check("témoin, deux à la fois : la seconde refusée", refused, again.stderr[-400:])
    cut_in_the_middle()
    held = len(repository.list_fulls()) == before
    check("témoin, coupée au milieu : jamais prise pour une copie", held, "")


def cut_in_the_middle() -> None:
    """Killed as soon as it writes."""
    repository = Repository(Path(os.environ["BACKUP_DIR"]))
    full = subprocess.Popen([*MANAGE, "backup", "full"], cwd=ROOT, stdout=subprocess.DEVNULL)
    while full.poll() is None and not list(repository.fulls.glob("*.part/.*")):
        pass
    full.kill()
    full.wait()


def of_comparison(check: Check, data: Path, moments: list) -> None:
    """One row changed after the restore, and the comparison sees it; another instant differs."""
    manage("devdb", "start", data=data)
    try:
        before = truth.digests(data)  # the site that answered wrote its measures
        with truth.connected(data) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE journal_entry SET verb = verb || 'x' WHERE id = (SELECT min(id)"
                " FROM journal_entry)"
            )
        wrong = truth.differences(before, truth.digests(data))
        check("témoin, une ligne changée : vue, dans sa table", wrong == ["journal_entry"], wrong)
        seals.of_tampering(check, data)
        other = truth.differences(moments[-1].tables, truth.digests(data))
        check("témoin, un autre instant : des tables diffèrent", len(other) > 2, other)
    finally:
        manage("devdb", "stop", data=data)


def of_repository(check: Check, work: Path, repository: Repository, at: str) -> None:
    """A copy spoilt in one way, asked for the same instant."""
    spoilt = work / "spoilt"
    expected = {
        "mauvaise clé": (wrong_key, "n’ouvre pas"),
        "un octet changé": (flipped_byte, "abîmé"),
        "un octet changé dans le journal": (flipped_log, "abîmé"),
        "un segment retiré": (segment_removed, "Il manque un morceau"),
        "la fin du journal retirée": (tail_removed, "Il manque un morceau"),
        "un fichier retiré": (file_removed, "Il manque"),
    }
    for number, (name, (spoil, words)) in enumerate(expected.items()):
        shutil.copytree(repository.folder, spoilt)
        key = spoil(Repository(spoilt)) or "key"
        to = work / f"refused-{number}"
        done = ask("restore", to, "--at", at, repository=spoilt, key=key)
        refused = done.returncode != 0 and words in done.stderr
        check(f"témoin, {name} : refusé", refused, done.stderr[-400:])
        shutil.rmtree(spoilt)
        shutil.rmtree(to, ignore_errors=True)


def wrong_key(repository: Repository) -> str:
    manage("backup", "key", str(WORK / "other-key"))
    return "other-key"


def flipped_byte(repository: Repository) -> None:
    flip(next(repository.fulls.glob("*Z/base.tar*")))


def flipped_log(repository: Repository) -> None:
    """The first that the restore needs."""
    flip(next(repository.wal.glob(f"{repository.list_fulls()[0].segment}*")))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def segment_removed(repository: Repository) -> None:
    """The second that the restore needs."""
    for path in repository.wal.glob(f"{successor(repository.list_fulls()[0].segment)}*"):
        path.unlink()


def tail_removed(repository: Repository) -> None:
    """All that came after the whole copy, though the repository says how far it went."""
    since = repository.list_fulls()[0].segment
    for name in repository.segments():
        if name > since:
            for path in repository.wal.glob(f"{name}*"):
                path.unlink()


def file_removed(repository: Repository) -> None:
    for path in repository.blobs.glob("*/*"):
        path.unlink()
