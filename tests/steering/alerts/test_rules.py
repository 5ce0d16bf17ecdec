"""The rules: what is refused, what a preview says, what the platform comes with."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from establishments.models import Department, Region
from steering.alerts.measures import LIST
from steering.alerts.previews import preview_of
from steering.models import Alert, AlertRule
from steering.services import alert_rules as services
from steering.services.alert_errors import AlertChangedError, AlertError
from steering.services.alert_reference import OURS, load_alert_rules
from steering.services.alert_rules import Typed
from tests.builders import make_department, make_person, make_region
from tests.steering.alerts.conftest import make_rule

pytestmark = pytest.mark.django_db


def typed(**fields):
    said = {
        "label": "FFP2 critiques",
        "measure": "epi_cover",
        "scale": "region",
        "urgency": "high",
        "starts_on": timezone.localdate(),
    }
    if "threshold" not in fields:
        said["at_least"] = "critique"
    return Typed(**said | fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"measure": "inconnue"}, "n’existe pas"),
        ({"measure": "state_stock", "threshold": Decimal(4)}, "cette échelle"),
        ({"measure": "quota_used"}, "n’a pas de classe"),
        ({"at_least": ""}, "l’un des deux"),
        ({"at_least": "critique", "threshold": Decimal(3)}, "l’un des deux"),
        ({"scale": "site"}, "une région ou un département"),
        ({"scale": "country", "places": 2}, "des départements ou des régions"),
        ({"ends_on": timezone.localdate().replace(year=2020)}, "avant de commencer"),
    ],
)
def test_what_makes_no_sense_is_refused(cell, fields, said):
    with pytest.raises(AlertError, match=said):
        services.create_rule(by=cell, typed=typed(**fields))
    assert not AlertRule.objects.exists()


def test_a_department_is_of_its_region(cell):
    with pytest.raises(AlertError, match="pas de cette région"):
        services.create_rule(
            by=cell,
            typed=typed(scale="department", region=make_region("28"), department=make_department()),
        )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scale": "country", "region": "24"}, "pas de territoire"),
        ({"scale": "region", "department": "45"}, "pas de département"),
        ({"scale": "region", "region": "24", "places": 2}, "un seul lieu"),
        ({"scale": "department", "department": "45", "places": 2}, "un seul lieu"),
    ],
)
def test_a_territory_that_goes_against_the_scale_is_refused(cell, fields, said):
    rows = {"region": Region.objects, "department": Department.objects}
    fields = {name: rows[name].get(pk=one) if name in rows else one for name, one in fields.items()}
    with pytest.raises(AlertError, match=said):
        services.create_rule(by=cell, typed=typed(**fields))


def test_a_rule_is_stopped_once_resumed_once_and_changed_for_something(cell):
    rule = services.create_rule(by=cell, typed=typed())
    with pytest.raises(AlertError, match="Rien ne change"):
        services.change_rule(by=cell, rule=rule, typed=typed())
    with pytest.raises(AlertError, match="déjà appliquée"):
        services.resume_rule(by=cell, rule=rule)
    services.stop_rule(by=cell, rule=rule)
    with pytest.raises(AlertError, match="déjà arrêtée"):
        services.stop_rule(by=cell, rule=rule)


def test_a_rule_that_would_give_too_many_alerts_is_refused_at_its_preview(country, monkeypatch):
    monkeypatch.setattr("steering.alerts.previews.MOST", 1)
    country.now = timezone.now()
    for code in ("24", "28"):
        country.hold(3, code)
    with pytest.raises(AlertError, match="trop"):
        preview_of(typed().rule())


@pytest.mark.parametrize(
    "fields",
    [
        {"at_least": ""},
        {"places": 2, "scale": "country"},
        {"scale": "site"},
        {"ends_on": "2000-01-01"},
    ],
)
def test_the_database_refuses_it_too(country, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rule(**fields)


def test_two_live_alerts_of_the_same_are_refused_by_the_database(country):
    make_rule()
    country.hold(3)
    country.look()
    one = country.alert
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()


@pytest.mark.parametrize("code", ["ARA", "ARL", "NAL", "GF"])
def test_the_national_cell_alone_writes_them(country, code):
    by = make_person(code, on=make_region() if code in ("ARA", "ARL") else None)
    rule = make_rule()
    for act in (
        lambda: services.create_rule(by=by, typed=typed()),
        lambda: services.change_rule(by=by, rule=rule, typed=typed(label="Autre nom")),
        lambda: services.stop_rule(by=by, rule=rule),
        lambda: services.resume_rule(by=by, rule=rule),
    ):
        with pytest.raises(AlertError, match="Seule la cellule nationale"):
            act()
    assert [(one.label, one.is_active) for one in AlertRule.objects.all()] == [(rule.label, True)]


def test_a_rule_is_not_changed_into_what_makes_no_sense(cell):
    rule = services.create_rule(by=cell, typed=typed())
    for fields, said in (
        ({"at_least": "", "threshold": None}, "l’un des deux"),
        ({"scale": "country", "region": make_region()}, "pas de territoire à choisir"),
    ):
        with pytest.raises(AlertError, match=said):
            services.change_rule(by=cell, rule=rule, typed=typed(**fields))
    rule.refresh_from_db()
    assert (rule.scale, rule.at_least) == ("region", "critique")


def test_another_measure_is_another_rule(cell):
    rule = services.create_rule(by=cell, typed=typed())
    with pytest.raises(AlertError, match="écrivez une autre règle"):
        services.change_rule(by=cell, rule=rule, typed=typed(measure="dci_cover"))


def test_two_people_who_change_a_rule_are_told(cell):
    rule = services.create_rule(by=cell, typed=typed())
    seen = services.state_of(rule)
    services.change_rule(by=cell, rule=rule, typed=typed(label="Autre nom"), seen=seen)
    with pytest.raises(AlertChangedError):
        services.change_rule(by=cell, rule=rule, typed=typed(label="Encore"), seen=seen)
    for act in (services.stop_rule, services.resume_rule):
        with pytest.raises(AlertChangedError):
            act(by=cell, rule=rule, seen=seen)


def test_the_preview_names_what_the_rule_would_give(country):
    country.now = timezone.now()
    country.hold(3, "24")
    country.hold(0.5, "28")
    country.hold(30, "53")
    preview = preview_of(typed().rule())
    assert preview.title == "Cette règle donnerait aujourd’hui 2\u00a0alertes"
    assert "Masques chirurgicaux, Normandie\u00a0: rupture, 0,5\u00a0jour." in preview.sentences
    assert "Bretagne" not in " ".join(preview.sentences)
    assert not Alert.objects.exists()


def test_without_data_the_preview_says_so(country):
    country.now = timezone.now()
    assert "Aucune donnée" in preview_of(typed().rule()).warnings[0]


def test_the_rules_of_the_platform_are_loaded_once_and_then_left_alone(db):
    call_command("load_reference", stdout=StringIO())
    assert AlertRule.objects.count() == len(OURS)
    AlertRule.objects.filter(code="stock-etat").update(is_active=False, label="La nôtre")
    assert load_alert_rules() == 0
    assert AlertRule.objects.get(code="stock-etat").label == "La nôtre"


def test_each_rule_of_the_platform_makes_sense(cell):
    load_alert_rules()
    for rule in AlertRule.objects.all():
        services._check(rule)


@pytest.mark.parametrize("measure", LIST, ids=lambda one: one.slug)
def test_every_measure_reads_every_scale_without_data(country, measure):
    for scale in measure.scales:
        region = make_region() if scale == "site" else None
        limit = {"at_least": "rupture"} if measure.has_levels else {"threshold": Decimal(1)}
        rule = AlertRule(
            measure=measure.slug, scale=scale, region=region, places=1, starts_on="2026-01-01",
            **limit,
        )  # fmt: skip
        assert preview_of(rule).title.startswith("Cette règle ne donnerait aucune")
