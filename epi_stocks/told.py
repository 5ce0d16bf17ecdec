"""What others changed in the inventories of one's places, and in the rules of all."""

from django.urls import reverse

from common.addresses import fixed_address
from establishments.perimeter import Action
from establishments.told import Fact, Scope, Told

STEPS = {
    "confirmed": "a confirmé un transfert",
    "accepted": "a accepté un transfert",
    "shipped": "a expédié un transfert",
    "received": "a reçu un transfert",
    "refused": "a refusé un transfert",
    "cancelled": "a annulé un transfert",
}


def grid(fact: Fact) -> str:
    """The grid of the week and of the place that the entry names."""
    return reverse("epi_stocks:inventory", args=[fact.finess, str(fact.details["week"])])


def start(fact: Fact) -> str:
    return reverse("epi_stocks:inventory_start")


def aid(fact: Fact) -> str:
    return f"{fixed_address('aid')}?onglet=epi"


def _rule(verb: str, sentence: str) -> Told:
    return Told(
        f"epi_stocks.{verb}", {Scope.EVERYBODY}, (Action.EPI_WRITE, Action.DASH_EPI), sentence
    )


TOLD = [
    Told(
        "epi_stocks.week_reopened",
        {Scope.SITE},
        (Action.EPI_WRITE,),
        "{who} a <strong>rouvert la semaine du {week}</strong> jusqu’au {until}, {place}. {reason}",
        grid,
        "Ouvrir la grille",
    ),
    Told(
        "epi_stocks.coverage_set",
        {Scope.SITE},
        (Action.EPI_WRITE,),
        "{who} a changé les sites pour lesquels {place} déclare.",
        start,
        "Voir les sites",
    ),
    _rule("item_switched", "L’équipement <strong>{target}</strong> change dans l’inventaire."),
    _rule("thresholds_set", "Les seuils de tension changent\u00a0: {target}, {days} jours."),
    _rule("calendar_set", "Le calendrier des inventaires change {target}."),
    *(
        Told(
            f"epi_stocks.aid_{step}",
            {Scope.SITE, Scope.TERRITORY},
            (Action.AID_PROPOSE, Action.AID_ACCEPT),
            f"{{who}} {words}\u00a0: <strong>{{target}}</strong>.",
            aid,
            "Voir l’entraide",
            family="aid",
            also=(Action.EPI_WRITE, Action.DASH_EPI),
        )
        for step, words in STEPS.items()
    ),
]
