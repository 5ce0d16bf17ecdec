"""The sealed journal through a restore: intact, and cut where heads kept elsewhere tell more."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.operations.drill.commands import MANAGE, ROOT, WORK

Check = Callable[[str, bool, object], None]
SEAL = "from journal.sealing.seals import seal_pending; seal_pending(patience=5)"
HEADS = WORK / "journal-seals.jsonl"  # the copy that a fire does not reach


def seal(data: Path) -> None:
    """As the task worker does each minute; its head goes elsewhere at once."""
    close_batches(data)
    shutil.copy(data / HEADS.name, HEADS)


def close_batches(data: Path) -> None:
    done = command(data, "shell", "-v", "0", "-c", SEAL)
    if done.returncode:
        raise SystemExit(done.stderr)


def verify(data: Path, *words: str | Path) -> subprocess.CompletedProcess:
    return command(data, "verify_journal", *map(str, words))


def command(data: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*MANAGE, *words],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def of_moment(check: Check, data: Path, name: str, *, is_last: bool) -> None:
    """What an operator is told after the restore, word for word as docs/operations/journal.md."""
    alone = verify(data)
    told = alone.returncode == 0 and "Le journal est intact" in alone.stdout
    check(f"{name} : le journal rendu est intact", told, alone.stderr[-400:])
    whole = verify(data, "--heads", HEADS)
    if is_last:
        check(f"{name} : toutes les têtes y sont", whole.returncode == 0, whole.stderr[-400:])
        return
    cut = whole.returncode != 0 and "la fin du journal est coupée" in whole.stderr
    check(f"{name} : les têtes gardées ailleurs disent la fin coupée", cut, whole.stderr[-400:])
    close_batches(data)
    resumed = verify(data)
    check(f"{name} : scellé de nouveau, intact", resumed.returncode == 0, resumed.stderr[-400:])


def of_tampering(check: Check, data: Path) -> None:
    """A row of the journal was changed in the restored base."""
    done = verify(data)
    seen = done.returncode != 0 and "modification" in done.stderr
    check("témoin, journal changé après coup : vu par ses sceaux", seen, done.stderr[-400:])
