"""What tensions bring to the home page: a banner, and what a region or the country must look at."""

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.addresses import fixed_address
from common.home import Banner, Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.models import SupplyDifficulty
from orders.reading import orders_today
from orders.registration import is_registered
from orders.tension.state import ItemState, tense_states
from orders.tension.words import listed, names_of

ORDER = 40
MOST_NAMED = 2
TENSION = (
    "Tension d’approvisionnement\u00a0: {names}. Stock État uniquement, gratuit, en quantité "
    "limitée."
)


def limited(user: User) -> list[ItemState]:
    """The equipment in tension where somebody works; for the country, with the regions.

    Kept with the account, which each request reads anew: the banner and the pool tell the same.
    """
    kept: dict[str, list[ItemState]] = vars(user)
    if "limited" not in kept:
        is_national = user.perimeter_to(Action.ORD_QUOTA_READ).is_national
        profile = user.active_profile
        region = profile.region_id if profile and not is_national else None
        is_somewhere = bool(region or is_national)
        kept["limited"] = tense_states(region, timezone.localdate()) if is_somewhere else []
    return kept["limited"]


def tension_banners(user: User) -> list[Banner]:
    """On every page of who orders, reads quotas or follows orders."""
    if not user.may(Action.ORD_QUOTA_READ):
        return []
    found = limited(user)
    if not found:
        return []
    text = TENSION.format(names=names_of(found))
    address = fixed_address("orders:start")
    return [Banner(text, "warning", address, "Ouvrir Distrilog-Santé", brief_of(found))]


def brief_of(found: list[ItemState]) -> str:
    """« En tension : gants », or how many equipments when they are many."""
    if len(found) > MOST_NAMED:
        return f"En tension\u00a0: {len(found)}\u00a0équipements"
    return f"En tension\u00a0: {listed([one.item.label for one in found])}"


def tension_cards(user: User) -> list[Card]:
    return [*_registration_card(user), *_difficulties_card(user)]


def _registration_card(user: User) -> list[Card]:
    """Not before the place may order: who may not is told why on the start page."""
    profile = user.active_profile
    if profile is None or not user.may(Action.ORD_WRITE) or is_registered(profile):
        return []
    if not orders_today(user):
        return []
    return [
        Card(
            kind=Kind.TO_DO,
            title="Inscription à Distrilog-Santé",
            detail="Une fois pour ce profil, avant la première commande.",
            action_label="S’inscrire",
            url=fixed_address("orders:registration"),
            order=ORDER + 5,
        )
    ]


def _difficulties_card(user: User) -> list[Card]:
    """For the watch cell, what was reported and has no answer yet."""
    if not user.may(Action.QUOTA_WRITE):
        return []
    rows = SupplyDifficulty.objects.for_user(user, to=Action.QUOTA_WRITE).open()
    count = rows.filter(~Q(recorded_by=user)).count()
    if not count:
        return []
    s = "s" if count > 1 else ""
    return [
        Card(
            kind=Kind.TO_SEE,
            title=f"{format_integer(count)} difficulté{s} d’approvisionnement ouverte{s}",
            detail="Signalée par des établissements et des ARS\u00a0: à rapprocher du suivi des "
            "tensions."
            if count == 1
            else "Signalées par des établissements et des ARS\u00a0: à "
            "rapprocher du suivi des tensions.",
            action_label="Voir",
            url=f"{fixed_address('orders:difficulties')}?etat=ouvertes",
            order=ORDER + 4,
        )
    ]
