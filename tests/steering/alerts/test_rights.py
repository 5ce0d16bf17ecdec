"""Who reads which alert: by territory and by domain; who acknowledges."""

import pytest

from establishments.models import Department
from steering.alerts.reach import may_acknowledge, readable, waiting_for
from steering.models import Alert
from steering.services.alert_errors import AlertError
from steering.services.alerts import acknowledge, comment
from tests.builders import make_department, make_person, make_region
from tests.steering.alerts.conftest import make_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def alerts(country):
    """One of a region, of another region, of a department, of the country, of each domain."""
    make_rule()
    make_rule(places=2, label="Tension nationale")
    make_rule(scale="department", label="Département")
    make_rule(scale="country", label="Pays entier")
    country.hold(3, "24")
    country.hold(3, "28")
    country.hold(3, "FR")
    country.hold_department(3, "45")
    country.look()
    own = Alert.objects.get(code="24")
    for domain in ("medicines", "orders"):
        rule = make_rule(measure={"medicines": "dci_cover"}.get(domain, "quota_used"))
        Alert.objects.create(
            rule=rule,
            domain=domain,
            scale="region",
            code="24",
            region_code="24",
            place="Centre-Val de Loire",
            subject_label=domain,
            state="open",
            level="critique",
            holds_since=own.holds_since,
            opened_at=own.opened_at,
            seen_at=own.seen_at,
        )
    return own


def seen_by(user):
    return {(one.domain, one.scale, one.code) for one in readable(user)}


CENTRE = {("epi", "region", "24"), ("epi", "department", "45"), ("epi", "country", "FR")}


def test_a_reader_of_epi_stocks_reads_no_medicine_alert(alerts, reader):
    assert seen_by(reader) == CENTRE


def test_of_the_country_a_region_reads_what_spreads_alone(alerts, reader):
    country = readable(reader).filter(scale="country")
    assert [one.rule.label for one in country] == ["Tension nationale"]


def test_an_administrator_of_an_ars_reads_every_domain(alerts, agent):
    assert seen_by(agent) == CENTRE | {("medicines", "region", "24"), ("orders", "region", "24")}


@pytest.mark.parametrize("code", ["NAT", "NAL"])
def test_the_country_reads_every_place_of_its_domain(alerts, code):
    assert seen_by(make_person(code, domain="epi_stock")) == CENTRE | {("epi", "region", "28")}


def test_a_council_reads_its_department(alerts):
    assert seen_by(make_person("DEP", on=make_department())) == {("epi", "department", "45")}


@pytest.mark.parametrize("code", ["GF", "OIE", "APE", "SPF", "SUP", "USR"])
def test_others_read_none(alerts, code):
    assert seen_by(make_person(code)) == set()


def test_the_state_stock_is_for_the_country_alone(country):
    rule = make_rule(measure="state_stock", scale="country", threshold=10)
    now = country.now
    Alert.objects.create(
        rule=rule, domain="orders", scale="country", code="FR", place="France entière",
        is_spread=True, state="open", holds_since=now, opened_at=now, seen_at=now,
    )  # fmt: skip
    assert seen_by(make_person("ARA", on=make_region())) == set()
    assert len(seen_by(make_person("NAL", domain="distrilog"))) == 1


@pytest.mark.parametrize(
    ("code", "may"), [("ARA", True), ("ARL", True), ("NAT", True), ("NAL", False)]
)
def test_who_acknowledges_the_alert_of_a_region(alerts, code, may):
    on = make_region() if code in ("ARA", "ARL") else None
    domain = None if code == "ARA" else "epi_stock"
    assert may_acknowledge(make_person(code, on=on, domain=domain), alerts) is may


def test_a_region_does_not_acknowledge_for_the_country_nor_for_another(alerts, agent):
    for one in readable(make_person("NAT", domain="epi_stock")).exclude(region_code="24"):
        assert may_acknowledge(agent, one) is False
        with pytest.raises(AlertError, match="pas de votre territoire"):
            acknowledge(by=agent, alert=one, word="Vu.")


def test_what_has_no_agency_waits_for_the_country_which_acknowledges_it(country, cell, agent):
    make_department("975", "Saint-Pierre-et-Miquelon", make_region())
    Department.objects.filter(pk="975").update(region=None)
    make_rule(scale="department")
    country.hold_department(3, "975", region="")
    country.look()
    assert [one.code for one in waiting_for(cell)] == ["975"]
    assert not waiting_for(agent)
    acknowledge(by=cell, alert=country.alert, word="Nous appelons.")
    assert country.alert.state == Alert.State.ACKNOWLEDGED


def test_one_word_at_least(alerts, agent):
    with pytest.raises(AlertError, match="en quelques mots"):
        acknowledge(by=agent, alert=alerts, word="   ")


def test_twice_says_who_was_first(alerts, agent, reader):
    acknowledge(by=reader, alert=alerts, word="Vu.")
    with pytest.raises(AlertError, match=f"{reader} l’a déjà acquittée"):
        acknowledge(by=agent, alert=alerts, word="Vu aussi.")


def test_what_is_closed_is_commented_and_no_longer_acknowledged(alerts, agent):
    Alert.objects.filter(pk=alerts.pk).update(state="closed", closed_at=alerts.opened_at)
    with pytest.raises(AlertError, match="est close"):
        acknowledge(by=agent, alert=alerts, word="Vu.")
    comment(by=agent, alert=alerts, word="La livraison est arrivée.")
    assert alerts.events.last().text == "La livraison est arrivée."


def test_what_is_only_observed_is_neither_read_nor_acknowledged_yet(alerts, agent):
    Alert.objects.filter(pk=alerts.pk).update(state="watched", opened_at=None)
    with pytest.raises(AlertError, match="pas de votre territoire"):
        acknowledge(by=agent, alert=alerts, word="Vu.")


def test_a_comment_is_kept_and_journaled(alerts, reader):
    comment(by=reader, alert=alerts, word="Livraison demain.")
    event = alerts.events.last()
    assert (event.text, event.by) == ("Livraison demain.", reader)
