"""What happens to a FINESS file handed over on screen, from its deposit to its conclusion."""

from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.background import digest_of, enqueue_once
from establishments.models import FinessImport
from establishments.tasks import apply_finess, read_finess
from journal.services import record

State = FinessImport.State


class ImportStateError(Exception):
    """The import cannot do that now. The message is for the person, in French."""


def start_import(file: "UploadedFile[bytes]", *, by: AbstractBaseUser) -> FinessImport:
    """Keep the file and have it read; the same file still under way is that one import."""
    digest = digest_of(file)
    if known := _pending(digest):
        return known
    name, file.name = str(file.name), uuid4().hex
    row = FinessImport(path=file, name=name[-200:], digest=digest, created_by_id=by.pk)
    try:
        with transaction.atomic():
            row.save()
            record("finess.deposited", by=by, target=row.name, digest=digest)
            enqueue_once(read_finess, row.pk, import_id=row.pk)
    except IntegrityError:  # deposited by somebody else since we looked
        row.path.delete(save=False)
        if known := _pending(digest):
            return known
        raise
    return row


@transaction.atomic
def confirm_import(
    row: FinessImport, *, by: AbstractBaseUser, allow_closures: bool = False
) -> FinessImport:
    """Have the previewed changes written. A second click finds it already under way."""
    if row.report.get("closes_too_much") and not allow_closures:
        raise ImportStateError(
            "Ce fichier ferme plus de 2 % de l’annuaire. Cochez la case pour l’accepter, "
            "ou abandonnez cet import."
        )
    mine = FinessImport.objects.filter(pk=row.pk, state=State.READY)
    changed = mine.update(
        state=State.APPLYING,
        allows_closures=allow_closures,
        progress=0,
        message="",
        seen_at=timezone.now(),
    )
    if not changed:
        raise ImportStateError("Cet import n’attend plus de confirmation.")
    record("finess.confirmed", by=by, target=row.name, sites=row.report.get("site_totals"))
    enqueue_once(apply_finess, row.pk, import_id=row.pk)
    return row


@transaction.atomic
def cancel_import(row: FinessImport, *, by: AbstractBaseUser) -> None:
    """Give up a file that is not being written; nothing of it stays but its line."""
    mine = FinessImport.objects.filter(pk=row.pk, state__in=(State.READING, State.READY))
    if not mine.update(state=State.CANCELLED, finished_at=timezone.now()):
        raise ImportStateError("Cet import ne peut plus être abandonné.")
    record("finess.cancelled", by=by, target=row.name)
    transaction.on_commit(lambda: row.path.delete(save=False))


@transaction.atomic
def restart_import(row: FinessImport, *, by: AbstractBaseUser) -> None:
    """Start again the work of a worker that is gone."""
    if not row.is_stopped:
        raise ImportStateError("Cet import est en cours : attendez qu’il se termine.")
    FinessImport.objects.filter(pk=row.pk).update(seen_at=timezone.now(), message="", progress=0)
    record("finess.restarted", by=by, target=row.name)
    task = read_finess if row.state == State.READING else apply_finess
    enqueue_once(task, row.pk, import_id=row.pk)


def record_export(row: FinessImport, *, by: AbstractBaseUser) -> None:
    """Tell the journal that the remarks left as a file: what leaves is always known."""
    record("finess.remarks_exported", by=by, target=row.name, rows=row.remarks.count())


def earlier_import(row: FinessImport) -> FinessImport | None:
    """The last time that the very same file was imported to its end."""
    done = FinessImport.objects.filter(digest=row.digest, state=State.DONE)
    return done.exclude(pk=row.pk).order_by("-finished_at").first()


def _pending(digest: str) -> FinessImport | None:
    return FinessImport.objects.filter(digest=digest, state__in=FinessImport.PENDING).first()
