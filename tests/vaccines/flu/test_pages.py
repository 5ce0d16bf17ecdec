"""The pages of a flu season for a pharmacy: its needs, what was delivered, the receipt."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medications.models import MonitoredList
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.flu.pages import PAGE, asked_last_season, logged_in, text_of
from vaccines.models import DeliveredDoses, FluRequest, TargetGroup
from vaccines.services.flu import version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pharmacist(world):
    return logged_in(world.gf)


@pytest.fixture
def agency(world):
    return logged_in(world.agent)


@pytest.fixture
def cell(world):
    return logged_in(world.cell)


def typed(world, residents="", staff="", **more):
    needs = {f"besoin-{world.residents.pk}": residents, f"besoin-{world.staff.pk}": staff}
    sent = {"saison": "2021-2022", "pui": world.orleans.pk, "commentaire": "", "seen": ""}
    return sent | needs | more


def told(world, doses, motif="", seen=""):
    fields = {"livre-doses": doses, "livre-motif": motif, "livre-seen": seen}
    return fields | {"saison": "2020-2021", "pui": world.orleans.pk}


def test_last_season_stands_beside_each_field_and_is_never_typed_by_itself(world, pharmacist):
    asked_last_season(world)
    answer = pharmacist.get(PAGE)
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Demande à faire" in text
    assert "il reste 9 jours" in text
    assert "Saison 2020-2021 : 90 doses" in text
    assert "Saison 2020-2021 : rien n’a été demandé" in text
    assert 'value="90"' not in text


def test_a_request_ends_with_its_receipt(world, pharmacist):
    asked_last_season(world)
    answer = pharmacist.post(PAGE, typed(world, "1 200", "0", commentaire="Grippe"), follow=True)
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Accusé de réception" in text
    assert "Imprimez cette page" in text
    for said in ("1 200", "Total", "Grippe", str(world.gf)):
        assert said in text.replace("\u202f", " ")
    assert "Demande transmise, total 1 200 doses" in text.replace("\u202f", " ")
    assert FluRequest.objects.get(campaign=world.coming).needs.count() == 2


@pytest.mark.parametrize(
    ("residents", "said"),
    [("douze", "un nombre entier"), ("", "Tapez au moins un nombre"), ("-3", "négative")],
)
def test_nothing_typed_is_lost_when_it_is_refused(world, pharmacist, residents, said):
    answer = pharmacist.post(PAGE, typed(world, residents, commentaire="Mon commentaire"))
    text = text_of(answer)
    assert answer.status_code == 422
    assert said in text
    assert f'value="{residents}"' in text or not residents
    assert "Mon commentaire" in text
    assert not FluRequest.objects.exists()


def test_the_comment_of_a_colleague_is_never_read_as_html(world, pharmacist):
    colleague = make_person("GF", on=world.orleans.establishment)
    world.ask(world.orleans, 150, comment="<b>gras</b>", by=colleague)
    page = pharmacist.post(PAGE, typed(world, "120", "7")).text
    assert "<b>gras</b>" not in page
    assert "&lt;b&gt;gras&lt;/b&gt;" in page


def test_of_two_people_the_second_reads_both_values_then_decides(world, pharmacist):
    colleague = make_person("GF", on=world.orleans.establishment)
    world.ask(world.orleans, 150, comment="Vu en CME", by=colleague)
    answer = pharmacist.post(PAGE, typed(world, "120", "7"))
    text = text_of(answer)
    assert answer.status_code == 409
    assert f"{colleague} vient d’enregistrer" in text
    assert f"Enregistré par {colleague} : 150." in text
    assert f"Enregistré par {colleague} : vide." in text
    assert 'value="120"' in text
    row = FluRequest.objects.get()
    again = typed(world, "120", "7", seen=answer.context["form"]["seen"].value())
    assert pharmacist.post(PAGE, again).status_code == 302
    assert dict(row.needs.values_list("group", "doses")) == {
        world.residents.pk: 120,
        world.staff.pk: 7,
    }


def test_once_closed_the_page_says_whom_to_call_and_takes_nothing(world, pharmacist):
    agency = world.agent.active_profile.body
    agency.mailbox = "dispostock@ars.example"
    agency.save()
    world.close()
    answer = pharmacist.get(f"{PAGE}?saison=2021-2022")
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Les demandes sont closes depuis le" in text
    assert "Demande pas faite" in text
    assert "dispostock@ars.example" in text
    assert "Transmettre la demande" not in text
    refused = pharmacist.post(PAGE, typed(world, "120"))
    assert refused.status_code == 422
    assert not FluRequest.objects.exists()


def test_with_several_pharmacies_one_is_chosen(world):
    other = make_pui("PUI des Acacias", on=world.orleans.establishment)
    client = logged_in(world.gf)
    answer = client.get(PAGE)
    assert_sound_html(answer)
    assert "Pour quelle PUI" in text_of(answer)
    assert "Quantité livrée" not in text_of(answer), "the campaign has not begun"
    assert "PUI des Acacias" in text_of(client.get(f"{PAGE}?pui={other.pk}"))
    world.tell(other, 40, by=world.gf)
    under_way = text_of(client.get(f"{PAGE}?saison=en-cours"))
    assert "40 doses livrées" in under_way
    assert "Quantité livrée à saisir" in under_way
    assert client.post(PAGE, typed(world, "7", pui="")).status_code == 200, "asked again: which"
    assert not FluRequest.objects.exists()
    assert client.get(f"{PAGE}?pui={world.lyon.pk}").status_code == 404


def test_a_pharmacy_out_of_reach_does_not_exist(world, pharmacist, agency):
    assert pharmacist.get(reverse("vaccines:flu_pui", args=[world.lyon.pk])).status_code == 404
    assert pharmacist.post(PAGE, typed(world, "1", pui=world.lyon.pk)).status_code == 404
    delivered = reverse("vaccines:flu_delivered")
    forged = told(world, "1") | {"pui": world.lyon.pk}
    assert pharmacist.post(delivered, forged).status_code == 404
    assert agency.post(delivered, told(world, "1")).status_code == 403
    assert agency.post(PAGE, typed(world, "1")).status_code == 403
    assert pharmacist.get(f"{PAGE}?saison=1999-2000").status_code == 404
    assert not FluRequest.objects.exists()
    assert not DeliveredDoses.objects.exists()


def test_what_was_delivered_is_typed_on_the_same_page_and_shows_its_history(world, pharmacist):
    address = reverse("vaccines:flu_delivered")
    answer = pharmacist.post(address, told(world, "300"), follow=True)
    assert_sound_html(answer)
    assert "Qui a saisi quoi, et quand" in text_of(answer)
    seen = version_of(DeliveredDoses.objects.get())
    refused = pharmacist.post(address, told(world, "200", seen=seen))
    assert refused.status_code == 422
    assert "dites pourquoi dans le motif" in text_of(refused)
    assert pharmacist.post(address, told(world, "200", "Erreur", seen)).status_code == 302
    stale = pharmacist.post(address, told(world, "250", "", seen))
    assert stale.status_code == 409
    assert "Enregistré par" in text_of(stale)
    assert 'value="250"' in text_of(stale)


def test_the_page_of_the_stock_leads_to_what_was_delivered(world, pharmacist):
    slug = MonitoredList.Slug.FLU
    stock = text_of(pharmacist.get(reverse("pui:transmission", kwargs={"slug": slug})))
    link = f"{PAGE}?saison=en-cours&amp;pui={world.orleans.pk}#livre"
    assert link in stock
    page = pharmacist.get(f"{PAGE}?saison=en-cours&pui={world.orleans.pk}")
    assert page.context["campaign"] == world.past
    assert 'name="livre-doses"' in text_of(page)
    other = text_of(pharmacist.get(PAGE))
    assert "La saison 2020-2021 est en cours" in other


def test_a_campaign_without_any_group_says_when_one_may_ask(world, pharmacist):
    TargetGroup.objects.update(is_used=False)
    answer = pharmacist.get(PAGE)
    assert_sound_html(answer)
    assert "Aucun public visé n’est proposé" in text_of(answer)
    assert "doses-sum.js" not in text_of(answer)
    assert pharmacist.post(PAGE, typed(world, "12")).status_code == 422
    assert not FluRequest.objects.exists()


def test_once_the_campaign_is_over_the_page_asks_why_the_number_changes(world, pharmacist):
    world.past.ends_on = timezone.localdate() - timedelta(days=1)
    world.past.save()
    page = pharmacist.get(f"{PAGE}?saison=2020-2021")
    assert_sound_html(page)
    assert "La campagne est finie depuis le" in text_of(page)
    address = reverse("vaccines:flu_delivered")
    refused = pharmacist.post(address, told(world, "12"))
    assert refused.status_code == 422
    assert "dites pourquoi dans le motif" in text_of(refused)
    assert pharmacist.post(address, told(world, "12", "Bon retrouvé")).status_code == 302
    assert "correction, Bon retrouvé" in text_of(pharmacist.get(f"{PAGE}?saison=2020-2021"))


def test_before_the_campaign_nothing_delivered_can_be_told(world, pharmacist):
    page = text_of(pharmacist.get(f"{PAGE}?saison=2021-2022"))
    assert "Elle se saisit à partir du" in page
    assert 'name="livre-doses"' not in page
    forged = told(world, "12") | {"saison": "2021-2022"}
    assert pharmacist.post(reverse("vaccines:flu_delivered"), forged).status_code == 422
    assert not DeliveredDoses.objects.exists()


def test_without_any_season_the_page_says_who_opens_one(world, pharmacist, cell):
    world.past.delete()
    world.coming.delete()
    assert "La cellule nationale ouvre" in text_of(pharmacist.get(PAGE))
    assert "Ouvrir une campagne" in text_of(cell.get(PAGE))
