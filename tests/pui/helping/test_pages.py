"""The pages of the requests for help: asking, answering, the need they lead to, the file."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from journal.models import Entry
from pui import home
from pui.models import HelpRequest, MedicineNeed
from tests.builders import make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.pui.helping.asking import LIST, WHY, answer, ask, logged_in, text_of, typed

pytestmark = pytest.mark.django_db


def test_a_pharmacist_asks_and_follows_on_the_pages(country):
    client = logged_in(country.gf)
    assert "Aucune demande" in text_of(client.get(LIST))
    page = client.get(f"{LIST}nouvelle/")
    assert_sound_html(page)
    answer = client.post(f"{LIST}nouvelle/", typed(country), follow=True)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "PUI de Orléans demande 40 ampoules" in text
    assert "20 ÷ 10 par jour" in text
    assert "Envoyer la réponse" not in text
    again = client.post(f"{LIST}nouvelle/", typed(country))
    assert (again.status_code, "déjà une demande" in text_of(again)) == (422, True)
    row = HelpRequest.objects.get()
    client.post(reverse("pui:help_withdraw", args=[row.pk]))
    assert "retirée" in text_of(client.get(LIST)).lower()


def test_the_agency_sees_the_figures_and_answers(country):
    row = ask(country)
    client = logged_in(country.agent)
    listed = client.get(LIST)
    assert_sound_html(listed)
    assert "1 en attente de réponse" in text_of(listed)
    assert "20 ÷ 10 par jour" in text_of(listed)
    url = reverse("pui:help_request", args=[row.pk])
    page = client.get(url)
    assert_sound_html(page)
    sent = {"reponse": "refused", "texte": "", "seen": "waiting"}
    assert client.post(url, sent).status_code == 422
    client.post(url, sent | {"texte": "Le stock du CHU est au plus bas"})
    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("refused", country.agent)


SEARCHED = {"reponse": "mutual_aid", "texte": "Nous cherchons", "seen": ""}


def test_mutual_aid_leads_to_the_need_prefilled_with_what_was_asked(country):
    row = ask(country, urgency=HelpRequest.Urgency.TODAY)
    client = logged_in(country.agent)
    sent = client.post(reverse("pui:help_request", args=[row.pk]), SEARCHED)
    address = sent.headers["Location"]
    assert address == f"{reverse('aid_medicines:open')}?demande={row.pk}"
    page = client.get(address)
    assert_sound_html(page)
    assert WHY in page.text
    form = page.context["form"]
    typed = {name: form[name].value() for name in ("quantity", "urgency", "reason")}
    assert typed == {"quantity": 40, "urgency": "today", "reason": WHY}
    typed |= {"place": country.orleans.pk, "goods": country.product.reference_id}
    assert [form[name].initial for name in ("place", "goods")] == [country.orleans, typed["goods"]]
    client.post(address, typed | {"wanted_on": f"{timezone.localdate():%Y-%m-%d}"})
    need = MedicineNeed.objects.get()
    assert (need.pui, need.quantity, need.reason) == (country.orleans, 40, WHY)
    again = client.post(reverse("pui:help_request", args=[row.pk]), SEARCHED)
    assert again.headers["Location"] == reverse("aid_medicines:need", args=[need.pk])


def test_a_request_of_another_region_prefills_nothing(country):
    row = ask(country)
    other = logged_in(make_person("ARA", on=make_region("84", "Auvergne-Rhône-Alpes")))
    page = other.get(f"{reverse('aid_medicines:open')}?demande={row.pk}")
    assert page.status_code == 200
    assert WHY not in page.text


def test_who_opens_no_need_is_led_to_those_who_could_give(country):
    row = ask(country)
    client = logged_in(country.cell)
    answer = client.post(reverse("pui:help_request", args=[row.pk]), SEARCHED)
    assert answer.headers["Location"].startswith("/dispostock/region/depanner/?produit=CISATR")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_out_of_reach_a_request_does_not_exist_and_the_asker_does_not_answer(country):
    row = ask(country)
    url = reverse("pui:help_request", args=[row.pk])
    stranger = logged_in(make_person("GF"))
    assert stranger.get(url).status_code == stranger.post(url).status_code == 404
    assert stranger.post(f"{url}retirer/").status_code == 404
    assert logged_in(country.gf).post(url, {"reponse": "taken"}).status_code == 403
    assert logged_in(country.cell).post(f"{url}retirer/").status_code == 403


def test_who_has_no_pharmacy_reads_whom_to_turn_to(country):
    client = logged_in(make_person("OIE", on=make_establishment()))
    answer = client.get(f"{LIST}nouvelle/")
    assert_sound_html(answer)
    assert "la PUI qui dessert votre établissement" in text_of(answer)


def test_the_file_holds_what_the_list_shows(country):
    ask(country)
    answer = logged_in(country.agent).get(f"{LIST}telecharger/csv/")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content), delimiter=";")
    assert (row["PUI"], row["Quantité demandée"], row["Motif"]) == ("PUI de Orléans", "40", WHY)
    assert row["Couverture (jours)"] == "2,0"
    assert Entry.objects.get(verb="pui.help_exported").details["rows"] == 1


def test_the_list_takes_as_many_queries_for_one_as_for_four(country, client, count_queries):
    ask(country)
    client.force_login(country.agent)
    few = count_queries(LIST)
    for name in "ABC":
        pui = make_pui(name, on=country.orleans.establishment)
        answer(country, ask(country, pui=pui))
    assert count_queries(LIST) == few


def test_the_country_looks_at_one_region(country):
    row = ask(country)
    client, url = logged_in(country.cell), reverse("pui:help_request", args=[row.pk])
    region, other = (one.establishment.region_id for one in (row.pui, country.lyon))
    assert_sound_html(client.get(LIST))
    for asked, is_listed in (("", True), (region, True), (other, False)):
        page = client.get(LIST, {"region": asked})
        assert_sound_html(page)
        assert (url in page.content.decode()) is is_listed, asked
    file = client.get(reverse("pui:help_file", args=["csv"]), {"region": other})
    assert row.pui.label not in file.getvalue().decode("utf-8-sig")
    assert "Choisir une région" not in logged_in(country.agent).get(LIST).content.decode()


def titles(user):
    return [(card.kind, card.title) for card in home.cards(user) if "aide" in card.title]


def test_the_home_pages_tell_what_waits_and_what_was_answered(country):
    assert titles(country.agent) == []
    row = ask(country)
    ask(country, by=country.agent, pui=country.blois, urgency=HelpRequest.Urgency.TODAY)
    assert titles(country.agent) == [(Kind.DECIDE, "2 demandes d’aide attendent")]
    assert titles(country.cell) == []
    assert [title.rpartition("\u00a0: ")[2] for _, title in titles(country.gf)] == ["en attente"]
    answer(country, row)
    assert titles(country.agent) == [(Kind.DECIDE, "Une demande d’aide attend")]
    assert [title.rpartition("\u00a0: ")[2] for _, title in titles(country.gf)] == [
        "prise en charge"
    ]
