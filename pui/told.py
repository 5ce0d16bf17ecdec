"""What others did to one's pharmacies, to those of one's territory, and the share-outs."""

from collections.abc import Callable

from django.urls import reverse

from common.addresses import fixed_address
from establishments.perimeter import Action
from establishments.told import Fact, Scope, Told

OWN = (Action.PUI_READ,)
FOLLOWED = (Action.DASH_MED,)
AID_STEPS = {
    "confirmed": "a confirmé le transfert",
    "accepted": "a accepté le transfert",
    "shipped": "a expédié le transfert",
    "received": "a reçu le transfert",
    "refused": "a refusé le transfert",
    "cancelled": "a annulé le transfert",
}


def sheet(fact: Fact) -> str:
    """The page of the pharmacy that the entry names, else the register."""
    number = fact.details.get("pui")
    return reverse("pui:detail", args=[number]) if number else reverse("pui:register")


def _page(name: str) -> Callable[[Fact], str]:
    return lambda fact: reverse(f"pui:{name}")


def aid(fact: Fact) -> str:
    return f"{fixed_address('aid')}?onglet=medicaments"


def _own(verb: str, sentence: str) -> Told:
    return Told(f"pui.{verb}", {Scope.SITE}, OWN, sentence, sheet, "Voir la fiche")


def _declared(verb: str, sentence: str) -> Told:
    """To those who declare for the pharmacy."""
    declares = (Action.MED_WRITE,)
    return Told(f"pui.{verb}", {Scope.SITE}, declares, sentence, _page("home"), "Voir les stocks")


def _followed(verb: str, sentence: str) -> Told:
    scopes = {Scope.TERRITORY, Scope.COUNTRY}
    return Told(f"pui.{verb}", scopes, FOLLOWED, sentence, sheet, "Voir la fiche")


def _shared(verb: str, sentence: str, *to: Action) -> Told:
    scopes = {Scope.EVERYBODY}
    return Told(f"pui.{verb}", scopes, to, sentence, _page("sharing"), "Voir la répartition")


TOLD = [
    _own("created", "{who} a créé la PUI <strong>{target}</strong>."),
    _own("described", "{who} a modifié la fiche de <strong>{target}</strong>."),
    _own("closed", "{who} a fermé la PUI <strong>{target}</strong> le {on}. {reason}"),
    _own("reopened", "{who} a rouvert la PUI <strong>{target}</strong>."),
    _own(
        "onboarding_line_validated",
        "{who} a <strong>validé {target}</strong> dans la liste des PUI de la région.",
    ),
    _own("served_added", "{who} a ajouté un établissement desservi\u00a0: {target}."),
    _own("served_ended", "{who} a mis fin à une desserte\u00a0: {target}."),
    _declared("transmitted", "{who} a transmis <strong>{target}</strong> ({lines} lignes)."),
    _declared(
        "due_day_reopened",
        "{who} a rouvert l’échéance du <strong>{due}</strong> ({place}) jusqu’au {until}.",
    ),
    _declared("reminded", "{who} relance {place}\u00a0: l’échéance du {due} manque."),
    Told(
        "pui.help_answered",
        {Scope.SITE},
        (Action.AID_ASK,),
        "{who} a répondu à votre demande d’aide, <strong>{target}</strong>\u00a0: {answer}.",
        _page("help"),
        "Voir la réponse",
    ),
    _followed("created", "<strong>{target}</strong> entre au registre des PUI ({place})."),
    _followed("closed", "La PUI <strong>{target}</strong> ferme le {on} ({place})."),
    _shared("share_out_opened", "{who} a ouvert la répartition de {target}.", Action.MED_ALLOCATE),
    _shared(
        "share_out_published",
        "{who} a publié la répartition de <strong>{target}</strong>\u00a0: {pharmacies} PUI "
        "servies.",
        Action.MED_ALLOCATE,
        Action.MED_ALLOCATE_RECEIVE,
    ),
    _shared(
        "share_out_cancelled",
        "{who} a annulé la répartition de {target}. {reason}",
        Action.MED_ALLOCATE,
        Action.MED_ALLOCATE_RECEIVE,
    ),
    Told(
        "pui.share_out_region_done",
        {Scope.COUNTRY},
        (Action.MED_ALLOCATE,),
        "{region} a terminé son ajustement\u00a0: {target}.",
        _page("sharing"),
        "Voir la répartition",
    ),
    *(
        Told(
            f"pui.aid_{step}",
            {Scope.SITE, Scope.TERRITORY},
            (Action.AID_PROPOSE, Action.AID_ACCEPT),
            f"{{who}} {words}\u00a0: <strong>{{target}}</strong>.",
            aid,
            "Voir l’entraide",
            family="aid",
            also=(Action.MED_WRITE, Action.DASH_MED),
        )
        for step, words in AID_STEPS.items()
    ),
]
