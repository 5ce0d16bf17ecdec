"""Write the capacities of a file that was confirmed: all of them or nothing, and once."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record
from orders.capacities.preview import Progress, silent
from orders.models import CapacityImport
from orders.services.errors import OrderingError

State = CapacityImport.State
TOGETHER = 5_000
LOCK = """SELECT id FROM orders_capacity WHERE establishment_id = ANY(%s) ORDER BY id FOR UPDATE"""
TYPED = """unnest(%(sites)s::bigint[], %(bases)s::text[], %(numbers)s::integer[], %(days)s::date[],
                  %(were)s::integer[], %(then)s::date[])
           AS typed(site, basis, number, day, was, was_on)"""
REPLACE = f"""UPDATE orders_capacity c
   SET quantity = typed.number, as_of = typed.day, source = %(source)s
  FROM {TYPED}
 WHERE c.establishment_id = typed.site AND c.basis = typed.basis
   AND c.quantity = typed.was AND c.as_of = typed.was_on"""  # noqa: S608
ADD = f"""INSERT INTO orders_capacity (establishment_id, basis, quantity, as_of, source)
SELECT typed.site, typed.basis, typed.number, typed.day, %(source)s
  FROM {TYPED}
 WHERE typed.was IS NULL
ON CONFLICT DO NOTHING"""  # noqa: S608


class TransferError(OrderingError):
    """Nothing was written."""


@transaction.atomic
def apply_file(row: CapacityImport, *, by: User, progress: Progress = silent) -> None:
    """All that was confirmed, or nothing: a number that changed since stops it; journaled."""
    changes = sorted(row.changes)
    _require_reach(by, {one[0] for one in changes})
    source = f"fichier «\u00a0{row.filename[-60:]}\u00a0» du {timezone.localdate():%d/%m/%Y}"
    for start in range(0, len(changes), TOGETHER):
        _write(changes[start : start + TOGETHER], source)
        progress(min(start + TOGETHER, len(changes)))
    done = {"state": State.DONE, "applied_at": timezone.now(), "changes": [], "message": ""}
    if not CapacityImport.objects.filter(pk=row.pk, state=State.APPLYING).update(**done):
        raise TransferError("Ce fichier n’attend plus de confirmation.")
    record(
        "orders.capacities_imported",
        by=by,
        target=row.filename,
        place=by.active_profile.body if by.active_profile else None,
        digest=row.digest,
        numbers=len(changes),
        establishments=len({one[0] for one in changes}),
        refused_lines=row.report.get("lines"),
    )


def _require_reach(by: User, sites: set[int]) -> None:
    reached = Establishment.objects.for_user(by, to=Action.CAP_VALIDATE)
    if reached.filter(pk__in=sites).count() != len(sites):
        raise TransferError(
            "Votre profil ne permet plus d’écrire les capacités de tous ces établissements\u00a0: "
            "rien n’est enregistré."
        )


def _write(part: Sequence[Sequence[Any]], source: str) -> None:
    names = ("sites", "bases", "numbers", "days", "were", "then")
    columns = dict(zip(names, map(list, zip(*part, strict=True)), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [columns["sites"]])
        count = 0
        for statement in (REPLACE, ADD):
            cursor.execute(statement, {**columns, "source": source})
            count += cursor.rowcount
    if count != len(part):
        raise TransferError(
            "Des capacités ont changé depuis le contrôle du fichier\u00a0: rien n’est enregistré. "
            "Envoyez-le de nouveau pour relire ce qui change."
        )
