"""What the national cell changed in what pharmacies follow and when they declare it."""

from django.urls import reverse

from establishments.perimeter import Action
from establishments.told import Fact, Scope, Told
from medications.models import MonitoredList

FOLLOWERS = (
    Action.MED_WRITE,
    Action.FLU_WRITE,
    Action.VAC_STOCK_WRITE,
    Action.DASH_MED,
    Action.MED_SETTINGS,
)
SLUGS = {MonitoredList(slug=one).title: one.value for one in MonitoredList.Slug}


def the_list(fact: Fact) -> str:
    """The page of the list that the entry names; without one, the most usual."""
    named = str(fact.details.get("list", "")) or fact.target
    return reverse("medications:list", args=[SLUGS.get(named, MonitoredList.Slug.OTHERS)])


def _told(verb: str, sentence: str) -> Told:
    scopes = {Scope.EVERYBODY}
    return Told(f"medications.{verb}", scopes, FOLLOWERS, sentence, the_list, "Voir la liste")


TOLD = [
    _told(
        "product_followed",
        "<strong>{target}</strong> entre dans la liste suivie ({priority}), dès le {starts_on}.",
    ),
    _told(
        "follow_up_ended",
        "<strong>{target}</strong> sort de la liste suivie le {starts_on}. {reason}",
    ),
    _told(
        "priority_changed",
        "<strong>{target}</strong> passe de {before} à <strong>{after}</strong>, dès le "
        "{starts_on}.",
    ),
    _told(
        "product_regrouped",
        "<strong>{target}</strong> change d’UCD de référence\u00a0: {after}.",
    ),
    _told(
        "frequency_set",
        "{target}\u00a0: la fréquence de déclaration change le {starts_on} "
        "(<strong>{after}</strong>).",
    ),
    _told(
        "thresholds_set",
        "Les seuils de couverture des médicaments changent le {starts_on}\u00a0: "
        "<strong>{after}</strong>.",
    ),
]
