"""The medicines, vaccines and devices that a search over the platform finds."""

from urllib.parse import urlencode

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.search import Group, Hit
from establishments.finding import PER_GROUP, READ, alike, is_long_enough, stems
from establishments.perimeter import Action
from medications.models import Monitoring, Product

ORDER = 30


def find(user: User, text: str) -> list[Group]:
    """By code (7 or 13 digits), by words of the label or of the DCI; else by spelling.

    What pharmacies declare comes first; beyond a few, its list shows the others.
    """
    if not user.may(Action.REF_READ) or not is_long_enough(text):
        return []
    rows = Product.objects.select_related("substance")
    found = list(_followed_first(rows.search(stems(text)))[:READ])
    near = [] if found else alike(rows, text)
    if not found and not near:
        return []
    label = "Médicaments et vaccins"
    return [
        Group(
            label=label if found else f"{label}, orthographe proche",
            hits=[_hit(one) for one in (found or near)[:PER_GROUP]],
            more_url=_list_of(found, text),
            more_label="Voir tous ceux de la liste suivie",
            order=ORDER if found else ORDER + 50,
        )
    ]


def _followed_first(rows: QuerySet[Product]) -> QuerySet[Product]:
    """``list_slug``: the list that follows it today."""
    followed = Monitoring.objects.in_force(timezone.localdate()).filter(product=OuterRef("pk"))
    listed = rows.annotate(list_slug=Subquery(followed.values("monitored_list")[:1]))
    return listed.order_by(F("list_slug").asc(nulls_last=True), "sort_label", "code")


def _list_of(found: list[Product], text: str) -> str:
    """The list of the first ones, already filtered, when they are more than a few."""
    slug = getattr(found[0], "list_slug", None) if len(found) > PER_GROUP else None
    if slug is None:
        return ""
    return f"{reverse('medications:list', args=[slug])}?{urlencode({'recherche': text})}"


def exact(user: User, text: str) -> Hit | None:
    """The product whose whole code was typed."""
    code = "".join(text.split())
    if not (code.isascii() and code.isdecimal()) or not user.may(Action.REF_READ):
        return None
    rows = Product.objects.select_related("substance").search(code)
    found = list(rows.order_by("pk")[:2]) if len(code) >= len("1234567") else []
    return _hit(found[0]) if len(found) == 1 else None


def _hit(row: Product) -> Hit:
    known = [
        "" if row.kind in Product.WITHOUT_UCD else f"UCD {row.code}",
        str(row.substance).lower() if row.substance else "",
        "retiré" if row.withdrawn_on else "",
    ]
    url = reverse("medications:product", args=[row.code])
    return Hit(row.label, url, ", ".join(filter(None, known)))
