"""Who is written to, how often, in how many mails."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Domain, Habilitation, Role, User
from establishments.models import AdministrativeBody
from orders.models.summary import QuotaSummary
from steering.models import AlertNotice, AlertPreference
from steering.services.alert_mails import choose_rhythm, tell_daily
from tests.builders import grant, make_body, make_person, make_profile, make_region, make_user
from tests.steering.alerts.conftest import DAY, HOUR, make_rule

pytestmark = pytest.mark.django_db
Rhythm = AlertPreference.Rhythm


def addresses(mails):
    return sorted(to for to, _, _ in mails)


def test_one_mail_a_person_lists_all_that_a_look_found(country, mails, reader):
    make_rule()
    for item in (1, 2, 3):
        country.hold(3, item=item)
    country.look()
    ((to, subject, text),) = mails
    assert to == reader.email
    assert "et 2\u00a0autres" in subject
    assert text.count("Alerte\u00a0:") >= 3


def test_of_the_territory_and_of_the_domain_alone(country, mails, reader, agent, cell):
    make_person("ARL", domain="dispostock", on=make_region())
    make_person("ARL", domain="epi_stock", on=make_region("28"))
    make_person("NAL", domain="epi_stock")
    make_rule()
    country.hold(3)
    country.look()
    assert addresses(mails) == sorted([reader.email, agent.email])


def test_what_one_look_finds_in_several_places_is_told_to_each_for_its_own(
    country, mails, reader, agent
):
    """Two regions, two domains and the country, in one look."""
    neighbour = make_person("ARL", domain="epi_stock", on=make_region("28"))
    make_rule()
    make_rule(places=2, label="Tension nationale")
    make_rule(measure="quota_used", threshold=0)
    country.hold(3, "24")
    country.hold(3, "28")
    quota_ordered(country)
    country.look()
    told = {to: text for to, _, text in mails}
    assert set(told) == {reader.email, neighbour.email, agent.email}
    found = {to: [place in text for place in PLACES] for to, text in told.items()}
    assert found[reader.email] == [True, False, False]
    assert found[neighbour.email] == [False, True, False]
    assert found[agent.email] == [True, False, False]
    ordered = [one for one, text in told.items() if "50\u00a0%" in text]
    assert ordered == [agent.email]


PLACES = ("Centre-Val de Loire", "Normandie", "France entière")


def quota_ordered(country):
    """Half of the quotas of masks, in the Centre."""
    QuotaSummary.objects.create(
        week=country.week, item_id=1, region_code="24", department_code="45", category_code="355",
        beneficiaries=1, exhausted=0, granted=10, used=5, need=0, unserved=0,
    )  # fmt: skip


def test_the_country_is_told_of_the_country(country, mails, reader, cell):
    make_person("NAL", domain="epi_stock")
    make_rule(places=2)
    country.hold(3, "24")
    country.hold(3, "28")
    country.look()
    assert addresses(mails) == [cell.email]


def test_who_left_is_not_written_to(country, mails, reader):
    reader.profiles.update(state="ended")
    make_rule()
    country.hold(3)
    country.look()
    assert mails == []


def test_never_means_never(country, mails, reader):
    profile = reader.profiles.get()
    choose_rhythm(by=reader, profile=profile, rhythm=Rhythm.NEVER)
    make_rule()
    country.hold(3)
    country.look()
    assert tell_daily() == 0
    assert mails == []


def test_once_a_day_all_in_one_in_the_morning(country, mails, reader):
    choose_rhythm(by=reader, profile=reader.profiles.get(), rhythm=Rhythm.DAILY)
    make_rule(at_least="tendue")
    country.hold(15)
    country.look()
    country.hold(3)
    country.look(HOUR)
    assert mails == []
    assert tell_daily() == 1
    ((to, _, text),) = mails
    assert to == reader.email
    assert "De tendue à critique" in text
    assert tell_daily() == 0
    assert not AlertNotice.objects.filter(sent_at=None).exists()


def test_in_the_morning_who_left_meanwhile_reads_nothing(country, mails, reader):
    choose_rhythm(by=reader, profile=reader.profiles.get(), rhythm=Rhythm.DAILY)
    make_rule()
    country.hold(3)
    country.look()
    reader.profiles.update(state="ended")
    assert tell_daily() == 0
    assert mails == []


def test_the_page_names_nobody_who_was_not_written_to(country, mails, reader):
    profile = reader.profiles.get()
    choose_rhythm(by=reader, profile=profile, rhythm=Rhythm.DAILY)
    make_rule()
    country.hold(3)
    country.look()
    choose_rhythm(by=reader, profile=profile, rhythm=Rhythm.NEVER)
    assert tell_daily() == 0
    assert mails == []
    assert not AlertNotice.objects.exists()


def test_two_profiles_that_read_at_one_address_have_one_mail(country, mails, reader):
    grant(make_profile(reader, make_body("national")), Domain.EPI_STOCK, Role.NATIONAL_CELL)
    make_rule()
    make_rule(places=2, label="Tension nationale")
    country.hold(3, "24")
    country.hold(3, "28")
    country.look()
    assert addresses(mails) == [reader.email]


def test_nothing_changes_nothing_is_written_for_days(country, mails, reader):
    make_rule()
    country.hold(3)
    country.look()
    for _ in range(4):
        country.hold(3)
        country.look(DAY / 2)
    assert len(mails) == 1


def test_the_mail_leads_to_the_alert(country, mails, reader):
    make_rule()
    country.hold(3)
    country.look()
    assert f"/alertes/{country.alert.pk}/" in mails[0][2]


def test_who_orders_for_an_ars_and_reads_no_dashboard_is_not_written_to(country, mails):
    operator = make_profile(make_user(), make_body("ars", region=make_region()))
    grant(operator, Domain.DISTRILOG, Role.ORDER_OPERATOR)
    make_rule(measure="quota_used", threshold=0)
    quota_ordered(country)
    country.look()
    assert country.alert.state == "open"
    assert mails == []


def test_a_right_that_ended_or_an_account_that_closed_is_not_written_to(
    country, mails, reader, agent
):
    yesterday = timezone.localdate() - timedelta(days=1)
    Habilitation.objects.filter(profile__user=reader).update(ends_on=yesterday)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    make_rule()
    country.hold(3)
    country.look()
    assert mails == []


def test_the_mail_of_the_morning_says_each_event_once(country, mails, reader):
    """Two profiles of one person, which read the same at one address."""
    for body in (make_body("national"), AdministrativeBody(kind="national", name="Autre")):
        body.save()
        profile = make_profile(reader, body)
        grant(profile, Domain.EPI_STOCK, Role.NATIONAL_CELL)
        choose_rhythm(by=reader, profile=profile, rhythm=Rhythm.DAILY)
    make_rule(places=2)
    country.hold(3, "24")
    country.hold(3, "28")
    country.look()
    assert AlertNotice.objects.count() == 2
    assert tell_daily() == 1
    ((_, subject, _),) = mails
    assert "autre" not in subject
