"""Rules about a place that applications share: it is open, a beneficiary, the right number."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.doctor.application import Finding, Place, Step
from accounts.doctor.case import Facts, entity_id_of
from establishments.models import Establishment, LegalEntity
from establishments.rules import FinessKind, OrderingNumber, ordering_number

NO_SITE = "Cette entité n’a aucun établissement ouvert."
SERVED = "une catégorie bénéficiaire"


def is_open(place: Place, facts: Facts) -> Finding:
    """A closed establishment does nothing more; what replaced it is in the directory."""
    title = "L’établissement est connu et ouvert"
    if isinstance(place, LegalEntity):
        title = "L’entité juridique est connue et ouverte"
    if place.closed_on is None or place.closed_on > facts.today:
        return Finding(title, True, f"{place}, {place.finess_text}.")
    return Finding(
        title,
        False,
        f"{place}, {place.finess_text}, est fermé dans FINESS depuis le "
        f"{place.closed_on:%d/%m/%Y}.",
        short="un établissement ouvert",
        advice="en cherchant l’établissement qui l’a remplacé",
        step=Step("Chercher dans l’annuaire", reverse("establishments:search")),
    )


def is_beneficiary(place: Place, facts: Facts) -> Finding:
    """The State stock serves the categories of [003]; an entity by one of its open sites."""
    if isinstance(place, LegalEntity):
        served = [
            site for site in facts.open_sites[place.pk] if site.category_id in facts.beneficiaries
        ]
        told = (
            "Au moins un de ses établissements ouverts est d’une catégorie bénéficiaire."
            if served
            else "Aucun de ses établissements ouverts n’est d’une catégorie bénéficiaire."
        )
        return Finding("Elle a un établissement bénéficiaire", bool(served), told, short=SERVED)
    is_met = place.category_id in facts.beneficiaries
    told = f"{place.category} : {'dans' if is_met else 'hors de'} la liste des catégories servies."
    return Finding("Sa catégorie est bénéficiaire", is_met, told, short=SERVED)


def is_right_number(place: Place, facts: Facts) -> Finding:
    """Public with several sites: the entity's number; else each establishment's own [003]."""
    right = _ordering(place, facts)
    title = "C’est le bon numéro FINESS pour commander"
    if right is None:
        return Finding(title, False, NO_SITE, short="un établissement ouvert")
    if right.finess == place.finess:
        return Finding(title, True, right.why, is_about_number=True)
    if isinstance(place, LegalEntity) and len(facts.open_sites[place.pk]) > 1:
        return Finding(
            title,
            False,
            "L’entité n’est pas publique : chaque établissement commande à son propre numéro (ET).",
            short="le numéro d’un établissement",
            advice="en choisissant l’établissement",
            step=Step("Voir ses établissements", place.get_absolute_url()),
            is_about_number=True,
        )
    kind = "l’entité juridique" if right.kind == FinessKind.ENTITY else "l’établissement"
    query = urlencode({"application": "commander", "etablissement": right.finess})
    return Finding(
        title,
        False,
        f"{right.why} Le numéro de {kind} est {right.text}.",
        short=f"le bon numéro, {right.text}",
        advice="en prenant ce numéro",
        step=Step(f"Vérifier avec {right.text}", f"{reverse('access')}?{query}"),
        is_about_number=True,
    )


def ordering_place(place: Place, facts: Facts) -> Place:
    """The entity whose number serves for orders: a profile must stand there."""
    right = _ordering(place, facts)
    if right is None or right.finess == place.finess:
        return place
    if isinstance(place, Establishment):
        return place.legal_entity
    sites = facts.open_sites[place.pk]
    return sites[0] if len(sites) == 1 else place


def _ordering(place: Place, facts: Facts) -> OrderingNumber | None:
    sites = facts.open_sites[entity_id_of(place)]
    if isinstance(place, Establishment):
        return ordering_number(place, len(sites))
    return ordering_number(sites[0], len(sites)) if sites else None
