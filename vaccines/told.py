"""What others changed in the supply lines and in the campaigns."""

from collections.abc import Callable

from django.urls import reverse

from establishments.perimeter import Action
from establishments.told import Fact, Scope, Told

PHARMACY = (Action.VAC_NEED,)
FOLLOWERS = (Action.VAC_LINE, Action.VAC_DELIV, Action.VAC_WAVE)
FLU = (Action.FLU_WRITE, Action.FLU_READ)


def _page(name: str) -> Callable[[Fact], str]:
    return lambda fact: reverse(f"vaccines:{name}")


def _line(verb: str, sentence: str) -> Told:
    """Of one's own pharmacy."""
    url, label = _page("supply"), "Voir mes lignes"
    return Told(f"vaccines.{verb}", {Scope.SITE}, PHARMACY, sentence, url, label)


def _followed(verb: str, sentence: str) -> Told:
    """In the region that one follows, or in the country."""
    scopes, url = {Scope.TERRITORY, Scope.COUNTRY}, _page("followed")
    return Told(f"vaccines.{verb}", scopes, (Action.VAC_LINE,), sentence, url, "Voir le suivi")


TOLD = [
    _line("line_created", "{who} a créé une ligne\u00a0: <strong>{target}</strong>."),
    _line("line_moved", "{who} a déplacé une ligne\u00a0: <strong>{target}</strong>. {reason}"),
    _line("line_removed", "{who} a supprimé une ligne\u00a0: <strong>{target}</strong>. {reason}"),
    _line("line_restored", "{who} a remis une ligne\u00a0: <strong>{target}</strong>."),
    _line(
        "delivery_planned", "Livraison prévue le {expected_on}\u00a0: <strong>{target}</strong>."
    ),
    _line("delivery_changed", "La livraison change\u00a0: <strong>{target}</strong>."),
    _line("report_answered", "{who} a répondu à votre signalement\u00a0: {answer}"),
    _line("need_saved", "{who} a saisi le besoin de <strong>{target}</strong>."),
    _line("received", "{who} a saisi une réception\u00a0: <strong>{target}</strong>."),
    _followed("line_created", "{who} a créé une ligne de vaccins\u00a0: {target} ({place})."),
    _followed("line_moved", "{who} a déplacé une ligne de vaccins\u00a0: {target} ({place})."),
    _followed("line_removed", "{who} a supprimé une ligne de vaccins\u00a0: {target} ({place})."),
    _followed("line_restored", "{who} a remis une ligne de vaccins\u00a0: {target} ({place})."),
    Told(
        "vaccines.wave_opened",
        {Scope.EVERYBODY},
        FOLLOWERS,
        "{who} a créé la vague <strong>{target}</strong>\u00a0: {lines} lignes.",
        _page("followed"),
        "Voir le suivi",
    ),
    Told(
        "vaccines.wave_deadline_moved",
        {Scope.EVERYBODY},
        (*PHARMACY, *FOLLOWERS),
        "La date limite des besoins de <strong>{target}</strong> passe au {after}.",
    ),
    Told(
        "vaccines.flu_campaign_opened",
        {Scope.EVERYBODY},
        FLU,
        "{target}\u00a0: les demandes de vaccins s’ouvrent.",
        _page("flu"),
        "Voir la demande",
    ),
    Told(
        "vaccines.flu_campaign_changed",
        {Scope.EVERYBODY},
        FLU,
        "{target}\u00a0: les dates de la campagne changent.",
        _page("flu"),
        "Voir la demande",
    ),
]
