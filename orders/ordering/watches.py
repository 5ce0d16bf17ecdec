"""The mail of « Prévenez-moi »: to each who waits for a product that is back, once."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from orders.models import Stock, StockWatch, Tension

MOST = 500  # told in one go; the others a few minutes later


def due() -> Iterable[StockWatch]:
    """Those whose product may be ordered again, a whole pack of it; each held for this worker."""
    stock = Stock.objects.filter(product=OuterRef("product"), holder=OuterRef("holder"))
    rows = StockWatch.objects.filter(told_at=None).annotate(
        available=Subquery(stock.values("available")[:1]), is_tense=Exists(_tensions())
    )
    back = rows.filter(
        available__gte=F("product__units_per_pack"), product__is_open=True, is_tense=True
    )
    held = back.select_for_update(of=("self",), skip_locked=True)
    found: Iterable[StockWatch] = held.select_related("product", "user")[:MOST]
    return found


def _tensions() -> QuerySet[Tension]:
    """Those that open the product where the person orders: else the mail would lead to nothing."""
    region = Coalesce(OuterRef("beneficiary__region"), OuterRef("agency__region"))
    inside = Q(region__isnull=True) | Q(region=region)
    rows: QuerySet[Tension] = Tension.objects.in_force(timezone.localdate())
    return rows.filter(inside, item=OuterRef("product__item"))


def queue_watches() -> int:
    """Queue the mails in the transaction that says they were told; how many."""
    count = 0
    for one in due():
        one.told_at = timezone.now()
        one.save(update_fields=["told_at"])
        if one.user.is_active:
            queue_written(*written(one), one.user.email)
            count += 1
    return count


def written(watch: StockWatch) -> tuple[str, str]:
    link = f"{settings.SITE_URL}{reverse('orders:catalogue')}"
    words = {"watch": watch, "link": link}
    subject, _, body = render("notices/stock_back.txt", words).strip().partition("\n")
    text = render("notices/frame.txt", {**words, "body": body.strip()})
    return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text.strip()
