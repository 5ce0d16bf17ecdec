"""What accounts bring to the home page: one's profiles, and the step that is missing."""

from django.urls import reverse

from accounts.models import User
from common.home import Banner, Card, Kind, MenuItem
from establishments.perimeter import Action


def menu(user: User) -> list[MenuItem]:
    """« Mes profils » for everybody; the single-use codes for those who give them."""
    if not user.is_authenticated:
        return []
    items = [MenuItem("Mes profils", reverse("profiles:list"), order=80)]
    if user.may(Action.EPI_CODE):
        items.append(MenuItem("Codes ES-", reverse("legacy_codes"), order=70))
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
        return []
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
    return [
        Card(
            Kind.FIRST,
            "Aucun de vos profils n’est actif",
            detail="Sans profil actif, aucune application ne s’ouvre : voyez ce qui manque.",
            action_label="Voir mes profils",
            url=reverse("profiles:list"),
        )
    ]


def banners(user: User) -> list[Banner]:
    """Nothing to announce on every page."""
    return []
