"""What others decided of one's orders, quotas and addresses; tensions, routes and share-outs."""

from collections.abc import Callable

from django.urls import reverse

from establishments.perimeter import Action
from establishments.told import Fact, Scope, Told

HOLDERS = (Action.ORD_WRITE, Action.CAP_PROPOSE)
READERS = (Action.DASH_ORD,)
CELL = (Action.QUOTA_WRITE,)
LOGISTICS = (Action.ROUTE_WRITE, Action.IF_PUT)

Page = Callable[[Fact], str]


def _page(name: str) -> Page:
    return lambda fact: reverse(f"orders:{name}")


def _own(verb: str, sentence: str, page: str, label: str) -> Told:
    return Told(f"orders.{verb}", {Scope.SITE}, HOLDERS, sentence, _page(page), label)


def _everybody(
    verb: str, sentence: str, to: tuple[Action, ...], page: str, label: str = "Voir"
) -> Told:
    return Told(f"orders.{verb}", {Scope.EVERYBODY}, to, sentence, _page(page), label)


def _around(
    verb: str, sentence: str, to: tuple[Action, ...], page: str, label: str = "Voir"
) -> Told:
    """What is of the country or of one region: the other regions are told nothing of it."""
    scopes = {Scope.REGION, Scope.COUNTRY, Scope.EVERYBODY}
    return Told(f"orders.{verb}", scopes, to, sentence, _page(page), label)


TOLD = [
    _own(
        "quota_extra_given",
        "{who} vous accorde <strong>{quantity} unités</strong> de plus, {target}. {reason}",
        "quotas",
        "Voir le calcul",
    ),
    _own(
        "quota_extra_withdrawn",
        "{who} reprend {quantity} unités accordées en plus, {target}.",
        "quotas",
        "Voir le calcul",
    ),
    _own(
        "address_validated",
        "{who} a <strong>validé l’adresse</strong> {target}.",
        "addresses",
        "Voir les adresses",
    ),
    _own(
        "address_refused",
        "{who} a <strong>refusé l’adresse</strong> {target}. {reason}",
        "addresses",
        "Voir les adresses",
    ),
    _own(
        "address_retired",
        "{who} a retiré l’adresse {target}. {reason}",
        "addresses",
        "Voir les adresses",
    ),
    _own(
        "capacity_accepted",
        "{who} a accepté votre correction de capacité, {target}.",
        "capacities",
        "Voir les capacités",
    ),
    _own(
        "capacity_refused",
        "{who} n’a pas accepté votre correction de capacité, {target}. {answer}",
        "capacities",
        "Voir les capacités",
    ),
    _own(
        "relief_ordered",
        "{who} répond à votre demande de dépannage par la commande {order}\u00a0: "
        "<strong>{quantity} unités</strong>.",
        "relief",
        "Voir la réponse",
    ),
    _own(
        "relief_aided",
        "{who} cherche un donneur pour votre demande de dépannage, {target}.",
        "relief",
        "Voir la réponse",
    ),
    _own(
        "relief_refused",
        "{who} n’accorde pas votre demande de dépannage, {target}. {reason}",
        "relief",
        "Voir la réponse",
    ),
    _own("claim_answered", "{who} a répondu à la réclamation de {target}.", "claims", "Lire"),
    Told(
        "orders.invoice_issued",
        {Scope.SITE},
        (Action.INV_READ,),
        "La facture <strong>{target}</strong> est émise.",
        _page("invoices"),
        "Voir les factures",
    ),
    _around(
        "tension_declared",
        "Tension déclarée\u00a0: <strong>{target}</strong>, dès le {starts_on}.",
        (Action.ORD_QUOTA_READ,),
        "start",
    ),
    _around(
        "tension_ended",
        "La tension prend fin le {ends_on}\u00a0: <strong>{target}</strong>.",
        (Action.ORD_QUOTA_READ,),
        "start",
    ),
    _around(
        "tension_cancelled",
        "La tension annoncée n’aura pas lieu\u00a0: {target}.",
        (Action.ORD_QUOTA_READ,),
        "start",
    ),
    _everybody(
        "allocation_published",
        "{who} a publié les contingents\u00a0: <strong>{target}</strong>.",
        READERS,
        "quota_list",
        "Lire les contingents",
    ),
    _everybody("allocation_proposed", "{who} propose\u00a0: {target}.", CELL, "allocations"),
    _everybody(
        "allocation_sent_back",
        "{who} a renvoyé la répartition {target}. {reason}",
        CELL,
        "allocations",
    ),
    _everybody("doctrine_changed", "{who} a changé la doctrine {target}.", CELL, "doctrines"),
    _everybody("region_served", "{target} est servie à partir du {starts_on}.", READERS, "start"),
    _everybody("region_stopped", "{target} n’est plus servie le {starts_on}.", READERS, "start"),
    _everybody(
        "reroute_started",
        "{who} réachemine\u00a0: <strong>{target}</strong>. {reason}",
        LOGISTICS,
        "order_files",
    ),
    _everybody("reroute_ended", "Le réacheminement prend fin\u00a0: {target}.", LOGISTICS, "start"),
    _everybody(
        "replenishment_asked",
        "{who} demande un réassort\u00a0: {target}, {quantity} unités.",
        LOGISTICS,
        "replenishments",
    ),
    _everybody(
        "replenishment_shipped",
        "Un réassort est parti\u00a0: {target}, {quantity} unités.",
        LOGISTICS,
        "replenishments",
    ),
    _everybody(
        "file_replayed",
        "{who} a rejoué un fichier de commandes, {target}. {reason}",
        (Action.IF_GET, Action.IF_META),
        "order_files",
    ),
    Told(
        "orders.difficulty_reported",
        {Scope.TERRITORY, Scope.COUNTRY},
        READERS,
        "{who} signale une difficulté d’approvisionnement\u00a0: <strong>{target}</strong>.",
        _page("difficulties"),
        "Voir",
    ),
]
