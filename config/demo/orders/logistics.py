"""The exchanges with the warehouses: the large, their platforms, a few rounds of both."""

import hashlib
import hmac
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services.tokens import LONGEST_LIFE, PREFIX, digest_of
from config.demo.people import ADDRESS, body
from epi_stocks.models import GLOVES
from establishments.models import AdministrativeBody
from orders.logistics.order_files import code_of
from orders.logistics.simulator import MACHINE, play
from orders.models import Beneficiary, LogisticsReport, Platform, Product, Replenishment
from orders.services.order_folder import folder_of
from orders.services.replenishing import request_replenishment
from orders.services.reports import receive

ROUNDS = 6
WAREHOUSES = (AdministrativeBody.Kind.LA_POSTE, AdministrativeBody.Kind.SPF)
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


def token_of(kind: AdministrativeBody.Kind) -> str:
    """The same each time on one machine, another on the next."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"demo:{kind}".encode(), hashlib.sha256)
    return f"{PREFIX}{made.hexdigest()}"


def build_tokens() -> None:
    """One for each warehouse, to try the interfaces; good for a year."""
    for kind in WAREHOUSES:
        ApiToken.objects.get_or_create(
            digest=digest_of(token_of(kind)),
            defaults={
                "label": "Système de l’entrepôt (démonstration)",
                "body": body(kind),
                "scopes": [
                    ApiToken.Scope.LOGISTICS_FILES.value,
                    ApiToken.Scope.LOGISTICS_REPORTS.value,
                ],
                "expires_at": timezone.now() + LONGEST_LIFE - timedelta(days=1),
            },
        )


def tokens() -> dict[str, str]:
    """For tools: the token of each warehouse."""
    return {code_of(body(kind)): token_of(kind) for kind in WAREHOUSES}


def folders() -> dict[str, Path]:
    """For tools: where each warehouse finds its files."""
    return {code_of(body(kind)): folder_of(body(kind)) for kind in WAREHOUSES}


def build_logistics() -> int:
    """Play the warehouses a few rounds, once; say how many reports they sent."""
    if LogisticsReport.objects.exists():
        return 0
    sent = sum(play().reports for _ in range(ROUNDS))
    _send_what_is_wrong()
    _propose_replenishment()
    return sent


def _send_what_is_wrong() -> None:
    """A number that no file had, and a report cut short: what the quarantine is for."""
    now = timezone.localtime().isoformat(timespec="seconds")
    wrong = {"type": "preparation", "commande": "C-2020-00O815", "le": now}
    for key, content in (
        ("demo-inconnue", wrong),
        ("demo-tronquee", '{"type": "confirmation", "commande": "C-20'),
    ):
        receive(content, operator=body(AdministrativeBody.Kind.LA_POSTE), key=key, via=MACHINE)


def _propose_replenishment() -> None:
    """La Poste sees the gloves go."""
    gloves = Product.objects.of_state().filter(item=GLOVES).first()
    if gloves is None or Replenishment.objects.exists():
        return
    request_replenishment(
        by=User.objects.get(email=f"laposte{ADDRESS}"),
        product=gloves,
        quantity=gloves.units_per_pack * 400,
        reason="Deux tailles demandées partout depuis lundi",
    )
