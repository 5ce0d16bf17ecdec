"""The pages of a request, as the establishment and its ARS meet them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain
from common.weeks import current_week
from epi_stocks.models import InventoryLine
from orders.models import Order, ReliefRequest
from orders.relief.cards import relief_cards
from orders.services.finess_addresses import finess_address
from orders.services.relief import answer_by_aid, refuse
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_line,
    make_person,
)
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_beneficiary, make_quota
from tests.orders.ordering.world import registered

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("orders:relief"), reverse("orders:relief_new")
State = ReliefRequest.State


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.replace("&#x27;", "’").replace("\u202f", " ").split())


def page_of(row):
    return reverse("orders:relief_request", args=[row.pk])


def typed(world, **more):
    sent = {
        "site": f"{world.home.pk}-{world.site.pk}",
        "equipement": world.item.pk,
        "quantite": "1 400",
        "motif": "Cas groupés à l’étage",
    }
    return sent | more


def order_typed(world, client, row, packs="8"):
    url = reverse("orders:relief_order", args=[row.pk])
    form = client.get(url).context["form"]
    return url, {
        f"produit-{world.product.pk}": packs,
        "adresse": form.addresses[0].pk,
        "contact": "Camille Test",
        "telephone": "02 38 00 00 00",
        "message": "",
        "jeton": str(form.initial["jeton"]),
    }


def test_the_situation_is_shown_before_the_request_leaves(world):
    make_line(world.site, current_week(), stock=50, daily=20)
    make_quota(world.home, world.item, granted=1_200, used=300)
    client = logged_in(world.orders)
    assert_sound_html(client.get(NEW))
    answer = client.post(NEW, typed(world))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "2,5 jours" in text
    assert "reste 900" in text
    assert not ReliefRequest.objects.exists()
    answer = client.post(NEW, typed(world, envoyer="1"), follow=True)
    assert_sound_html(answer)
    assert "1 400 unités" in text_of(answer)
    assert ReliefRequest.objects.get().quantity == 1_400


def test_what_was_typed_stays_when_one_goes_back(world):
    answer = logged_in(world.orders).post(NEW, typed(world, modifier="1"))
    assert "Cas groupés à l’étage" in answer.content.decode()
    assert not ReliefRequest.objects.exists()


def test_never_declared_is_said_before_sending(world):
    assert "jamais été déclaré" in text_of(logged_in(world.orders).post(NEW, typed(world)))


@pytest.mark.parametrize("wrong", [{"quantite": "1e3"}, {"motif": ""}, {"site": "1-1"}])
def test_a_request_that_does_not_hold_is_shown_again(world, wrong):
    answer = logged_in(world.orders).post(NEW, typed(world, envoyer="1", **wrong))
    assert answer.status_code == 422
    assert not ReliefRequest.objects.exists()


def test_a_second_request_of_a_colleague_is_refused_with_its_words_kept(world):
    world.ask()
    answer = logged_in(world.colleague).post(NEW, typed(world, envoyer="1"))
    assert answer.status_code == 422
    assert "déjà ouverte" in text_of(answer)
    assert "Cas groupés" in text_of(answer)


def test_an_entity_is_asked_which_site(world):
    entity = make_legal_entity()
    for _ in range(2):
        make_establishment(entity)
    make_beneficiary(entity)
    client = logged_in(make_person("OCE", on=entity))
    assert "À choisir" in text_of(client.get(NEW))


def test_the_ars_orders_on_its_pool_from_the_request(world):
    row = world.ask()
    client = logged_in(world.ars)
    assert_sound_html(client.get(page_of(row)))
    url, sent = order_typed(world, client, row)
    shown = client.get(url)
    assert_sound_html(shown)
    assert shown.context["form"][f"produit-{world.product.pk}"].value() == 8
    assert "reste 1 000 unités" in text_of(shown)
    answer = client.post(url, sent, follow=True)
    assert_sound_html(answer)
    order = Order.objects.get()
    assert order.number in text_of(answer)
    assert client.post(url, sent).status_code == 302
    assert Order.objects.count() == 1


def test_the_establishment_follows_the_order_from_its_request(world):
    row = world.ask()
    order = world.order(row)
    order_url = reverse("orders:order", args=[order.pk])
    answer = logged_in(world.orders).get(page_of(row))
    assert_sound_html(answer)
    assert "Commande transmise" in text_of(answer)
    assert order_url not in answer.content.decode()
    agency = logged_in(world.ars)
    assert order_url in agency.get(page_of(row)).content.decode()
    assert agency.get(order_url).status_code == 200


def test_an_order_that_the_pool_does_not_hold_keeps_what_was_typed(world):
    row, client = world.ask(), logged_in(world.ars)
    url, sent = order_typed(world, client, row, packs="21")
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "Reste 1 000" in text_of(answer)
    assert 'value="21"' in answer.content.decode()


def test_the_person_to_call_is_that_of_the_address_else_who_asked(world):
    row, client = world.ask(), logged_in(world.ars)
    url = reverse("orders:relief_order", args=[row.pk])

    def proposed():
        initial = client.get(url).context["form"].initial
        return initial["contact"], initial["telephone"]

    assert proposed() == (str(world.orders), world.orders.phone)
    registered(world.orders)
    assert proposed() == ("Hélène Vasseur", "02 00 00 02 10")
    address = finess_address(world.home)
    address.contact_name, address.contact_phone = "Accueil", "02 00 00 09 09"
    address.save()
    assert proposed() == ("Accueil", "02 00 00 09 09")


def test_the_products_are_offered_within_what_is_asked_and_left(world):
    client, url = logged_in(world.ars), "orders:relief_order"
    name = f"produit-{world.product.pk}"
    for asked, packs in ((401, 9), (400, 8), (5_000, 20)):
        row = world.ask(quantity=asked)
        shown = client.get(reverse(url, args=[row.pk])).context["form"]
        assert shown.initial[name] == packs
        refuse(by=world.ars, request=row, reason="Un essai")


def test_since_the_request_both_read_what_changed(world):
    make_line(world.site, current_week(), stock=50, daily=20)
    row = world.ask()
    line = InventoryLine.objects.get()
    line.stock = 10
    line.save()
    text = text_of(logged_in(world.ars).get(page_of(row)))
    assert "2,5 jours" in text
    assert "Depuis la demande" in text
    assert "0,5 jour" in text


def test_an_answer_is_told_at_home_for_a_week_to_who_asked_alone(world):
    row = world.ask()
    refuse(by=world.ars, request=row, reason="Il vous reste du contingent")
    elsewhere = make_person("OCE", on=make_beneficiary(make_establishment()).establishment)
    assert relief_cards(elsewhere) == []
    assert len(relief_cards(world.colleague)) == 1
    ReliefRequest.objects.update(answered_at=timezone.now() - timedelta(days=8))
    assert relief_cards(world.orders) == []


def test_an_order_of_nothing_is_refused(world):
    client, row = logged_in(world.ars), world.ask()
    url, sent = order_typed(world, client, row, packs="0")
    assert client.post(url, sent).status_code == 422


def test_without_a_pool_the_page_says_so(world):
    row = world.ask()
    world.pool.delete()
    text = text_of(logged_in(world.ars).get(reverse("orders:relief_order", args=[row.pk])))
    assert "Rien à prendre dans le pot commun" in text


def test_mutual_aid_and_the_request_lead_to_each_other(world):
    row, client = world.ask(), logged_in(world.ars)
    answer = client.post(page_of(row), {"action": "entraide"}, follow=True)
    assert_sound_html(answer)
    row.refresh_from_db()
    need_url = reverse("aid_equipment:need", args=[row.need_id])
    assert need_url in answer.content.decode()
    assert page_of(row) in client.get(need_url).content.decode()


def test_who_types_the_inventory_sees_the_need_without_a_link_to_the_request(world):
    row = world.ask()
    need = answer_by_aid(by=world.ars, request=row)
    client = logged_in(make_person("OIE", on=world.site))
    answer = client.get(reverse("aid_equipment:need", args=[need.pk]))
    assert answer.status_code == 200
    assert page_of(row) not in answer.content.decode()


def test_a_refusal_needs_its_reason_and_reaches_the_home_of_who_asked(world):
    row, client = world.ask(), logged_in(world.ars)
    assert client.post(page_of(row), {"action": "refuser"}).status_code == 422
    sent = {"action": "refuser", "reponse": "Il vous reste du contingent"}
    client.post(page_of(row), sent)
    (card,) = relief_cards(world.orders)
    assert card.url == page_of(row)
    assert "Il vous reste du contingent" in text_of(logged_in(world.orders).get(card.url))


def test_who_answers_second_reads_the_first_answer(world):
    row = world.ask()
    refuse(by=world.ars, request=row, reason="Il vous reste du contingent")
    answer = logged_in(world.ars2).post(page_of(row), {"action": "entraide"})
    assert answer.status_code == 409
    assert f"refusée ({world.ars})" in text_of(answer)


def test_the_establishment_takes_its_request_back(world):
    row = world.ask()
    answer = logged_in(world.orders).post(page_of(row), {"action": "retirer"}, follow=True)
    assert "La demande est retirée" in text_of(answer)


def test_the_card_of_the_ars_tells_the_most_urgent(world):
    assert relief_cards(world.ars) == []
    row = world.ask()
    (card,) = relief_cards(world.ars)
    assert card.url == page_of(row)
    assert "Jamais déclaré" in card.detail
    assert relief_cards(world.elsewhere) == []


def test_the_list_of_the_ars_starts_with_what_waits_and_its_file_says_the_same(world):
    row = world.ask()
    refuse(by=world.ars, request=row, reason="Doublon")
    client = logged_in(world.ars)
    assert "Aucune demande à traiter" in text_of(client.get(LIST))
    answer = client.get(f"{LIST}?etat=toutes")
    assert_sound_html(answer)
    assert page_of(row) in answer.content.decode()
    file = client.get(f"{reverse('orders:relief_file', args=['csv'])}?etat=toutes")
    content = file.getvalue().decode("utf-8-sig")
    assert "Doublon" in content
    book = client.get(reverse("orders:relief_file", args=["xlsx"]))
    assert book.getvalue().startswith(b"PK")
    assert client.get(reverse("orders:relief_file", args=["pdf"])).status_code == 404


def test_a_filter_that_is_not_offered_is_left_aside(world):
    world.ask()
    answer = logged_in(world.ars).get(f"{LIST}?etat=autre&equipement=x&departement=99")
    assert answer.status_code == 200
    assert_sound_html(answer)


def test_the_country_looks_at_one_region_then_at_one_of_its_departments(world):
    row = world.ask()
    make_department("35", "Ille-et-Vilaine", region=world.elsewhere.active_profile.region)
    client = logged_in(make_person("NAT", domain=Domain.DISTRILOG))
    for region, is_listed in (("", True), ("24", True), ("53", False), ("99", True)):
        answer = client.get(LIST, {"region": region})
        assert_sound_html(answer)
        assert (page_of(row) in answer.content.decode()) is is_listed
    offered = client.get(LIST, {"region": ""}).context["form"].fields["departement"].choices
    assert {"35", "45"} <= {code for code, _ in offered}
    assert "region" not in logged_in(world.ars).get(LIST).context["form"].fields


def test_outside_the_perimeter_a_request_does_not_exist(world):
    row = world.ask()
    client = logged_in(world.elsewhere)
    for url in (page_of(row), reverse("orders:relief_order", args=[row.pk])):
        assert client.get(url).status_code == 404
        assert client.post(url, {"action": "refuser"}).status_code == 404


def test_inside_without_the_right_it_is_refused(world):
    row = world.ask()
    reader = logged_in(make_person("ARL", on=world.site.region, domain=Domain.DISTRILOG))
    assert reader.get(page_of(row)).status_code == 200
    assert reader.post(page_of(row), {"action": "refuser"}).status_code == 403
    assert reader.get(reverse("orders:relief_order", args=[row.pk])).status_code == 403
    asker = logged_in(world.orders)
    assert asker.get(reverse("orders:relief_order", args=[row.pk])).status_code == 403
    assert asker.post(page_of(row), {"action": "entraide"}).status_code == 403
    assert reader.get(NEW).status_code == 403


def test_the_list_asks_as_many_questions_whatever_it_holds(world, count_queries, client):
    client.force_login(world.ars)
    world.ask()
    count_queries(LIST)
    before = count_queries(LIST)
    for _ in range(4):
        site = make_establishment()
        ReliefRequest.objects.create(
            beneficiary=make_beneficiary(site),
            site=site,
            item=world.item,
            quantity=1,
            reason="Manque",
            asked_by=world.orders,
        )
    assert count_queries(LIST) == before
