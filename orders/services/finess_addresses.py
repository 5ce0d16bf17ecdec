"""The delivery addresses that come from FINESS: of a beneficiary's sites, without validation."""

from django.db import transaction
from django.utils import timezone

from establishments.models import Establishment
from orders.models import Beneficiary, DeliveryAddress

State = DeliveryAddress.State
TOLD = ("label", "lines", "postal_code", "town")
REPLACED = "L’adresse a changé dans FINESS."


def finess_address(beneficiary: Beneficiary) -> DeliveryAddress | None:
    """The address where one delivers by default: that of the establishment, else of the main site.

    None when FINESS tells no address: a free one is then proposed.
    """
    found = finess_addresses(beneficiary)
    return found[0] if found else None


def finess_addresses(beneficiary: Beneficiary) -> list[DeliveryAddress]:
    """Of each open site that FINESS locates, the main one first, as the directory says today."""
    told = {one.pk: _as_told(one) for one in _sites(beneficiary)}
    told = {pk: words for pk, words in told.items() if words["lines"] and words["postal_code"]}
    known = _known(beneficiary)
    if not _is_current(told, known):
        known = _brought_up_to_date(beneficiary, told)
    return [known[pk] for pk in told]


def _sites(beneficiary: Beneficiary) -> list[Establishment]:
    rows = Establishment.objects.open().order_by("-is_main", "finess")
    if beneficiary.establishment_id:
        return list(rows.filter(pk=beneficiary.establishment_id))
    return list(rows.filter(legal_entity=beneficiary.legal_entity_id))


def _as_told(site: Establishment) -> dict[str, str]:
    return {
        "label": site.name[:120],
        "lines": site.address,
        "postal_code": site.postal_code,
        "town": site.town,
    }


def _known(beneficiary: Beneficiary) -> dict[int, DeliveryAddress]:
    rows = DeliveryAddress.objects.filter(beneficiary=beneficiary, site__isnull=False)
    return {one.site_id: one for one in rows.exclude(state=State.RETIRED)}


def _is_current(told: dict[int, dict[str, str]], known: dict[int, DeliveryAddress]) -> bool:
    return told.keys() == known.keys() and all(
        _says(known[pk], words) for pk, words in told.items()
    )


def _says(row: DeliveryAddress, words: dict[str, str]) -> bool:
    return all(getattr(row, name) == words[name] for name in TOLD)


@transaction.atomic
def _brought_up_to_date(
    beneficiary: Beneficiary, told: dict[int, dict[str, str]]
) -> dict[int, DeliveryAddress]:
    """Retire what FINESS no longer says, write what it says; one at a time for a beneficiary.

    The delivery terms and the contact go on with the address: they are the site's.
    """
    Beneficiary.objects.select_for_update(of=("self",), no_key=True).get(pk=beneficiary.pk)
    known, now = _known(beneficiary), timezone.now()
    for pk, row in list(known.items()):
        if pk not in told or not _says(row, told[pk]):
            row.state, row.answer, row.retired_at = State.RETIRED, REPLACED, now
            row.save(update_fields=["state", "answer", "retired_at"])
    for pk, words in told.items():
        former = known.get(pk)
        if former is None or former.state == State.RETIRED:
            known[pk] = DeliveryAddress.objects.create(
                beneficiary=beneficiary,
                site_id=pk,
                state=State.VALIDATED,
                terms=former.terms if former else "",
                contact_name=former.contact_name if former else "",
                contact_phone=former.contact_phone if former else "",
                **words,
            )
    return known
