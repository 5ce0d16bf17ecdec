"""A pharmacy asks its agency for help: its figures go with it, every answer has its words."""

import csv
import io
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Profile
from accounts.notices.mails import mail as write_mail
from common.home import Kind
from establishments.models import Region
from journal.models import Entry
from pui import home
from pui.helping.letters import TELL, waiting_mail
from pui.medicine import Medicine
from pui.models import HelpRequest, MedicineNeed
from pui.services import helping
from pui.services.helping import (
    Asked,
    HelpError,
    Outcome,
    answer_request,
    ask_help,
    withdraw_request,
)
from tests.builders import make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.locks import before_another
from tests.pui.builders import make_pui
from tests.pui.sharing.conftest import country as _country

pytestmark = pytest.mark.django_db
country = _country
LIST = "/dispostock/medicaments/demandes/"
WHY = "Deux lits de réanimation de plus, le fournisseur ne livre pas"


@pytest.fixture(autouse=True)
def mails_leave_at_once(monkeypatch):
    def send(subject, text, to, *, lasts=None):
        write_mail(subject, text, to).send()

    monkeypatch.setattr(helping, "queue_written", send)


def ask(country, by=None, pui=None, **more):
    typed = {"quantity": 40, "urgency": HelpRequest.Urgency.DAYS, "reason": WHY} | more
    asked = Asked(country.medicine, **typed)
    return ask_help(by=by or country.gf, pui=pui or country.orleans, asked=asked)


def answer(country, request, outcome=Outcome.TAKEN, text="Nous appelons le CHU", **more):
    by = more.pop("by", country.agent)
    return answer_request(by=by, request=request, outcome=outcome, text=text, **more)


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_stock_and_the_consumption_declared_go_with_the_request(country):
    row = ask(country)
    assert (row.stock, row.daily) == (Decimal(20), Decimal(10))
    assert row.declared_on is not None
    entry = Entry.objects.get(verb="pui.help_asked")
    assert (entry.by_id, entry.finess) == (
        country.gf.pk,
        country.orleans.establishment.finess,
    )


def test_who_never_declared_may_ask_all_the_same(country):
    row = ask(country, by=country.agent, pui=country.tours)
    assert (row.stock, row.daily, row.declared_on) == (None, None, None)


def test_one_request_at_a_time_for_a_product_of_a_pharmacy(country):
    row = ask(country)
    with pytest.raises(HelpError, match="déjà une demande en cours"):
        ask(country)
    withdraw_request(by=country.gf, request=row)
    assert ask(country).is_waiting


@pytest.mark.parametrize("role", ["GF", "OIE"])
def test_whoever_may_ask_on_a_site_asks_for_its_pharmacies_alone(country, role):
    person = make_person(role, on=country.orleans.establishment)
    assert ask(country, by=person).asked_by == person
    with pytest.raises(HelpError, match="votre périmètre"):
        ask(country, by=person, pui=country.blois)


def test_an_agency_asks_for_a_pharmacy_that_calls_it_but_not_elsewhere(country):
    assert ask(country, by=country.agent, pui=country.blois).pk
    with pytest.raises(HelpError, match="votre périmètre"):
        ask(country, by=country.agent, pui=country.lyon)


def test_a_request_and_an_answer_are_always_in_words(country):
    with pytest.raises(HelpError, match="motif"):
        ask(country, reason=" ")
    row = ask(country)
    for outcome in Outcome:
        with pytest.raises(HelpError, match="Écrivez votre réponse"):
            answer(country, row, outcome, "non")
    with pytest.raises(HelpError, match="Choisissez une réponse"):
        answer(country, row, "withdrawn")


def test_the_asker_is_mailed_the_answer(country):
    answer(country, ask(country), Outcome.REFUSED, "Le stock du CHU est au plus bas")
    (sent,) = mail.outbox
    assert sent.to == [country.gf.email]
    assert "refusée" in sent.subject
    assert "«\u00a0Le stock du CHU est au plus bas\u00a0»" in sent.body
    assert f"{LIST}{HelpRequest.objects.get().pk}/" in sent.body
    assert Entry.objects.get(verb="pui.help_answered").details["answer"] == "refusée"


