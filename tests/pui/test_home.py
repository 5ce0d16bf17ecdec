"""What e-Dispostock brings to the home page, and its own home for each role."""

from datetime import date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from common.home import Card, Kind
from common.weeks import PARIS
from establishments.models import Region
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.models import ReportingRule
from pui import home
from pui.dues import DueState, dues_of
from pui.history import events_of
from pui.models import DraftCell, Pui, ServedEstablishment
from pui.services.closing import reopen_pui
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.pui.builders import (
    LONG_AGO,
    make_followed,
    make_list,
    make_pui,
    make_transmission,
)

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2020, 11, 17, 9, 52, tzinfo=PARIS)
WHOLE = {
    "address": "12 rue des Lilas",
    "town": "Orléans",
    "delivery_terms": "Hayon",
    "opening_hours": "8 h à 16 h",
    "contact_phone": "02 38 00 00 00",
}


@pytest.fixture(autouse=True)
def tuesday(monkeypatch):
    """The day of the first documents: a due day just past, another on Friday."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def due_days():
    return [one.due_on for one in calendar_of(make_list()).open_periods(TUESDAY)]


@pytest.fixture
def site():
    return make_establishment()


@pytest.fixture
def gf(site):
    return make_person("GF", on=site)


@pytest.fixture
def pui(site):
    return make_pui("PUI de la Rive", on=site, **WHOLE)


def kinds(user):
    return [(card.kind, card.title) for card in home.cards(user)]


def test_without_a_pharmacy_the_first_step_is_to_create_it(gf):
    assert kinds(gf) == [(Kind.FIRST, "Créez la PUI de votre établissement")]


def test_an_establishment_served_by_another_has_nothing_to_create(gf, site):
    other = make_pui("PUI voisine")
    ServedEstablishment.objects.create(pui=other, establishment=site, starts_on=TUESDAY.date())
    assert kinds(gf) == []


def test_a_late_stock_is_told_with_its_consequence_and_its_days(gf, pui):
    make_followed()
    card = home.cards(gf)[0]
    assert (card.kind, card.title) == (Kind.LATE, "Stock des autres médicaments, PUI de la Rive")
    assert "ne peut pas être servie sur le stock de l’État" in card.detail
    assert card.due == "Attendu le 13/11, 4\xa0jours de retard"
    assert card.url.endswith(f"?pui={pui.pk}")


def test_a_stock_sent_late_is_no_longer_late_and_the_next_one_is_to_do(gf, pui, due_days):
    product = make_followed()
    make_transmission(pui, {product: (1, 1)}, by=gf, due_on=due_days[0], now=TUESDAY)
    assert [kind for kind, _ in kinds(gf)] == [Kind.TO_DO]
    make_transmission(pui, {product: (1, 1)}, by=gf, due_on=due_days[1], now=TUESDAY)
    done = home.cards(gf)[0]
    assert done.kind is Kind.DONE
    assert f"par {gf}" in done.detail


def test_who_declares_the_coming_due_day_is_not_late_for_the_one_just_past(gf, pui, due_days):
    make_transmission(pui, {make_followed(): (1, 1)}, by=gf, due_on=due_days[1], now=TUESDAY)
    assert [kind for kind, _ in kinds(gf)] == [Kind.DONE]
    assert home.figures(make_person("ARA"))[0].value == "100\xa0%"
    assert home.cards(make_person("ARA")) == []


def test_a_draft_is_to_finish(gf, pui, due_days):
    product = make_followed()
    make_transmission(pui, {product: (1, 1)}, by=gf, due_on=due_days[0], now=TUESDAY)
    DraftCell.objects.create(
        pui=pui,
        monitored_list=make_list(),
        due_on=due_days[1],
        product=product,
        measure="stock",
        saved_at=TUESDAY,
        saved_by=gf,
    )
    assert [kind for kind, _ in kinds(gf)] == [Kind.TO_FINISH]


def test_several_lists_of_a_pharmacy_make_one_card(gf, pui):
    make_followed()
    make_followed(slug="grippe")
    card = home.cards(gf)[0]
    assert card.title == "2 stocks à transmettre, PUI de la Rive"
    assert card.detail.startswith("Autres médicaments, vaccin grippe.")


def test_a_list_that_begins_today_is_not_late_for_what_came_before(gf, pui):
    make_followed(starts_on=TUESDAY.date())
    assert [kind for kind, _ in kinds(gf)] == [Kind.TO_DO]
    assert home.cards(make_person("ARA")) == []


def test_a_list_followed_no_more_on_its_due_day_owes_nothing(gf, pui):
    make_followed(starts_on=LONG_AGO, ends_on=TUESDAY.date())
    assert [kind for kind, _ in kinds(gf)] == [Kind.LATE]
    make_followed(slug="grippe", starts_on=LONG_AGO, ends_on=date(2020, 11, 12))
    assert [kind for kind, _ in kinds(gf)] == [Kind.LATE]


def test_the_hour_of_a_due_day_is_told_with_its_minutes(gf, pui, due_days):
    product = make_followed()
    ReportingRule.objects.create(
        monitored_list=make_list(), weekdays=[5], due_time=time(18, 30), starts_on=due_days[1]
    )
    make_transmission(pui, {product: (1, 1)}, by=gf, due_on=due_days[0], now=TUESDAY)
    assert home.cards(gf)[0].due == "Avant le 20/11, 18\xa0h\xa030"


def test_a_pharmacy_that_opens_today_is_not_late_for_what_came_before(gf, pui):
    make_followed()
    Pui.objects.update(opened_on=TUESDAY.date())
    assert [kind for kind, _ in kinds(gf)] == [Kind.TO_DO]


def test_a_pharmacy_that_opens_again_owes_only_what_falls_due_from_then_on(gf, pui, site):
    make_followed()
    ars = make_person("ARA", on=site.region)
    assert [kind for kind, _ in kinds(gf)] == [Kind.LATE]
    Pui.objects.update(closed_on=date(2020, 11, 9), closing_reason="Travaux")
    reopen_pui(by=gf, pui=pui)
    assert [kind for kind, _ in kinds(gf)] == [Kind.TO_DO]
    assert home.cards(ars) == []
    pui.refresh_from_db()
    found = {day: pui.was_open_on(date(2020, 11, day)) for day in (6, 9, 10, 16, 17)}
    assert found == {6: True, 9: True, 10: False, 16: False, 17: True}
    for day, is_open in found.items():
        assert Pui.objects.open_on(date(2020, 11, day)).exists() == is_open


def test_a_pharmacy_closed_again_since_before_it_had_reopened_was_away_all_along(gf, pui):
    make_followed()
    away = {"last_closed_on": date(2020, 11, 2), "reopened_on": date(2020, 11, 16)}
    Pui.objects.update(**away, closed_on=date(2020, 11, 10), closing_reason="Travaux")
    reopen_pui(by=gf, pui=pui)
    pui.refresh_from_db()
    assert not pui.was_open_on(date(2020, 11, 9))
    found = [kind for kind, _ in kinds(gf)]
    assert found
    assert Kind.LATE not in found


def test_the_dues_read_the_last_time_a_pharmacy_was_closed_and_its_history_keeps_each(gf, pui):
    Pui.objects.update(closed_on=date(2020, 10, 5), closing_reason="Travaux")
    first = {"last_closed_on": date(2020, 9, 1), "reopened_on": date(2020, 9, 20)}
    Pui.objects.update(**first)
    reopen_pui(by=gf, pui=pui)
    pui.refresh_from_db()
    assert (pui.last_closed_on, pui.reopened_on) == (date(2020, 10, 5), TUESDAY.date())
    assert (pui.was_open_on(date(2020, 9, 10)), pui.was_open_on(date(2020, 10, 9))) == (True, False)
    kept = set(events_of(Pui, pgh_obj=pui.pk).values_list("last_closed_on", flat=True))
    assert {date(2020, 9, 1), date(2020, 10, 5)} <= kept


def test_a_pharmacy_closed_by_mistake_since_yesterday_missed_no_day(gf, pui):
    make_followed()
    Pui.objects.update(closed_on=date(2020, 11, 16), closing_reason="Erreur")
    reopen_pui(by=gf, pui=pui)
    assert [kind for kind, _ in kinds(gf)] == [Kind.LATE]
    pui.refresh_from_db()
    assert pui.reopened_on is None


def test_a_closed_pharmacy_owes_nothing_after_its_last_day(pui):
    make_followed()
    pui.closed_on = TUESDAY.date()
    found = dues_of([pui], ["autres"], TUESDAY)
    assert [one.state for one in found] == [DueState.LATE]


def test_a_sheet_that_lacks_something_is_to_finish(gf, site):
    make_pui(on=site, address="12 rue des Lilas", town="Orléans")
    card = home.cards(gf)[0]
    assert card.kind is Kind.TO_FINISH
    assert "les modalités de livraison, les horaires de réception" in card.detail


def test_the_ars_reads_the_rate_beside_that_of_the_due_day_before(pui, gf, due_days):
    product = make_followed()
    make_transmission(pui, {product: (1, 1)}, by=gf, due_on=due_days[0], now=TUESDAY)
    make_pui("PUI en retard")
    far = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    make_pui("PUI d’ailleurs", on=make_establishment(department=far))
    figure = home.figures(make_person("ARA"))[0]
    assert (figure.value, figure.detail) == ("50\xa0%", "1 sur 2")
    assert figure.note == "Échéance du 13/11\xa0; celle du 06/11 à la même heure\xa0: 0\xa0%"


def test_the_ars_is_told_how_many_are_late(pui):
    make_followed()
    card = home.cards(make_person("ARA"))[0]
    assert (card.kind, card.title) == (Kind.DECIDE, "Stocks de médicaments\xa0: 1 PUI en retard")
    assert home.cards(make_person("ARL"))[0].kind is Kind.TO_SEE


def test_the_cards_of_ten_pharmacies_take_as_many_queries_as_those_of_one(
    client, count_queries, pui
):
    make_followed()
    entity = pui.establishment.legal_entity
    client.force_login(make_person("GF", on=entity))
    address = reverse("pui:home")
    with_one = count_queries(address)
    for number in range(9):
        make_pui(f"PUI {number}", on=make_establishment(entity), **WHOLE)
    assert count_queries(address) == with_one


def test_only_who_has_a_pharmacy_is_led_to_its_stocks(pui, gf, django_assert_max_num_queries):
    elsewhere = make_person("APE")
    elsewhere.perimeter_to(Action.MED_READ)
    with django_assert_max_num_queries(1):
        assert home.stock_links(elsewhere) == []
    assert [url for _, url in home.stock_links(gf)] == [reverse("pui:state")]
    pui.closed_on = TUESDAY.date()
    pui.save()
    assert home.stock_links(gf) == []
    assert home.stock_links(make_person("OIE", on=pui.establishment)) == []


def test_the_home_shows_a_gf_its_pharmacies_and_what_was_sent(client, gf, pui, due_days):
    make_transmission(pui, {make_followed(): (1, 1)}, by=gf, due_on=due_days[0], now=TUESDAY)
    client.force_login(gf)
    page = client.get(reverse("pui:home")).text
    assert "Vos PUI" in page
    assert "Dernières transmissions" in page
    assert str(gf) in page


def test_the_most_pressing_comes_first(client, gf, pui, monkeypatch):
    found = [Card(kind, kind.label) for kind in (Kind.TO_DO, Kind.TO_SEE, Kind.LATE, Kind.DECIDE)]
    monkeypatch.setattr(home, "cards", lambda user: found)
    client.force_login(gf)
    due = client.get(reverse("pui:home")).context["due"]
    assert [one.kind for one in due] == [Kind.LATE, Kind.DECIDE, Kind.TO_DO, Kind.TO_SEE]


def test_the_home_leads_an_ars_to_its_follow_up(client, pui):
    client.force_login(make_person("ARA"))
    page = client.get(reverse("pui:home")).text
    for words in ("Stocks de la région", "PUI en retard", "Ouverture des PUI", "PUI ouvertes"):
        assert words in page
    assert "Vos PUI" not in page


def test_the_home_of_an_entity_without_a_site_says_what_is_missing(client):
    client.force_login(make_person("GF", on=make_legal_entity(name="GCS du Val")))
    assert "n’a aucun site ouvert dans FINESS" in client.get(reverse("pui:home")).text


def test_an_ape_is_told_that_nobody_declares_and_invites_a_gf(client, pui):
    client.force_login(make_person("APE", on=pui.establishment))
    assert "Inviter un gestionnaire de fichiers" in client.get(reverse("pui:home")).text
    make_person("GF", on=pui.establishment.legal_entity)
    assert "Inviter un gestionnaire de fichiers" not in client.get(reverse("pui:home")).text


def test_an_ape_whose_pharmacy_is_another_s_has_nobody_to_invite(client, site, pui):
    """Served by another's pharmacy, it needs no access [001]."""
    served = make_establishment(name="EHPAD du Parc")
    ServedEstablishment.objects.create(pui=pui, establishment=served, starts_on=LONG_AGO)
    client.force_login(make_person("APE", on=served))
    text = client.get(reverse("pui:home")).content.decode()
    assert "Desservi par PUI de la Rive" in text
    assert "Inviter un gestionnaire" not in text


def test_who_has_nothing_to_do_in_e_dispostock_has_no_entry(client):
    person = make_person("OIE")
    assert home.menu(person) == []
    client.force_login(person)
    assert client.get(reverse("pui:home")).status_code == 403


def test_the_menu_is_open_on_every_page_of_e_dispostock(gf):
    item = home.menu(gf)[0]
    assert item.label == "e-Dispostock"
    assert item.is_current("/dispostock/pui/")


def test_the_national_cell_reads_which_agencies_have_no_mailbox(client):
    region = make_region()
    client.force_login(make_person("NAT", domain="dispostock"))
    assert f"{region}\u00a0: <strong>personne n’est prévenu</strong>" in read_home(client)
    agent = make_person("ARA", on=region)
    assert f"{region}\u00a0: 1 administrateur prévenu" in read_home(client)
    Region.objects.filter(pk=region.pk).update(mailbox="ars@ars.example")
    assert f"{region}\u00a0:" not in read_home(client)
    Region.objects.filter(pk=region.pk).update(mailbox="")
    client.force_login(agent)
    assert "ARS sans boîte aux lettres" not in read_home(client)


def read_home(client):
    return client.get(reverse("pui:home")).content.decode().replace("&nbsp;", "\u00a0")
