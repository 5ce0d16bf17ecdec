"""What e-Dispostock needs of a person and a place: told by the access doctor and on requests."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from accounts.doctor import Application, Facts, Finding, Place, Step
from accounts.doctor.checks import is_open
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui, ServedEstablishment
from pui.services.register import serving_pui

DESCRIBE, TRANSMIT = "decrire-pui", "stock-pharmacie"
TITLE = "L’établissement a une PUI dans e-Dispostock"
TITLE_OF_ENTITY = "Un établissement de l’entité a une PUI dans e-Dispostock"


@dataclass(frozen=True, slots=True)
class Pharmacies:
    """The open pharmacies of several places, and those that serve them, each by number."""

    of_site: dict[int, Pui] = field(default_factory=dict)
    of_entity: dict[int, Pui] = field(default_factory=dict)
    serving: dict[int, Pui] = field(default_factory=dict)


def pharmacies_of(facts: Facts) -> Pharmacies:
    """In two statements, whatever the number of places."""
    today, found = facts.today, Pharmacies()
    own = Pui.objects.open_on(today).filter(establishment__legal_entity__in=facts.entities)
    for pui in own.select_related("establishment").order_by("sort_label", "pk"):
        found.of_site.setdefault(pui.establishment_id, pui)
        found.of_entity.setdefault(pui.establishment.legal_entity_id, pui)
    served = ServedEstablishment.objects.in_force(today).filter(
        establishment__legal_entity__in=facts.entities, pui__in=Pui.objects.open_on(today)
    )
    for row in served.select_related("pui__establishment").order_by("starts_on", "pk"):
        found.serving.setdefault(row.establishment_id, row.pui)
    return found


def has_pharmacy(place: Place, facts: Facts) -> Finding:
    """Its own; served by another's, it declares nothing [001]; without, its GF creates one."""
    known = facts.once(pharmacies_of)
    is_site = isinstance(place, Establishment)
    title = TITLE if is_site else TITLE_OF_ENTITY
    own = known.of_site.get(place.pk) if is_site else known.of_entity.get(place.pk)
    if own:
        return Finding(title, True, f"{own.label}, {own.establishment.name}.")
    if is_site and (serving := known.serving.get(place.pk)):
        return served_finding(serving)
    return Finding(
        title,
        False,
        "Aucune PUI n’y est enregistrée\u00a0: le gestionnaire de fichiers (GF) la crée et la "
        "décrit avant de transmettre. L’établissement est desservi par la PUI d’un autre\u00a0? "
        "C’est elle qui déclare, et il n’y a pas d’accès à demander.",
        short="une PUI",
        advice="en la créant, une fois gestionnaire de fichiers (GF)",
        step=Step("Créer la PUI", reverse("pui:choose_site")),
        is_last=True,
    )


def served_finding(serving: Pui) -> Finding:
    return Finding(
        TITLE,
        False,
        f"{serving_sentence(serving)} Il n’y a ni accès à demander, ni stock à déclarer.",
        short=f"rien\u00a0: {serving.label} déclare",
        advice="en vous adressant à cette PUI",
        step=Step("Voir l’établissement qui déclare", serving.establishment.get_absolute_url()),
    )


def serving_sentence(pui: Pui, served: str = "Cet établissement") -> str:
    """Which pharmacy declares, and where it stands."""
    site = pui.establishment
    return (
        f"{served} est desservi par {pui.label} ({site.name}, {site.finess_text}), qui "
        "déclare pour lui dans e-Dispostock."
    )


def remarks_without_place(asked: str, places: Collection[Place], facts: Facts) -> list[str]:
    """When no establishment was told: of those of the person that are served, which pharmacy
    declares; of e-Dispostock, that such an establishment asks for nothing [001]."""
    if asked not in ("", DESCRIBE, TRANSMIT):
        return []
    known = facts.once(pharmacies_of)
    sites = {one.pk: one for one in places if isinstance(one, Establishment)}
    served = sites.keys() & known.serving.keys() - known.of_site.keys()
    if served:
        return [
            f"{serving_sentence(known.serving[pk], sites[pk].name)} Il n’y a ni accès à demander, "
            "ni stock à déclarer."
            for pk in sorted(served)
        ]
    if not asked:
        return []
    return [
        "Un établissement desservi par la PUI d’un autre n’a pas d’accès à demander\u00a0: donnez "
        "le vôtre ci-dessus, et cette page dira quelle PUI déclare pour lui."
    ]


def remarks(place: object) -> list[str]:
    """What a person should know before asking for a profile there."""
    if not isinstance(place, Establishment):
        return []
    serving = serving_pui(place, timezone.localdate())
    if serving is None:
        return []
    return [f"{serving_sentence(serving)} Pour e-Dispostock, il n’y a pas de profil à demander."]


def route(name: str, **kwargs: str) -> Callable[[Place | None], str]:
    """The same page whatever the place: it shows what the profile in use reaches."""
    return lambda place: reverse(name, kwargs=kwargs)


APPLICATIONS = (
    Application(
        key=DESCRIBE,
        label="Créer et décrire les PUI de votre établissement (e-Dispostock)",
        verb="créer et décrire une PUI",
        action=Action.PUI_WRITE,
        order=28,
        checks=(is_open,),
        address=route("pui:register"),
    ),
    Application(
        key=TRANSMIT,
        label="Transmettre un stock de pharmacie (e-Dispostock)",
        verb="transmettre un stock de pharmacie",
        action=Action.MED_WRITE,
        order=30,
        checks=(is_open, has_pharmacy),
        address=route("pui:transmission", slug="autres"),
    ),
    Application(
        key="suivi-medicaments",
        label="Suivre les médicaments d’une région (e-Dispostock)",
        verb="suivre les médicaments d’une région",
        action=Action.DASH_MED,
        order=70,
        address=route("pui:region"),
    ),
)
