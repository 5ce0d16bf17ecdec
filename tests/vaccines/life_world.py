"""Pharmacies' worth of people around three waves: what the life of lines is played with."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from pui.models import ServedEstablishment
from tests.builders import make_establishment, make_person, make_region
from tests.pui.builders import LONG_AGO, make_pui
from tests.vaccines.builders import make_vaccine
from vaccines.services.waves import Opening

DAYS = (10, 31, 52)  # of the deliveries, from the day of the test


def make_life():
    """Two pharmacies that serve three care homes, a pivot hospital, SPF, an OMEDIT."""
    pivot = make_pui("PUI de Montclair")
    puis = [make_pui("PUI Saint-Aubin"), make_pui("PUI de Blois")]
    names = ("EHPAD Les Tilleuls", "EHPAD La Roseraie", "USLD Bel-Air")
    places = [make_establishment(name=name) for name in names]
    for rank, place in enumerate(places):
        ServedEstablishment.objects.create(
            pui=puis[rank % 2], establishment=place, starts_on=LONG_AGO
        )
    return SimpleNamespace(
        vaccine=make_vaccine(),
        puis=puis,
        pivot=pivot,
        places=places,
        gf={pui.pk: make_person("GF", on=pui.establishment) for pui in puis},
        hospital=make_person("GF", on=pivot.establishment),
        spf=make_person("SPF", domain="dispostock"),
        omedit=make_person("OMD", on=make_region()),
        started=timezone.now(),
    )


def opening_of(world, rank):
    """The same wave each time: its lines are added to it."""
    start = timezone.localdate(world.started)
    due = world.started + timedelta(days=DAYS[rank] - 3)
    return Opening(f"Vague {rank}", world.vaccine, start + timedelta(days=DAYS[rank]), due)
