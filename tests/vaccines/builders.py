"""Seasons, vaccines, waves and lines, as the tests of vaccines make them."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.utils import timezone

from establishments.models import AdministrativeBody
from tests.builders import make_establishment, make_user
from tests.pui.builders import make_product, make_pui, make_reference
from vaccines.models import FluCampaign, SupplyLine, TargetGroup, Vaccine, VialDoses, Wave
from vaccines.recalls import before, deliveries_to, recalled_among

# the seed's own days [000]
FIRST, SECOND = date(2021, 1, 19), date(2021, 2, 9)
_numbers = count(1)


def make_campaign(season="2026-2027", **fields):
    defaults = {
        "starts_on": date(2026, 10, 13),
        "ends_on": date(2027, 2, 28),
        "needs_open_on": date(2026, 2, 2),
        "needs_due_at": datetime(2026, 3, 31, 16, tzinfo=UTC),
    }
    return FluCampaign.objects.create(season=season, **defaults | fields)


def make_group(label="Résidents", **fields):
    return TargetGroup.objects.create(label=label, rank=fields.pop("rank", next(_numbers)))


def make_vaccine(label="Vaccin ARNm", *, doses=6, **fields):
    fields.setdefault("product", make_product(label, reference=make_reference(label, "dose")))
    vaccine = Vaccine.objects.create(label=label, **fields)
    VialDoses.objects.create(vaccine=vaccine, starts_on=date(2020, 12, 1), doses=doses)
    return vaccine


def make_wave(delivers_on=FIRST, *, vaccine=None, **fields):
    """Its needs are to be typed a week before."""
    due = datetime.combine(delivers_on - timedelta(days=7), datetime.min.time(), tzinfo=UTC)
    fields.setdefault("label", f"Vague {next(_numbers)}")
    fields.setdefault("needs_due_at", due + timedelta(hours=11))
    fields.setdefault("opened_by", make_user())
    return Wave.objects.create(delivers_on=delivers_on, vaccine=vaccine or make_vaccine(), **fields)


def make_line(wave=None, *, pui=None, recipient=None, **fields):
    """Of flow A unless ``pivot`` is given; not typed yet."""
    fields.setdefault("flow", SupplyLine.Flow.B if fields.get("pivot") else SupplyLine.Flow.A)
    return SupplyLine.objects.create(
        wave=wave or make_wave(),
        pui=pui or make_pui(),
        recipient=recipient or make_establishment(name="EHPAD Les Tilleuls"),
        **fields,
    )


def delivery_recalled(recipient, vaccine, day):
    """What a delivery of that day would recall."""
    chain = deliveries_to([recipient], vaccine).get(recipient.pk, [])
    return recalled_among(before(chain, day), day, vaccine.interval_days)


def planned(line, doses, day, by=None):
    """As if SPF had written the delivery."""
    line.planned_doses, line.expected_on = doses, day
    line.planned_at, line.planned_by = timezone.now(), by or make_user()
    line.save()
    return line


def spf():
    return AdministrativeBody.objects.get_or_create(
        kind=AdministrativeBody.Kind.SPF, defaults={"name": "Santé publique France"}
    )[0]
