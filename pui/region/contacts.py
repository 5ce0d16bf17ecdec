"""Whom to call about a pharmacy: its own contact, those who declare (GF), those who administer."""

from collections.abc import Iterable

from pui.models import Pui
from pui.people import GF, Person, people_at


def people_of(puis: Iterable[Pui]) -> dict[int, list[Person]]:
    """By pharmacy, the GFs first, those of the site before those of its entity; one statement.

    The establishments are read with the pharmacies: ``select_related("establishment")``.
    """
    puis = list(puis)
    places = {one.pk: (one.establishment_id, one.establishment.legal_entity_id) for one in puis}
    known = people_at({site for site, _ in places.values()}, {one for _, one in places.values()})
    return {
        pk: sorted(known.of(*place), key=lambda one: one.kind != GF) for pk, place in places.items()
    }


def recipients_of(pui: Pui, people: Iterable[Person]) -> list[str]:
    """Those who declare; else the pharmacy's own address, else those who administer."""
    people = list(people)
    declarants = [one.email for one in people if one.kind == GF]
    own = [pui.contact_email] if pui.contact_email else []
    others = [one.email for one in people if one.kind != GF]
    found: list[str] = next((some for some in (declarants, own, others) if some), [])
    return list(dict.fromkeys(found))


def own_contact(pui: Pui) -> str:
    """« Secrétariat de la pharmacie · 02 61 91 00 00 · astreinte 02 61 91 00 01 »."""
    on_call = f"astreinte {pui.on_call_phone}" if pui.on_call_phone else ""
    parts = (pui.contact_name, pui.contact_phone, pui.contact_email, on_call)
    return " · ".join(filter(None, parts))
