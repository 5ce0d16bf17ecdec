"""What the national cell sets of a vaccine: its codes, its interval, the doses of a vial.

The doses of a vial have dates: those of days past never change.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from medications.models import Product
from vaccines.models import Vaccine, VialDoses


class VaccineError(Exception):
    """Nothing was written. The message is for the person, in French."""


class VaccineChangedError(VaccineError):
    """Somebody changed it since the form was shown."""


@dataclass(frozen=True, slots=True)
class Described:
    """A vaccine as it is typed; ``gtin`` and ``interval_days`` may be unknown."""

    label: str
    product: Product
    gtin: str = ""
    interval_days: int | None = None

    @classmethod
    def of(cls, vaccine: Vaccine) -> "Described":
        return cls(vaccine.label, vaccine.product, vaccine.gtin, vaccine.interval_days)

    @property
    def mark(self) -> str:
        return "|".join(str(value or "") for value in self.told().values())

    def told(self) -> dict[str, str | int | None]:
        return {
            "label": self.label,
            "product": self.product.code,
            "gtin": self.gtin,
            "interval_days": self.interval_days,
        }


@dataclass(frozen=True, slots=True)
class VialRule:
    """How many doses a vial gives, from a day on."""

    doses: int
    starts_on: date


def require_setter(by: User) -> None:
    if not by.may(Action.MED_SETTINGS):
        raise VaccineError("Seule la cellule nationale règle les vaccins.")


@transaction.atomic
def add_vaccine(*, by: User, described: Described, vial: VialRule) -> Vaccine:
    """Describe a vaccine, and the doses of its vials from a day on, past or not; journaled."""
    require_setter(by)
    vaccine = Vaccine(
        label=described.label,
        product=described.product,
        gtin=described.gtin,
        interval_days=described.interval_days,
    )
    _save(vaccine)
    VialDoses.objects.create(vaccine=vaccine, starts_on=vial.starts_on, doses=vial.doses)
    record(
        "vaccines.vaccine_described",
        by=by,
        target=vaccine,
        after=described.told(),
        doses_per_vial=vial.doses,
        starts_on=vial.starts_on.isoformat(),
    )
    return vaccine


@transaction.atomic
def change_vaccine(*, by: User, vaccine: Vaccine, described: Described, seen: str) -> Vaccine:
    """Correct its name, its codes, its interval; journaled. ``seen``: the mark that was shown."""
    require_setter(by)
    row: Vaccine = Vaccine.objects.select_for_update(of=("self",)).get(pk=vaccine.pk)
    before = Described.of(row)
    if seen != before.mark:
        raise VaccineChangedError(
            f"Quelqu’un vient de changer ce vaccin\u00a0: {row.label}, UCD {row.product.code}, "
            f"GTIN {row.gtin or 'inconnu'}, intervalle {row.interval_days or 'inconnu'}. "
            "Relisez-le, puis enregistrez de nouveau."
        )
    if before == described:
        return row
    row.label, row.product = described.label, described.product
    row.gtin, row.interval_days = described.gtin, described.interval_days
    _save(row)
    after = described.told()
    record("vaccines.vaccine_changed", by=by, target=row, before=before.told(), after=after)
    return row


@transaction.atomic
def set_vial(*, by: User, vaccine: Vaccine, vial: VialRule) -> VialDoses:
    """Say how many doses a vial gives from a day on; journaled.

    From today at the earliest, or earlier as long as no vial was known: nothing was counted then.
    """
    require_setter(by)
    row: Vaccine = Vaccine.objects.select_for_update(of=("self",)).get(pk=vaccine.pk)
    today = timezone.localdate()
    before = row.doses_per_vial(vial.starts_on)
    if vial.starts_on < today and before is not None:
        raise VaccineError(
            f"Le passé ne change pas\u00a0: choisissez un jour à partir du {today:%d/%m/%Y}."
        )
    if before == vial.doses:
        raise VaccineError(f"Un flacon donne déjà {vial.doses} doses le {vial.starts_on:%d/%m/%Y}.")
    kept, _ = VialDoses.objects.update_or_create(
        vaccine=row, starts_on=vial.starts_on, defaults={"doses": vial.doses}
    )
    record(
        "vaccines.vial_set",
        by=by,
        target=row,
        starts_on=vial.starts_on.isoformat(),
        before=before,
        after=vial.doses,
    )
    return kept


def _save(vaccine: Vaccine) -> None:
    try:
        with transaction.atomic():
            vaccine.save()
    except IntegrityError as error:
        if "vaccine_gtin_once" in str(error):
            raise VaccineError("Ce code GTIN est celui d’un autre vaccin.") from error
        raise VaccineError("Un autre vaccin porte déjà ce nom.") from error
