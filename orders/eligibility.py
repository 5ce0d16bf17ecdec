"""The conditions of [003] about a place, one by one: open, category, region served, number.

The access doctor tells them, the list of beneficiaries is kept by them, an order asks for them.
"""

from collections.abc import Iterable

from accounts.doctor import Facts, Finding, Place
from accounts.doctor.checks import is_beneficiary, is_open, is_right_number
from establishments.mailboxes import national_mailboxes
from establishments.models import AdministrativeBody, Region
from orders.rules import is_served, served_regions

TITLE = "Sa région est servie par le stock de l’État"
WITHOUT_REGION = "Aucune région n’est connue pour ce lieu\u00a0: le stock de l’État n’y va pas."
OVERSEAS = (
    "Le stock de l’État est servi hors outre-mer. Les établissements de {region} déclarent leurs "
    "équipements dans EPI-Stocks, mais ne commandent pas dans Distrilog-Santé."
)
ELSEWHERE = "Le stock de l’État ne sert pas {region} aujourd’hui."


def served_today(facts: Facts) -> frozenset[str]:
    return served_regions(facts.today)


def regions_known(facts: Facts) -> dict[str, Region]:
    return Region.objects.in_bulk()


def mailboxes_known(facts: Facts) -> dict[str, str]:
    """Where each ARS reads, by region; under an empty code, the national cell."""
    found = {code: region.mailbox for code, region in facts.once(regions_known).items()}
    bodies = AdministrativeBody.objects.filter(kind=AdministrativeBody.Kind.ARS)
    found |= dict(bodies.exclude(mailbox="").order_by("-pk").values_list("region", "mailbox"))
    return found | {"": ", ".join(national_mailboxes())}


def is_region_served(place: Place, facts: Facts) -> Finding:
    """« Hors Outre-mer » [002]: dated, the national cell may change it."""
    region = facts.once(regions_known).get(place.region_id)
    if is_served(place.region_id, facts.once(served_today)):
        return Finding(TITLE, True, f"{region}.")
    return Finding(
        TITLE,
        False,
        f"{_why_not(region)} {_where_to_write(region, facts)}".strip(),
        short="une région servie",
        advice="en vous adressant à votre ARS",
    )


def _why_not(region: Region | None) -> str:
    if region is None:
        return WITHOUT_REGION
    return (OVERSEAS if region.is_overseas else ELSEWHERE).format(region=region)


def _where_to_write(region: Region | None, facts: Facts) -> str:
    """The mailbox of the ARS; without one, the national address [003]."""
    mailboxes = facts.once(mailboxes_known)
    if mailbox := mailboxes.get(region.pk) if region else "":
        return f"Pour un besoin urgent, écrivez à votre ARS\u00a0: {mailbox}."
    if national := mailboxes[""]:
        return f"Pour un besoin urgent, écrivez à la cellule nationale\u00a0: {national}."
    return ""


CONDITIONS = (is_open, is_beneficiary, is_region_served, is_right_number)


def findings(place: Place, facts: Facts | None = None) -> list[Finding]:
    """Each condition about a place, met or not, in the order in which one meets them."""
    facts = facts or Facts([place])
    return [check(place, facts) for check in CONDITIONS]


def unmet(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if not one.is_met]


def is_eligible(place: Place) -> bool:
    """Whether a place orders today, under its own number."""
    return not unmet(findings(place))
