"""What a person says of a delivery, and what cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.photos import Drawn
from common.weeks import PARIS
from orders.models import Order, OrderLine, Reception, ReceptionLine, Shipment
from orders.services.errors import OrderingError

OLDEST = timedelta(days=92)  # a reception told later than that is a mistake of year
Gap = ReceptionLine.Gap


class ReceptionError(OrderingError):
    """Nothing was written. ``line`` is the number of the line at fault, where there is one."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class CorrectedMeanwhileError(ReceptionError):
    """A colleague corrected the same reception; ``reception`` holds what counts now."""

    def __init__(self, reception: Reception) -> None:
        super().__init__(
            f"{reception.corrected_by or reception.told_by} vient de corriger cette "
            "réception\u00a0: ses chiffres sont écrits à côté des vôtres. Relisez, puis "
            "enregistrez de nouveau."
        )
        self.reception = reception


class ReceivedMeanwhileError(ReceptionError):
    """A colleague received, or the warehouse shipped, since the form was shown."""

    def __init__(self) -> None:
        super().__init__(
            "Les quantités attendues ont changé depuis l’affichage\u00a0: un collègue a "
            "réceptionné, ou l’entrepôt a expédié. Relisez, puis confirmez de nouveau."
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """Units of a line that came in a good state, that came damaged, and why they differ."""

    received: int
    damaged: int = 0
    gap: str = ""

    @property
    def came(self) -> int:
        return self.received + self.damaged


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a delivery; ``counts`` by the number of the line of the order."""

    received_on: date
    counts: Mapping[int, Counted]
    comment: str = ""
    photo: Drawn | None = None


def check_told(
    order: Order,
    told: Told,
    left: Mapping[int, int],
    now: datetime,
    shipment: Shipment | None = None,
) -> None:
    """Raise ``ReceptionError`` when what is told cannot be; ``left``: what each line expects."""
    _check_day(order, shipment, told.received_on, now.astimezone(PARIS).date())
    known = {one.pk: one for one in order.lines.select_related("product")}
    if not told.counts or not set(told.counts) <= set(known):
        raise ReceptionError("Ces lignes ne sont pas de cette commande.")
    for pk, count in told.counts.items():
        _check_line(known[pk], count, left.get(pk, 0), told.comment)


def require_something(told: Told) -> None:
    """A new reception settles something: came, or never to come."""
    if all(one.came == 0 and one.gap in ("", Gap.LATER) for one in told.counts.values()):
        raise ReceptionError(
            "Rien n’est arrivé\u00a0: il n’y a rien à réceptionner pour l’instant. Ce qui ne "
            "viendra plus est «\u00a0manquant\u00a0»."
        )


def _check_day(order: Order, shipment: Shipment | None, day: date, today: date) -> None:
    if day > today:
        raise ReceptionError("La date de réception est dans le futur.")
    if day < today - OLDEST:
        raise ReceptionError("Cette date de réception remonte à plus de trois mois.")
    if shipment is not None and day < (left := shipment.shipped_at.astimezone(PARIS).date()):
        raise ReceptionError(
            f"L’expédition {shipment} est partie le {left:%d/%m/%Y}\u00a0: elle n’a pas pu être "
            "reçue avant."
        )
    sent = order.submitted_at.astimezone(PARIS).date() if order.submitted_at else today
    if day < sent:
        raise ReceptionError(
            f"La commande a été transmise le {sent:%d/%m/%Y}\u00a0: elle n’a pas pu être reçue "
            "avant."
        )


def _check_line(line: OrderLine, count: Counted, expected: int, comment: str) -> None:
    came = count.came
    if came > 10 * line.quantity:
        raise ReceptionError(
            "C’est plus de dix fois la quantité commandée\u00a0: vérifiez.", line.pk
        )
    if count.gap and count.gap not in Gap.values:
        raise ReceptionError("Ce motif n’existe pas.", line.pk)
    if came != expected and not count.gap:
        raise ReceptionError("Dites pourquoi ce nombre diffère de ce qui était attendu.", line.pk)
    if came == expected and count.gap:
        raise ReceptionError(
            "Le total est celui qui était attendu\u00a0: corrigez le nombre, ou choisissez "
            "«\u00a0aucun écart\u00a0».",
            line.pk,
        )
    if came > expected and count.gap in (Gap.LATER, Gap.MISSING):
        raise ReceptionError(
            "Il en est arrivé plus que prévu\u00a0: choisissez un autre motif.", line.pk
        )
    if came < expected and count.gap == Gap.SURPLUS:
        raise ReceptionError(
            "Il en est arrivé moins que prévu\u00a0: choisissez un autre motif.", line.pk
        )
    if count.gap == Gap.OTHER and not comment:
        raise ReceptionError("Dites ce motif dans le commentaire.", line.pk)
