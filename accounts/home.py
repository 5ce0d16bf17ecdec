"""What accounts bring to the home page: one's profiles, and the step that is missing."""

from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse

from accounts.decisions.inbox import inbox_of, invitations_to_confirm
from accounts.decisions.lines import days_since
from accounts.figures import ape_figures, audit_figures, support_figures
from accounts.models import Invitation, Profile, User
from accounts.sections import DECIDE, sections_of
from accounts.waiting import WAITING_STATES
from common.addresses import fixed_address
from common.home import Banner, Card, Figure, Kind, MenuItem
from common.numbers import format_integer
from establishments.perimeter import Action


def menu(user: User) -> list[MenuItem]:
    """« Mes profils » for everybody; PLAGE and the single-use codes for those who use them."""
    if not user.is_authenticated:
        return []
    items = [MenuItem("Mes profils", fixed_address("profiles:list"), order=80)]
    if sections := sections_of(user):
        items.append(MenuItem("PLAGE", sections[0].url, prefix="/plage/", order=60))
    if user.may(Action.EPI_CODE):
        items.append(MenuItem("Codes ES-", fixed_address("legacy_codes"), order=70))
    return items


def cards(user: User) -> list[Card]:
    """What keeps a person from working comes first: no profile in force, or none chosen."""
    if not user.is_authenticated:
        return []
    if user.usable_profiles and not any(profile.rights for profile in user.usable_profiles):
        return [
            Card(
                Kind.FIRST,
                "Il manque une habilitation",
                detail="Votre profil est actif, mais il n’ouvre encore aucune application.",
                action_label="Voir ce qui manque",
                url=reverse("access"),
            )
        ]
    if user.active_profile:
        return decision_cards(user) + confirmation_cards(user)
    if user.usable_profiles:
        return [
            Card(
                Kind.FIRST,
                "Choisissez le profil sous lequel vous travaillez",
                detail=(
                    f"Vous en avez {len(user.usable_profiles)} actifs. EPI-Stocks les réunit ; les "
                    "autres applications s’ouvrent sous celui que vous choisissez."
                ),
                action_label="Choisir un profil",
                url=reverse("profiles:choose"),
            )
        ]
    return [missing_card(user)]


def missing_card(user: User) -> Card:
    """No profile in force: wait for an answer, see why it is suspended, or ask for one."""
    states = set(user.profiles.filter(state__in=WAITING_STATES).values_list("state", flat=True))
    if Profile.State.PENDING in states:
        return Card(
            Kind.FIRST,
            "Votre demande de profil attend une réponse",
            detail="Aucune application ne s’ouvre d’ici là : voyez qui décide, et relancez.",
            action_label="Suivre ma demande",
            url=reverse("profiles:list"),
        )
    if states:
        return Card(
            Kind.FIRST,
            "Aucun de vos profils n’est actif",
            detail="Sans profil actif, aucune application ne s’ouvre : voyez ce qui manque.",
            action_label="Voir mes profils",
            url=reverse("profiles:list"),
        )
    return Card(
        Kind.FIRST,
        "Vous n’avez pas encore de profil",
        detail="Il vous rattache à votre établissement : sans lui, aucune application ne s’ouvre.",
        action_label="Demander un profil",
        url=reverse("profiles:ask"),
    )


def decision_cards(user: User) -> list[Card]:
    """The requests that wait for this person, and since when."""
    count, since = waiting_requests(user)
    if since is None:
        return []
    return [
        Card(
            Kind.DECIDE,
            f"{count} demande{'s' if count > 1 else ''} de profil",
            detail=oldest(count, since),
            action_label="Décider",
            url=reverse("plage:requests"),
        )
    ]


def confirmation_cards(user: User) -> list[Card]:
    """The invitations of the country that wait for a second person."""
    if not user.may(Action.PROF_DECIDE_REG):
        return []
    waiting = invitations_to_confirm(user)
    found = waiting.order_by().aggregate(count=Count("pk"), since=Min("created_at"))
    if not found["count"]:
        return []
    count = found["count"]
    return [
        Card(
            Kind.DECIDE,
            f"{count} invitation{'s' if count > 1 else ''} à confirmer",
            detail=oldest(count, found["since"]),
            action_label="Confirmer",
            url=f"{reverse('plage:invitations')}?etat={Invitation.State.TO_CONFIRM}",
        )
    ]


def figures(user: User) -> list[Figure]:
    """For an ARS the places without an APE, for the country what waits; for those who watch, what
    they watch."""
    return [
        *ape_figures(user),
        *decision_figures(user),
        *audit_figures(user),
        *support_figures(user),
    ]


def decision_figures(user: User) -> list[Figure]:
    """How many wait, for those who look at the country."""
    if not user.may(Action.PROF_DECIDE_REG):
        return []
    count, since = waiting_requests(user)
    return [
        Figure(
            "Demandes de profil à décider",
            format_integer(count),
            note=oldest(count, since) if since else "Aucune n’attend.",
            url=reverse("plage:requests"),
            indicator="demandes-profil",
        )
    ]


def waiting_requests(user: User) -> tuple[int, datetime | None]:
    """How many wait for them, since when the oldest does; asked only for those who decide.

    Kept with the account, which each request reads anew: a card and a figure tell the same.
    """
    if "waiting_requests" not in vars(user):
        inbox = inbox_of(user) if may_decide(user) else None
        found = (len(inbox.waiting), inbox.since) if inbox else (0, None)
        vars(user)["waiting_requests"] = found
    return vars(user)["waiting_requests"]


def may_decide(user: User) -> bool:
    return any(user.may(action) for action in DECIDE)


def oldest(count: int, since: datetime) -> str:
    """« La plus ancienne attend depuis 5 jours. »"""
    days = days_since(since)
    return f"{'La plus ancienne attend' if count > 1 else 'Elle attend'} depuis {days}."


def banners(user: User) -> list[Banner]:
    """Nothing to announce on every page."""
    return []
