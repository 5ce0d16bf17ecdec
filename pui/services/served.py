"""Establishments that a pharmacy serves: they have none, and declare nothing [001]."""

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record
from pui.models import Pui, ServedEstablishment
from pui.services.register import RegisterError


@transaction.atomic
def declare_served(
    *, by: User, pui: Pui, establishment: Establishment, starts_on: date
) -> ServedEstablishment:
    """Say that a pharmacy serves an establishment from a day on; journaled.

    By whoever may change the pharmacy: its GF or the ARS. The establishment may be of another
    legal entity, or of another region; it must be open, and have no pharmacy of its own.
    """
    require_write(by, pui)
    check_may_be_served(pui, establishment, starts_on)
    row = ServedEstablishment(pui=pui, establishment=establishment, starts_on=starts_on)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "served_establishment_once_per_pui" in str(error):
            raise served_already(pui, establishment) from None
        raise
    record(
        "pui.served_added",
        by=by,
        target=f"{establishment} · {pui}",
        place=pui.establishment,
        served=establishment.finess,
        starts_on=starts_on.isoformat(),
        pui=pui.pk,
    )
    return row


def served_already(pui: Pui, establishment: Establishment) -> RegisterError:
    return RegisterError(f"{pui} dessert déjà {establishment}.")


def check_may_be_served(pui: Pui, establishment: Establishment, starts_on: date) -> None:
    if not pui.is_open:
        raise RegisterError(f"{pui} est fermée\u00a0: elle ne dessert plus personne.")
    if pui.opened_on and starts_on < pui.opened_on:
        raise RegisterError(
            f"{pui} est suivie depuis le {pui.opened_on:%d/%m/%Y}\u00a0: elle ne dessert "
            "personne avant."
        )
    if not establishment.is_open:
        raise RegisterError(
            f"{establishment} est fermé dans FINESS depuis le {establishment.closed_on:%d/%m/%Y}."
        )
    if establishment.pk == pui.establishment_id:
        raise RegisterError(
            f"{establishment} est le site de cette PUI\u00a0: elle le dessert sans le déclarer."
        )
    same = ServedEstablishment.objects.in_force(starts_on).filter(pui=pui)
    if same.filter(establishment=establishment).exists():
        raise served_already(pui, establishment)
    own = Pui.objects.open_on(starts_on).filter(establishment=establishment, closed_on=None)
    if held := own.first():
        raise RegisterError(
            f"{establishment} a sa propre PUI, «\u00a0{held}\u00a0», qui déclare son stock. Pour "
            "qu’il soit desservi par une autre, fermez d’abord la sienne."
        )


@transaction.atomic
def end_served(*, by: User, served: ServedEstablishment, on: date) -> ServedEstablishment:
    """Say that ``on`` is the last day that an establishment is served; journaled."""
    require_write(by, served.pui)
    row: ServedEstablishment = ServedEstablishment.objects.select_for_update().get(pk=served.pk)
    if row.ends_on is not None:
        raise RegisterError(
            f"{row.establishment} n’est plus desservi depuis le {row.ends_on:%d/%m/%Y}."
        )
    if on < row.starts_on:
        raise RegisterError(
            f"{row.establishment} est desservi à partir du {row.starts_on:%d/%m/%Y}\u00a0: la fin "
            "ne peut pas être plus tôt."
        )
    row.ends_on = on
    row.save(update_fields=["ends_on"])
    record(
        "pui.served_ended",
        by=by,
        target=f"{row.establishment} · {row.pui}",
        place=row.pui.establishment,
        served=row.establishment.finess,
        ends_on=on.isoformat(),
        pui=row.pui_id,
    )
    return row


def require_write(by: User, pui: Pui) -> None:
    """The row is locked, so that a closing at the same moment ends what is added."""
    kept = Pui.objects.select_for_update().get(pk=pui.pk)
    pui.closed_on = kept.closed_on
    if not Pui.objects.for_user(by, to=Action.PUI_WRITE).filter(pk=pui.pk).exists():
        raise RegisterError(f"Votre profil ne permet pas de modifier la PUI {pui}.")
