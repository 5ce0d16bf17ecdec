"""The product that everybody orders at once: its tension declared, its quotas and its stock set.

    python -m tests.load.scarcity PEOPLE BEFORE BUYERS

The tension is declared by the service, so that the agencies are told as they would be. What the
counters said before goes to BEFORE, for ``tests.load.check``.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.db.models import F, Sum  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from common.weeks import current_week  # noqa: E402
from epi_stocks.models import EpiItem  # noqa: E402
from establishments.models import AdministrativeBody  # noqa: E402
from orders.models import (  # noqa: E402
    Allocation,
    Doctrine,
    Movement,
    OrderLine,
    Product,
    Quota,
    Stock,
    Tension,
)
from orders.services.tensions import Declared, declare_tension  # noqa: E402

APRONS = 6  # in no tension in the demonstration
MESSAGE = "Essai de charge."
ENOUGH_FOR = 0.3  # of the people who will ask
CELL = "charge.cellule.1"


def product() -> Product:
    found: Product = Product.objects.of_state().filter(item=APRONS).order_by("pk")[0]
    return found


def scarce_product() -> dict:
    one = product()
    return {"product": one.pk, "pack": one.units_per_pack}


def stock() -> Stock:
    holder = AdministrativeBody.objects.get(kind=AdministrativeBody.Kind.LA_POSTE)
    found: Stock = Stock.objects.get(product=product(), holder=holder)
    return found


def counters() -> dict[str, int]:
    """What the stock, the ledger, the orders and the quotas say of the product now."""
    one = stock()
    ledger = Movement.objects.filter(stock=one).aggregate(units=Sum("quantity"))["units"]
    lines = OrderLine.objects.filter(product=one.product, order__operator=one.holder)
    lines = lines.filter(order__state="submitted").aggregate(units=Sum("quantity"))["units"]
    used = Quota.objects.filter(item=APRONS, week=current_week()).aggregate(units=Sum("used"))
    return {
        "available": one.available,
        "reserved": one.reserved,
        "ledger": ledger or 0,
        "orders": lines or 0,
        "quotas": used["units"] or 0,
    }


def declare() -> None:
    """Again, when a run before did: what it declared is taken away first."""
    Tension.objects.filter(item=APRONS, message=MESSAGE).delete()
    typed = Declared(EpiItem.objects.get(pk=APRONS), None, timezone.localdate(), message=MESSAGE)
    declare_tension(by=User.objects.get(username=CELL), typed=typed)


def share_out(beneficiaries: list[int]) -> None:
    """Two packs more to each than they have used."""
    week, pack = current_week(), product().units_per_pack
    allocation, _ = Allocation.objects.get_or_create(
        item_id=APRONS,
        state=Allocation.State.ABANDONED,  # nothing computes it again
        note=MESSAGE,
        defaults={
            "doctrine": Doctrine.objects.order_by("pk")[0],
            "starts_on": week,
            "pool": 1_000_000,
            "pack": pack,
            "published_at": timezone.now(),
        },
    )
    rows = [
        Quota(week=week, beneficiary_id=one, item_id=APRONS, allocation=allocation, granted=0)
        for one in beneficiaries
    ]
    Quota.objects.bulk_create(rows, ignore_conflicts=True)
    known = Quota.objects.filter(week=week, item=APRONS, beneficiary__in=beneficiaries)
    known.update(granted=F("used") + 2 * pack)


@transaction.atomic
def open_scarcity(people: dict, buyers: int) -> dict[str, int]:
    """For so many buyers: enough for some of them only."""
    declare()
    share_out([one["beneficiary"] for one in people["buyers"]])
    pack = product().units_per_pack
    Stock.objects.filter(pk=stock().pk).update(available=int(ENOUGH_FOR * buyers) * pack)
    return counters()


if __name__ == "__main__":
    told = open_scarcity(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[3]))
    Path(sys.argv[2]).write_text(json.dumps(told))
