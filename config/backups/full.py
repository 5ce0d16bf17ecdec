"""A whole copy of the server, and what becomes of the old ones."""

import shutil
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pyrage.x25519 import Recipient

from config.backups import server
from config.backups.files import LIST, FileKeeper, blob_of, indexes
from config.backups.repository import UNFINISHED, Full, Repository, stamp, sync, write_json
from config.backups.sealing import SUFFIX, seal

YOUNG = 24 * 3600  # seconds: what another process may be about to tell of


def make_full(repository: Repository, keys: Sequence[Recipient]) -> Full:
    """Copy the server into sealed pieces, while people work; a failure leaves nothing."""
    with repository.alone("full"):
        here = server.position()
        repository.prepare(here.system)
        with repository.new_full(here.at) as folder:
            with server.base() as source:
                piece = seal(source, folder / f"base.tar{SUFFIX}", keys)
            full = Full(
                here.at, server.position().at, here.segment, here.system, here.version, [piece]
            )
            write_manifest(folder, full)
        FileKeeper(repository, keys).keep(server.now)
        return full


def write_manifest(folder: Path, full: Full) -> None:
    told = {name: getattr(full, name) for name in ("started", "ended", "segment", "system")}
    pieces = [{name: getattr(one, name) for name in one.__slots__} for one in full.pieces]
    write_json(folder / "manifest.json", told | {"version": full.version, "pieces": pieces})
    sync(folder)


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
    for path in repository.folder.rglob(f".*{UNFINISHED}"):
        if path.stat().st_mtime < long_ago:
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
    for one in before[:-1]:
        for suffix in (SUFFIX, LIST):
            (repository.index / f"{stamp(one)}{suffix}").unlink(missing_ok=True)
    lists = repository.index.glob(f"*{LIST}")
    told = {blob_of(repository, name) for one in lists for name in one.read_text().split()}
    long_ago = time.time() - YOUNG
    for blob in repository.blobs.glob("*/*"):
        if blob not in told and blob.stat().st_mtime < long_ago:
            blob.unlink()
