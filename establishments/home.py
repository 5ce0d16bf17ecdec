"""What the directory brings to the menu and to the home page."""

from django.urls import reverse

from common.addresses import fixed_address
from common.home import Card, Kind, MenuItem
from establishments.models import FinessImport
from establishments.perimeter import Action

ENTITIES = "/entites/"  # the pages of the legal entities, which have no list of their own


def menu(user) -> list[MenuItem]:
    if not user.may(Action.REF_READ):
        return []
    url = fixed_address("establishments:search")
    return [MenuItem("Établissements", url, prefix=(url, ENTITIES), order=60)]


def cards(user) -> list[Card]:
    """The FINESS files that were read and wait for a decision of the national cell."""
    if not user.may(Action.REF_WRITE):
        return []
    waiting = FinessImport.objects.filter(state=FinessImport.State.READY)
    return [
        Card(
            Kind.TO_FINISH,
            f"Import FINESS : {row.name}",
            "Le fichier est lu, rien n’est encore écrit.",
            due=f"Déposé le {row.created_at:%d/%m/%Y}",
            action_label="Relire et confirmer",
            url=reverse("establishments:import", args=[row.pk]),
        )
        for row in waiting
    ]
