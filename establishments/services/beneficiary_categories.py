"""Which FINESS categories may order from the State stock, between two dates [003].

A change holds from a day to come, or from today: what was ordered before stays right.
"""

from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from common.locks import Lock
from establishments.models import BeneficiaryCategory, Establishment, EstablishmentCategory
from journal.services import record

DAY = timedelta(days=1)


class CategoryError(Exception):
    """The category cannot change so. The message is written for the person, in French."""


@transaction.atomic
def open_category(
    *, by: AbstractBaseUser, category: EstablishmentCategory, starts_on: date
) -> BeneficiaryCategory:
    """Let the establishments of a category order from ``starts_on`` on."""
    _begin(starts_on)
    standing = _standing(category, starts_on).first()
    if standing is not None:
        raise CategoryError(
            f"«\u00a0{category}\u00a0» est déjà bénéficiaire depuis le "
            f"{standing.starts_on:%d/%m/%Y}."
            if standing.starts_on <= starts_on
            else f"«\u00a0{category}\u00a0» le devient déjà le {standing.starts_on:%d/%m/%Y}."
        )
    row: BeneficiaryCategory = BeneficiaryCategory.objects.create(
        category=category, starts_on=starts_on
    )
    record(
        "establishment.category_opened",
        by=by,
        target=category,
        starts_on=starts_on.isoformat(),
        establishments=establishments_of(category),
    )
    return row


@transaction.atomic
def close_category(
    *, by: AbstractBaseUser, category: EstablishmentCategory, from_day: date
) -> None:
    """Stop it from ``from_day`` on; a span that had not begun is taken away."""
    _begin(from_day)
    standing = _standing(category, from_day)
    if not standing.exists():
        raise CategoryError(f"«\u00a0{category}\u00a0» n’est pas bénéficiaire à cette date.")
    standing.filter(starts_on__gte=from_day).delete()
    standing.update(ends_on=from_day - DAY)
    record(
        "establishment.category_closed",
        by=by,
        target=category,
        ends_on=(from_day - DAY).isoformat(),
        establishments=establishments_of(category),
    )


def establishments_of(category: EstablishmentCategory) -> int:
    """How many open establishments a change of this category is about."""
    return int(Establishment.objects.open().filter(category=category).count())


def _begin(day: date) -> None:
    """Refuse the past, and wait for whoever decides at the same moment: spans never overlap."""
    if day < timezone.localdate():
        raise CategoryError("Un changement commence aujourd’hui au plus tôt.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.BENEFICIARY_CATEGORIES])


def _standing(category: EstablishmentCategory, day: date):  # type: ignore[no-untyped-def]
    """The spans of a category that hold on ``day`` or later."""
    spans = BeneficiaryCategory.objects.filter(category=category)
    return spans.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).order_by("starts_on")
