"""From the lines kept and answered to the lines stored: what stops it, then all of them at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pui.models import Pui, Transmission
from pui.rights import Sender
from pui.services.storing import Declared, store
from pui.transfer.checking import recompare
from pui.transfer.errors import ChangedMeanwhileError, TransmittingError
from pui.transfer.filling import drop_file, followed_for, in_force, keep, lines_of
from pui.transfer.sentences import already_received, counted, moment
from pui.transfer.shapes import Kind, Line

State = Transmission.State
MOST_CODES = 100  # of those set aside, kept with the receipt
WITH_ALL = ("pui__establishment__legal_entity", "pui__establishment__region", "monitored_list")


class DeclaredMeanwhileError(ChangedMeanwhileError):
    """Another transmission of the same due day was confirmed since this one was read."""


def locked(transmission: Transmission) -> Transmission:
    """The row as it stands, held until the end of the transaction; its pharmacy first, always."""
    Pui.objects.select_for_update().get(pk=transmission.pui_id)
    rows = Transmission.objects.select_for_update(of=("self",)).select_related(*WITH_ALL)
    return rows.get(pk=transmission.pk)


def require_ready(row: Transmission, version: int | None = None) -> None:
    """Raise unless it still waits, as the page showed it."""
    by = row.report.get("confirmed_by") or "une autre personne"
    if row.confirmed_at:
        raise ChangedMeanwhileError(
            f"Cette transmission a déjà été confirmée par {by} le {moment(row.confirmed_at)}."
        )
    if row.state == State.STORING:
        raise ChangedMeanwhileError(
            f"Cette transmission est confirmée par {by}\u00a0: elle s’écrit."
        )
    if row.state == State.READING:
        raise TransmittingError(
            "Ce fichier est en cours de lecture\u00a0: attendez qu’elle se termine."
        )
    if row.state != State.READY:
        raise ChangedMeanwhileError("Ce fichier n’attend plus de confirmation\u00a0: renvoyez-le.")
    if version is not None and version != row.report.get("version"):
        who = row.report.get("touched_by") or "une autre personne"
        raise ChangedMeanwhileError(
            f"Des réponses ont été données entre-temps par {who}\u00a0: relisez la page avant de "
            "continuer. Rien n’a été enregistré."
        )


def require_complete(lines: Sequence[Line], *, without_refused: bool) -> None:
    """Raise while an answer is missing or refused lines were not acknowledged."""
    if waiting := sum(line.waits for line in lines):
        lead = counted(waiting, "réponse manque", "réponses manquent")
        raise TransmittingError(f"{lead}\u00a0: rien n’a été enregistré.")
    refused = sum(line.kind is Kind.REFUSED for line in lines)
    if refused and not without_refused:
        lead = counted(refused, "ligne est refusée", "lignes sont refusées")
        raise TransmittingError(
            f"{lead}\u00a0: envoyez un fichier corrigé, ou confirmez sans elles. Rien n’a été "
            "enregistré."
        )


def require_same_before(row: Transmission) -> None:
    """What the page compared with must still be what is in force; the same file is sent once."""
    now_in_force = in_force(row)
    if now_in_force == row.report.get("in_force", ""):
        return
    other = Transmission.objects.get(number=now_in_force)
    if row.digest and other.digest == row.digest:
        raise TransmittingError(already_received(other))
    by = other.report.get("confirmed_by") or "une autre personne"
    raise DeclaredMeanwhileError(
        f"Une autre transmission de cette échéance a été confirmée par {by} le "
        f"{moment(other.confirmed_at)}, depuis la lecture de ce fichier. Les écarts ont été "
        "recalculés\u00a0: relisez-les, puis confirmez pour la remplacer. Rien n’a été enregistré."
    )


def compare_again(row: Transmission, now: datetime) -> None:
    """Show the changes with what was declared meanwhile; nothing is saved."""
    lines = lines_of(row)
    recompare(lines, followed_for(row, now))
    row.report["in_force"] = in_force(row)
    keep(row, lines)


def declared_of(lines: Sequence[Line]) -> list[Declared]:
    """What is stored: neither what was left out, nor a line without any quantity."""
    found = [
        Declared(line.declared_id, *line.quantities, line.nearest_expiry)
        for line in lines
        if line.declared_id is not None and not line.is_blank
    ]
    if lines and not any(line.declared_id for line in lines):
        raise TransmittingError(
            "Aucune ligne n’est d’un produit suivi à cette échéance\u00a0: rien n’a été "
            "enregistré. Vérifiez les codes et la liste."
        )
    if not any(one.stock is not None for one in found):
        raise TransmittingError(
            "Aucune quantité en stock à transmettre\u00a0: rien n’a été enregistré. Écrivez 0 pour "
            "dire que vous n’en avez plus."
        )
    return found


@transaction.atomic
def conclude(
    row: Transmission, lines: Sequence[Line], *, by: Sender, now: datetime
) -> Transmission:
    """Store the lines and keep, for the receipt, what became of each."""
    declared = declared_of(lines)
    outside = [line.code for line in lines if line.kind is Kind.OUTSIDE and not line.declared_id]
    told_of = [line for line in lines if line.kind is not Kind.OUTSIDE or line.declared_id]
    row.content = [line.as_json() for line in told_of]
    row.report |= {
        "confirmed_by": str(by),
        "declared": len(declared),
        "outside": outside[:MOST_CODES],
    }
    row.message = ""
    drop_file(row)
    row.save(update_fields=["message", "path", "profile", "seen_at"])
    return store(by=by, transmission=row, lines=declared, now=now)
