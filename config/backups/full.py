"""A whole copy of the server, and what becomes of the old ones."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from pyrage.x25519 import Recipient

from config.backups import server
from config.backups.files import LIST, FileKeeper, blob_of, indexes
from config.backups.repository import Full, Repository, stamp, write_json
from config.backups.sealing import SUFFIX, seal

YOUNG = 24 * 3600  # seconds: what another process may be about to tell of


def make_full(repository: Repository, keys: Sequence[Recipient]) -> Full:
    """Copy the server into sealed pieces, while people work; a failure leaves nothing."""
    with repository.alone("full"):
        here = server.position()
        repository.prepare(here.system)
        with repository.new_full(here.at) as folder:
            with server.log_kept(), server.base() as source:
                piece = seal(source, folder / f"base.tar{SUFFIX}", keys)
            end = server.position()
            log = here.segment, end.bytes
            full = Full(here.at, end.at, *log, here.system, here.version, [piece])
            write_manifest(folder, full)
        FileKeeper(repository, keys).keep(server.now)
        return full


def write_manifest(folder: Path, full: Full) -> None:
    write_json(folder / "manifest.json", asdict(full))


def forget_old(repository: Repository, kept: int) -> list[str]:
    """Remove the whole copies beyond ``kept``, then what no remaining one needs; their stamps."""
    with repository.alone("full"):
        fulls = repository.list_fulls()
        old, remaining = fulls[:-kept], fulls[-kept:]
        for one in old:
            shutil.rmtree(repository.path_of(one))
        if old:
            forget_log(repository, remaining[0])
            forget_files(repository, remaining[0].started)
        sweep(repository)
        return [one.stamp for one in old]


def sweep(repository: Repository) -> None:
    """What a killed process was writing."""
    long_ago = time.time() - YOUNG
    for path in repository.folder.rglob(".*-*"):
        if path.is_file() and path.stat().st_mtime < long_ago:
            path.unlink()


def forget_log(repository: Repository, oldest: Full) -> None:
    """A segment before the first of the oldest copy serves nobody; histories are small and stay."""
    for path in repository.wal.glob(f"*{SUFFIX}"):
        name = path.name[:24]
        if not path.name.endswith(f".history{SUFFIX}") and name[8:] < oldest.segment[8:]:
            path.unlink()


def forget_files(repository: Repository, oldest: datetime) -> None:
    """The index that stood then stays, and each content that a remaining index tells of."""
    before = [one for one in indexes(repository) if one <= oldest]
    for path in repository.index.glob("[0-9]*") if before else ():
        if path.name < stamp(before[-1]):
            path.unlink()
    lists = repository.index.glob(f"*{LIST}")
    told = {blob_of(repository, name) for one in lists for name in one.read_text().split()}
    long_ago = time.time() - YOUNG
    for blob in repository.blobs.glob("*/*"):
        if blob not in told and blob.stat().st_mtime < long_ago:
            blob.unlink()
