"""What the task worker does of large files of capacities: read, then written once confirmed."""

from accounts.models import User
from common.followed import move, tell, told_beside, work_on
from common.tabular import TabularError
from establishments.perimeter import Action
from orders.capacities.applying import TransferError, apply_file
from orders.capacities.preview import read_file
from orders.models import CapacityImport

State = CapacityImport.State


def read_job(import_id: int) -> None:
    """Read and compare, so that the person may decide."""
    work_on(_row(import_id, State.READING), _read)


def apply_job(import_id: int) -> None:
    """Write what was confirmed, all of it or nothing, by the rights held now."""
    work_on(_row(import_id, State.APPLYING), _apply)


def _row(import_id: int, state: str) -> CapacityImport | None:
    """None when it is elsewhere."""
    return CapacityImport.objects.select_related("by").filter(pk=import_id, state=state).first()


def _read(row: CapacityImport) -> None:
    try:
        with row.path.open("rb") as file:
            preview = read_file(
                by=_person_of(row),
                file=file,
                filename=row.filename,
                progress=lambda count: tell(row, count),
            )
    except (TabularError, TransferError) as refusal:
        move(row, State.REFUSED, message=str(refusal))
    else:
        fields = preview.fields
        move(row, fields.pop("state"), **fields)
    row.path.storage.delete(row.path.name)


def _apply(row: CapacityImport) -> None:
    try:
        with told_beside(row) as say:
            apply_file(row, by=_person_of(row), progress=say)
    except TransferError as refusal:
        move(row, State.REFUSED, message=str(refusal), changes=[], report={})


def _person_of(row: CapacityImport) -> User:
    """With the rights they hold now, under the profile of their file."""
    row.by.chosen_profile_id = row.profile_id
    if not (row.by.is_active and row.by.may(Action.CAP_VALIDATE)):
        raise TransferError(
            "Votre profil ne permet plus d’écrire des capacités\u00a0: rien n’est enregistré."
        )
    return row.by
