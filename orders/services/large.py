"""The large beneficiaries, each with the platform of SPF that serves it [004]."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from journal.services import record
from orders.models import Beneficiary, Platform
from orders.services.errors import OrderingError
from orders.services.rerouting import require_router


class ListChangedError(OrderingError):
    """The list is not the one that was shown any more."""


@transaction.atomic
def replace_large(
    platforms: Mapping[int, int], *, by: User, seen: str, is_whole: bool
) -> dict[str, int]:
    """Give each beneficiary (by number) its platform; ``is_whole``: the others have none any more.

    ``seen`` is the ``mark`` of the list as it was shown. Journaled with what changed.
    """
    require_router(by)
    rows = {one.pk: one for one in Beneficiary.objects.select_for_update(no_key=True).filter(
        pk__in=[*platforms, *large_now()]).order_by("pk")}  # fmt: skip
    before = {pk: one.platform_id for pk, one in rows.items() if one.platform_id}
    if mark(before) != seen:
        raise ListChangedError(
            "La liste a changé depuis votre aperçu\u00a0: relisez ce que cela donne maintenant."
        )
    counts = {"added": 0, "changed": 0, "removed": 0}
    for pk, row in rows.items():
        after = platforms.get(pk) if is_whole or pk in platforms else row.platform_id
        if after == row.platform_id:
            continue
        name = "removed" if after is None else "changed" if row.platform_id else "added"
        counts[name] += 1
        row.platform_id = after
        row.save(update_fields=["platform"])
    if any(counts.values()):
        record(
            "orders.large_list_changed",
            by=by,
            target="Grands établissements",
            added=counts["added"],
            changed=counts["changed"],
            removed=counts["removed"],
        )
    return counts


def large_now() -> dict[int, int]:
    """The platform of each large beneficiary, by number."""
    return dict(
        Beneficiary.objects.filter(platform__isnull=False)
        .order_by("pk")
        .values_list("pk", "platform")
    )


def mark(platforms: Mapping[int, int]) -> str:
    """Changes with any line of the list."""
    return ",".join(f"{pk}:{platform}" for pk, platform in sorted(platforms.items()))


@transaction.atomic
def save_platform(platform: Platform, *, by: User) -> Platform:
    """Add a platform, rename it, close it. One that serves somebody is not closed. Journaled."""
    require_router(by)
    if not platform.is_open and platform.pk and platform.beneficiaries.exists():
        raise OrderingError("Des établissements sont servis par cette plateforme.")
    platform.full_clean()
    platform.save()
    state = "ouverte" if platform.is_open else "fermée"
    record("orders.platform_saved", by=by, target=f"{platform} ({platform.code})", state=state)
    return platform
