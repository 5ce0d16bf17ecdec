"""The exchanges with the warehouses: the large, their platforms, a few rounds of both."""

from config.demo.people import body
from establishments.models import AdministrativeBody
from orders.logistics.simulator import play
from orders.models import Beneficiary, LogisticsReport, Platform

ROUNDS = 6
LARGE = ("101", "106", "355")  # CHR and the largest hospitals


def build_large(most: int = 251) -> int:
    """Give the hospitals of the demonstration a platform, those that have none yet."""
    platforms = list(Platform.objects.filter(is_open=True).order_by("pk"))
    if not platforms or Beneficiary.objects.filter(platform__isnull=False).exists():
        return 0
    rows = Beneficiary.objects.filter(is_listed=True, category__in=LARGE).order_by("pk")[:most]
    large = list(rows)[::2] if len(rows) < most else list(rows)
    for rank, one in enumerate(large):
        one.platform = platforms[rank % len(platforms)]
    Beneficiary.objects.bulk_update(large, ["platform"], batch_size=500)
    return len(large)


def build_logistics() -> int:
    """Play the warehouses a few rounds, once; say how many reports they sent."""
    if LogisticsReport.objects.exists():
        return 0
    for kind in (AdministrativeBody.Kind.LA_POSTE, AdministrativeBody.Kind.SPF):
        body(kind)
    return sum(play().reports for _ in range(ROUNDS))
