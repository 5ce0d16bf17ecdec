"""What was saved, given back as it was at an instant; or read again, to know it can be."""

import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.utils import timezone
from pyrage.x25519 import Identity

from config import devdb
from config.backups import server
from config.backups.errors import BackupError
from config.backups.files import check_blob, give_back, stood_at
from config.backups.repository import PARTIAL, Full, Repository
from config.backups.sealing import SUFFIX, damaged, digest_of, unseal

Tell = Callable[[str], None]
LAST_WRITE = re.compile(r"last completed transaction was at log time (\S+ \S+)")


@dataclass(frozen=True, slots=True)
class Restoration:
    """``at``: the instant asked for; None, the last one saved."""

    repository: Repository
    keys: Sequence[Identity]
    at: datetime | None = None

    def chosen(self) -> Full:
        """The last whole copy before the instant, once the log is known to reach it."""
        fulls = self.led_from()
        if not fulls:
            raise BackupError("Ce dépôt ne contient aucune sauvegarde entière.")
        before = [one for one in fulls if self.at is None or one.ended <= self.at]
        if not before:
            raise BackupError(
                "Aucune sauvegarde n’est d’avant cet instant\u00a0: la première permet de revenir "
                f"au {shown(fulls[0].ended)} au plus tôt."
            )
        self.check_reach()
        return before[-1]

    def led_from(self) -> list[Full]:
        """The copies that the log leads from: a return to the past left those that came after it.

        Where it was left is told by the history of the last line of time; spoilt, it leads nowhere.
        """
        fulls = self.repository.list_fulls()
        history = max(self.repository.wal.glob(f"*.history{SUFFIX}"), default=None)
        if history is None:
            return fulls
        told = io.BytesIO()
        with suppress(BackupError):
            unseal(history, told, self.keys)
            left = branches(told.getvalue().decode()) | {history.name[:8]: sys.maxsize}
            return [one for one in fulls if one.bytes <= left.get(one.segment[:8], -1)]
        return fulls

    def check_reach(self) -> None:
        reached = self.repository.reached()
        if self.at is not None and (reached is None or self.at > reached.at):
            until = f"au {shown(reached.at)}" if reached else "à la fin de la copie entière"
            raise BackupError(
                f"Le dépôt ne va pas jusqu’à cet instant\u00a0: il s’arrête {until}. Sans "
                "--at, tout ce qu’il contient est rendu."
            )

    def give_back(self, to: Path, tell: Tell) -> Full:
        """Into an empty folder: pg, files, logistics. The server there is stopped and ready."""
        full = self.chosen()
        empty(to)
        tell(f"Copie entière du {shown(full.ended)}…")
        self.unpack(full, to / "pg")
        verify_base(to / "pg", full)
        tell("Journal de PostgreSQL…")
        cut = self.unseal_log(full, to / "wal")
        if cut and self.at is None:
            raise cut
        self.give_files(to, tell)
        tell("PostgreSQL rejoue son journal…")
        try:
            last = replay(to, full, self.at)
        except BackupError as failure:
            raise cut or failure from failure
        if last:
            tell(f"Dernière écriture rendue\u00a0: {shown(last)}.")
        if cut:
            tell(f"Cet instant est rendu, mais pas un plus récent. {cut}")
        shutil.rmtree(to / "wal")
        return full

    def unpack(self, full: Full, cluster: Path) -> None:
        cluster.mkdir(mode=0o700)
        for piece in full.pieces:
            with unpacking(cluster) as target:
                unseal(self.repository.path_of(full) / piece.name, target, self.keys, piece)

    def unseal_log(self, full: Full, folder: Path) -> BackupError | None:
        """To its end, or to the first segment that is missing or spoilt: what to say of that one.

        What comes after serves nothing; what comes before may be enough for the instant asked for.
        """
        folder.mkdir(mode=0o700)
        lost = self.repository.lost_since(full)
        for path in self.log_since(full):
            if lost and path.name[:8] == lost[:8] and bare(path) > lost:
                break
            try:
                with open(folder / bare(path), "wb") as file:
                    unseal(path, file, self.keys)
            except BackupError as failure:
                (folder / bare(path)).unlink()
                return failure
        return hole(lost) if lost else None

    def log_since(self, full: Full) -> list[Path]:
        """From the oldest; of a segment held twice, the whole one."""
        held: dict[str, Path] = {}
        for path in sorted(self.repository.wal.glob(f"*{SUFFIX}")):
            if path.name.endswith(f".history{SUFFIX}") or path.name[8:24] >= full.segment[8:]:
                held.setdefault(bare(path), path)
        return list(held.values())

    def give_files(self, to: Path, tell: Tell) -> None:
        found = stood_at(self.repository, self.at, self.keys)
        for one in found:
            give_back(self.repository, one, to, self.keys)
        tell(f"Fichiers rendus\u00a0: {len(found)}.")

    def verify(self, scratch: Path, tell: Tell) -> None:
        """Open all that the last copy needs, and have PostgreSQL check the base."""
        for full in self.repository.list_fulls():
            for piece in full.pieces:
                path = self.repository.path_of(full) / piece.name
                if not path.is_file() or digest_of(path) != piece.sealed:
                    raise damaged(path)
        full = self.chosen()
        try:
            self.unpack(full, scratch)
            verify_base(scratch, full)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        tell(f"Copie entière du {shown(full.ended)}\u00a0: lue, et vérifiée par PostgreSQL.")
        if lost := self.repository.lost_since(full):
            raise hole(lost)
        log = self.log_since(full)
        with open(os.devnull, "wb") as nowhere:
            for path in log:
                unseal(path, nowhere, self.keys)
        tell(f"Journal\u00a0: {len(log)} morceaux lus, sans trou.")
        stood = stood_at(self.repository, None, self.keys)
        for one in stood:
            check_blob(self.repository, one, self.keys)
        tell(f"Fichiers\u00a0: {len(stood)} lus.")