def test_the_pharmacy_reads_the_answer_when_the_asker_left_or_the_agency_asked(country):
    other = make_person("GF", on=country.orleans.establishment)
    row = ask(country)
    row.profile.state = Profile.State.ENDED
    row.profile.save()
    answer(country, row, Outcome.SETTLED)
    told = {one.to[0] for one in mail.outbox}
    assert other.email in told
    assert country.gf.email not in told
    mail.outbox.clear()
    declarant = make_person("GF", on=country.blois.establishment)
    colleague = make_person("ARA", on=make_region())
    answer(country, ask(country, by=country.agent, pui=country.blois), by=colleague)
    assert {country.agent.email, declarant.email} <= {one.to[0] for one in mail.outbox}
    assert colleague.email not in {one.to[0] for one in mail.outbox}


def test_the_agency_is_told_what_waits_in_one_mail(country):
    Region.objects.filter(pk="24").update(mailbox="ars@ars.example")
    row = ask(country)
    assert waiting() == [({"region": "24"}, True)], "queued a little later, for others to join"
    ask(country, pui=make_pui("PUI Sud", on=country.orleans.establishment))
    assert len(waiting()) == 1
    message = waiting_mail("24")
    assert message.to == ["ars@ars.example"]
    assert message.subject.endswith("2 demandes d’aide attendent votre réponse")
    assert "40\u00a0ampoules" in message.body
    assert WHY not in message.body, "people write what they will: it stays on the page"
    answer(country, row)
    assert "Une demande d’aide attend" in waiting_mail("24").subject
    withdraw_request(by=country.gf, request=HelpRequest.objects.latest("pk"))
    assert waiting_mail("24") is None


def test_the_agency_is_told_at_once_when_care_is_at_stake(country):
    ask(country, urgency=HelpRequest.Urgency.TODAY)
    assert waiting() == [({"region": "24"}, False)]


def test_an_agency_is_not_told_of_what_it_asks_itself(country):
    ask(country, by=country.agent, pui=country.blois)
    assert waiting() == []


def waiting():
    """The mails to agencies that wait, and whether they wait for others."""
    jobs = ProcrastinateJob.objects.filter(task_name=TELL).order_by("pk")
    return [(one.args, one.scheduled_at is not None) for one in jobs]


def test_what_is_taken_care_of_may_be_answered_again_what_is_ended_may_not(country):
    row = ask(country)
    for outcome in (Outcome.TAKEN, Outcome.MUTUAL_AID, Outcome.SETTLED):
        answer(country, row, outcome)
    with pytest.raises(HelpError, match="déjà réglée"):
        answer(country, row)
    with pytest.raises(HelpError, match="déjà réglée"):
        withdraw_request(by=country.gf, request=row)


def test_an_agency_answers_its_own_region_only(country):
    row = ask(country)
    other = make_person("ARA", on=make_region("84", "Auvergne-Rhône-Alpes"))
    for person in (other, country.gf, make_person("ARL", domain="dispostock")):
        with pytest.raises(HelpError, match="périmètre"):
            answer(country, row, by=person)


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_at_once_the_second_reads_the_first(country):
    row = ask(country)
    second = make_person("ARA", on=make_region())

    def late():
        answer(country, row, Outcome.REFUSED, "Impossible cette semaine", by=second, seen="waiting")

    with before_another(late, refused=(HelpError,)) as refusals:
        answer(country, row, seen="waiting")
    assert ["vient de répondre" in str(one) for one in refusals] == [True]
    row.refresh_from_db()
    assert (row.state, len(mail.outbox)) == ("taken", 1)


def typed(country, **more):
    return {
        "pui": str(country.orleans.pk),
        "produit": country.product.reference.label,
        "quantite": "40",
        "urgence": "days",
        "motif": WHY,
    } | more


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


def test_a_precise_ucd_may_be_asked_beside_its_reference(country):
    ask(country)
    asked = Asked(
        Medicine(country.product, country.product.reference, "ampoule"),
        10,
        HelpRequest.Urgency.TODAY,
        WHY,
    )
    row = ask_help(by=country.gf, pui=country.orleans, asked=asked, now=timezone.now())
    assert row.label == country.product.label
