"""Real UCDs take the place of invented ones of the same UCD de référence; nothing is deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from medications.models import Monitoring, Product
from medications.models.monitoring import MonitoringQuerySet

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Replacement:
    """An invented product, and the real ones that pharmacies will declare instead of it."""

    product: Product
    by: tuple[Product, ...]

    @property
    def sentence(self) -> str:
        codes = ", ".join(one.code for one in self.by)
        return f"{self.product.code} {self.product.label} (fictif) → {codes}"


def replacements(coming: Iterable[Product] = ()) -> list[Replacement]:
    """The invented products still followed or not withdrawn that have real ones beside them.

    ``coming`` are those of a file, not written yet.
    """
    rows = Product.objects.filter(reference__isnull=False, withdrawn_on__isnull=True)
    rows = rows.exclude(kind=Product.Kind.VIRTUAL).order_by("code")
    coming = list(coming)
    real: dict[int, dict[str, Product]] = {}
    for one in [*rows.filter(is_fictitious=False), *coming]:
        if one.reference_id:
            real.setdefault(one.reference_id, {})[one.code] = one
    invented = rows.filter(is_fictitious=True, reference__in=real)
    invented = invented.exclude(code__in=[one.code for one in coming])
    return [
        Replacement(one, tuple(others))
        for one in invented
        if (others := [o for o in real[one.reference_id].values() if o.code != one.code])
    ]


def replace(found: Iterable[Replacement], day: date) -> None:
    """From ``day`` on, the real products are followed and the invented ones no longer are."""
    found = list(found)
    invented = [one.product.pk for one in found]
    ended = open_from(day).filter(product__in=invented)
    wanted = followed_instead(found, {row.product_id: row for row in ended}, day)
    ended.filter(starts_on__gte=day).delete()
    ended.update(ends_on=day - ONE_DAY)
    Product.objects.filter(pk__in=invented).update(withdrawn_on=day - ONE_DAY)
    known = set(open_from(day).filter(product__in=wanted).values_list("product", flat=True))
    Monitoring.objects.bulk_create(row for pk, row in wanted.items() if pk not in known)


def open_from(day: date) -> MonitoringQuerySet:
    return Monitoring.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def followed_instead(
    found: Iterable[Replacement], running: dict[int, Monitoring], day: date
) -> dict[int, Monitoring]:
    """Each real product, on the list and at the highest priority of those it replaces."""
    wanted: dict[int, Monitoring] = {}
    for one in found:
        row = running.get(one.product.pk)
        if row is None:
            continue
        for product in one.by:
            place = wanted.get(product.pk)
            if place is None or row.priority < place.priority:
                wanted[product.pk] = Monitoring(
                    monitored_list_id=row.monitored_list_id,
                    product=product,
                    priority=row.priority,
                    starts_on=max(day, row.starts_on),
                )
    return wanted
