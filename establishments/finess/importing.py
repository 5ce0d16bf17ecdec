"""Bring the directory up to date from FINESS files: a dry run by default, then all or nothing."""

from collections.abc import Callable
from pathlib import Path

import pghistory
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from establishments.finess.comparing import compare, day_of, forget_verdicts
from establishments.finess.merging import merge, merge_positions
from establishments.finess.records import Progress
from establishments.finess.report import CLOSING_LIMIT, Report
from establishments.finess.staging import Staging, staged
from journal.services import record

LIFTED = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


class TooManyClosuresError(Exception):
    """The files would close so much that they are probably cut short."""

    def __init__(self, report: Report) -> None:
        self.report = report
        closed = report.site_totals["closed"]
        share = closed / report.open_before if report.open_before else 0
        super().__init__(
            f"Cet import fermerait {closed} établissements sur {report.open_before} "
            f"({share:.1%} ; plus de {CLOSING_LIMIT:.0%} est refusé) et "
            f"{report.entity_totals['closed']} entités juridiques. "
            "Le fichier est sans doute incomplet. Rien n’a été importé."
        )


def silent(count: int) -> None:
    """Report no progress."""


def nothing_more(report: Report, staging: Staging) -> None:
    """Do nothing besides."""


Inspect = Callable[[Report, Staging], None]


def import_files(
    paths: dict[str, Path],
    *,
    apply: bool,
    by: AbstractBaseUser | None = None,
    allow_closures: bool = False,
    progress: Progress = silent,
    inspect: Inspect = nothing_more,
) -> Report:
    """Compare the files with the directory and, when ``apply`` says so, write the differences.

    ``paths`` gives each file under the name to show. Nothing is written before everything was read
    and compared, and then everything is, in one transaction, or nothing. ``inspect`` is called in
    that transaction before writing: what it raises stops the import.
    Raises FinessFileError or TooManyClosuresError.
    """
    with staged(paths, progress) as staging, transaction.atomic():
        _lift_limits()
        if apply:
            _wait_for_turn()
        forget_verdicts()
        report = compare(staging)
        inspect(report, staging)
        if apply:
            if report.closes_too_much and not allow_closures:
                raise TooManyClosuresError(report)
            _write(report, staging, by)
        forget_verdicts()
    return report


def _write(report: Report, staging: Staging, by: AbstractBaseUser | None) -> None:
    if not report.changes_nothing:
        with pghistory.context(task="finess", user=getattr(by, "pk", None)):
            merge(day_of(staging) or timezone.localdate())
    merge_positions()
    record(
        "finess.imported",
        by=by,
        target=", ".join(file.name for file in report.files),
        sites=report.site_totals,
        entities=report.entity_totals,
    )


def _lift_limits() -> None:
    """The web role's statements stop after ten seconds; these may be longer, in here alone."""
    with connection.cursor() as cursor:
        for name in LIFTED:
            cursor.execute(f"SET LOCAL {name} = 0")
        # whole directories are compared: row by row, after a first load, it would take minutes
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SET LOCAL jit = off")  # what forbidden joins cost on paper compiles plans


def _wait_for_turn() -> None:
    """One import writes at a time, whoever started it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.FINESS_IMPORT])