def empty(to: Path) -> Path:
    """Made if need be. What stands somewhere is never written over."""
    if to.exists() and any(to.iterdir()):
        raise BackupError(
            f"«\u00a0{to}\u00a0» n’est pas vide\u00a0: donnez un dossier vide. Rien n’y a été "
            "écrit."
        )
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    return to


def hole(lost: str) -> BackupError:
    return BackupError(
        f"Il manque un morceau du journal de PostgreSQL, {lost}\u00a0: la base ne peut pas être "
        "rendue au-delà. Prenez une autre copie du dépôt, un instant d’avant, ou d’après la copie "
        "entière suivante."
    )


def bare(path: Path) -> str:
    return path.name.removesuffix(SUFFIX).removesuffix(PARTIAL)


@contextmanager
def unpacking(folder: Path) -> Iterator[IO[bytes]]:
    """A tar unpacked as it comes."""
    words = ["tar", "--extract", "--file=-", "--no-same-owner", "--directory", str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - asked for
        yield process.stdin
        process.stdin.close()
        if process.wait():
            raise BackupError(
                "La copie entière n’a pas pu être dépliée\u00a0: vérifiez la place sur le disque."
            )


def verify_base(cluster: Path, full: Full) -> None:
    """Each file against the manifest that PostgreSQL made; the log that it needs, read."""
    program = server.program("pg_verifybackup", full.major)
    server.run([program, "--quiet", "--exit-on-error", cluster])


def branches(history: str) -> dict[str, int]:
    """Each line of time that this one comes from: the byte of the log where it was left."""
    rows = (line.split() for line in history.splitlines() if "/" in line.partition("#")[0])
    lines = {f"{int(line):08X}": where.split("/") for line, where, *_ in rows}
    return {line: int(high, 16) << 32 | int(low, 16) for line, (high, low) in lines.items()}


def replay(to: Path, full: Full, at: datetime | None) -> datetime | None:
    """Start the server where nobody reaches it, let it replay to the instant, stop it.

    The instant of the last write that it found in the log.
    """
    cluster = to / "pg"
    log = to / "pg.log"
    (cluster / "recovery.signal").touch()
    program = server.program("postgres", full.major)
    words = [*devdb.unprivileged(), program, "-D", str(cluster)]
    for name, value in replaying(to, at).items():
        words += ["-c", f"{name}={value}"]
    with (
        open(log, "wb") as said,
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said) as postgres,  # noqa: S603
    ):
        try:
            wait_until_ready(postgres, cluster)
        finally:
            postgres.send_signal(signal.SIGINT)  # a fast and clean shutdown
    told = log.read_text(errors="replace")
    if postgres.returncode:
        raise BackupError(
            "PostgreSQL n’a pas pu rejouer son journal jusqu’à cet instant (s’il n’a rien écrit "
            "depuis, rendez sans --at)\u00a0: " + fatal_line(told)
        )
    for name in ("replay.conf", "replay.hba"):
        (to / name).unlink()
    last = LAST_WRITE.search(told)
    return datetime.fromisoformat(last[1]) if last else None


def replaying(to: Path, at: datetime | None) -> dict[str, str]:
    """The server’s own settings may stand elsewhere, or open it to people: these serve once."""
    sockets = devdb.socket_folder(to)  # it wants one, where nobody is let in
    sockets.mkdir(mode=0o700, exist_ok=True)
    (to / "replay.conf").touch()
    (to / "replay.hba").write_text("local all all reject\n")
    values = {
        "config_file": str(to / "replay.conf"),
        "shared_preload_libraries": "",
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "hba_file": str(to / "replay.hba"),
        "hot_standby": "off",
        "archive_mode": "off",
        "lc_messages": "C",  # its log is read
        # what the settings of the copy would have this machine run
        "archive_cleanup_command": "",
        "recovery_end_command": "",
        "ssl": "off",
        "restore_command": f"cp {shlex.quote(str(to / 'wal'))}/%f %p",
        "recovery_target_action": "promote",
    }
    if at is not None:
        values["recovery_target_time"] = at.isoformat()
    return values


def wait_until_ready(postgres: "subprocess.Popen[bytes]", cluster: Path) -> None:
    """It says so in its file of state, or ends by itself."""
    while postgres.poll() is None:
        with suppress(OSError):
            if (cluster / "postmaster.pid").read_text().split()[-1:] == ["ready"]:
                return
        time.sleep(0.05)


def fatal_line(log: str) -> str:
    fatal = [line for line in log.splitlines() if "FATAL:" in line]
    return server.last_line("\n".join(fatal) or log)


def shown(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%d/%m/%Y} à {local:%H:%M:%S}"
