"""What the move of a product to another « UCD de référence » asks of those who sum by reference.

The pharmacies live on a higher floor: their work is queued by name, in the same transaction.
"""

from collections.abc import Collection

from procrastinate.contrib.django import app

SETTLE = "pui.tasks.nomenclature.settle_regrouped"


def tell_regrouped(products: Collection[int], former: Collection[int] = ()) -> None:
    """Queue what the stocks of these products need; ``former`` are the references they left."""
    if products:
        job = app.configure_task(SETTLE)
        job.defer(products=sorted(products), former=sorted(former))
