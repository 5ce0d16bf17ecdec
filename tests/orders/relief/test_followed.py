"""After the answer: both sides follow, the establishment says what came, a lost answer returns."""

import pytest
from django.urls import reverse
from django.utils import timezone

from common.weeks import current_week
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EquipmentNeed
from establishments.redistribution.services.needs import end_need
from journal.models import Entry
from orders.models import Order, ReliefRequest
from orders.relief.cards import relief_cards
from orders.services.ordering import cancel
from orders.services.relief import ReliefError, answer_by_aid, answer_by_order, refuse, withdraw
from orders.services.relief_receptions import Came, say_received
from tests.builders import make_department, make_establishment, make_line, make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_beneficiary, make_shipment
from tests.orders.relief.test_pages import LIST, logged_in, page_of, text_of

pytestmark = pytest.mark.django_db
State = ReliefRequest.State


@pytest.fixture
def row(world):
    return world.ask()


@pytest.fixture
def shipped(world, row):
    """All that was granted has left, in one parcel."""
    make_shipment(world.order(row), parcels=["6A00000042"])
    return ReliefRequest.objects.get(pk=row.pk)


def received(world, row, units=400, remark="", seen=None, by=None):
    came = Came(units, remark, seen)
    return say_received(by=by or world.orders, request=row, came=came)


def test_a_cancelled_order_brings_the_request_back_to_the_ars(world, row):
    order = world.order(row)
    assert not ReliefRequest.objects.to_answer().exists()
    cancel(by=world.ars, order=order)
    row = ReliefRequest.objects.get(pk=row.pk)
    assert list(ReliefRequest.objects.to_answer()) == [row]
    assert row.standing == "à reprendre, commande annulée"
    (card,) = relief_cards(world.ars)
    assert card.url == page_of(row)
    shown = text_of(logged_in(world.ars).get(LIST))
    assert "À reprendre, commande annulée" in shown
    assert "400 unités" not in shown


def test_an_order_that_the_warehouse_refuses_comes_back_too(world, row):
    world.order(row)
    Order.objects.update(state="refused")
    assert ReliefRequest.objects.to_answer().get().standing == "à reprendre, commande refusée"


def test_a_need_closed_without_giver_comes_back_and_a_covered_one_does_not(world, row):
    need = answer_by_aid(by=world.ars, request=row)
    EquipmentNeed.objects.update(state="covered", ended_at=timezone.now())
    assert not ReliefRequest.objects.to_answer().exists()
    EquipmentNeed.objects.update(state="open", ended_at=None)
    end_need(EQUIPMENT, by=world.ars, need=need, answer="Personne ne peut donner")
    assert ReliefRequest.objects.to_answer().get().standing == "à reprendre, entraide close"


def test_asked_again_since_the_first_request_waits_no_more(world, row):
    cancel(by=world.ars, order=world.order(row))
    again = world.ask()
    assert list(ReliefRequest.objects.to_answer()) == [again]


def test_another_answer_forgets_what_the_lost_one_granted_and_brought(world, row):
    cancel(by=world.ars, order=world.order(row))
    ReliefRequest.objects.update(received=50)
    world.order(row, units=200)
    row.refresh_from_db()
    assert (row.granted, row.received) == (200, None)
    cancel(by=world.ars, order=row.order)
    refuse(by=world.ars, request=row, reason="Le pot commun est vide")
    row.refresh_from_db()
    assert row.granted is None


@pytest.mark.parametrize(("stock", "urgency"), [(139, "today"), (140, "soon"), (None, "soon")])
def test_under_a_week_of_cover_mutual_aid_looks_for_today(world, stock, urgency):
    if stock is not None:
        make_line(world.site, current_week(), stock=stock, daily=20)
    need = answer_by_aid(by=world.ars, request=world.ask())
    assert need.urgency == urgency


@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_what_was_refused_or_taken_back_waits_no_more(world, row, answer):
    if answer == "refused":
        refuse(by=world.ars, request=row, reason="Il vous reste du contingent")
    else:
        withdraw(by=world.orders, request=row)
    assert not ReliefRequest.objects.to_answer().exists()


def test_the_establishment_takes_back_a_request_whose_answer_came_to_nothing(world, row):
    cancel(by=world.ars, order=world.order(row))
    page = logged_in(world.orders).get(page_of(row))
    assert "n’a pas abouti" in text_of(page)
    assert withdraw(by=world.orders, request=row).state == State.WITHDRAWN


def test_both_sides_see_the_parcels_and_only_the_ars_the_order(world, shipped):
    for person in (world.orders, world.ars):
        answer = logged_in(person).get(page_of(shipped))
        assert_sound_html(answer)
        assert "6A00000042" in text_of(answer)
    content = logged_in(world.orders).get(page_of(shipped)).content.decode()
    assert reverse("orders:reception", args=[shipped.order_id]) not in content


def test_the_establishment_says_what_came_and_the_ars_is_told(world, shipped, mails):
    answer = logged_in(world.orders).post(
        page_of(shipped),
        {"action": "recue", "recu": "400", "remarque": "", "deja": ""},
        follow=True,
    )
    assert_sound_html(answer)
    assert "reçu 400" in text_of(answer)
    assert mails[-1][2] == world.ars.email
    assert shipped.order.number in mails[-1][1]
    entry = Entry.objects.filter(verb="orders.relief_received").get()
    assert entry.details["received"] == 400


def test_what_differs_is_explained_and_may_be_corrected(world, shipped):
    with pytest.raises(ReliefError, match="ce qui diffère"):
        received(world, shipped, 350)
    received(world, shipped, 350, "Un carton mouillé")
    received(world, shipped, 400, seen=350)
    shipped.refresh_from_db()
    assert shipped.received == 400


def test_the_same_said_twice_is_once(world, shipped):
    received(world, shipped)
    received(world, shipped)
    assert Entry.objects.filter(verb="orders.relief_received").count() == 1


def test_a_colleague_who_said_otherwise_meanwhile_is_told(world, shipped):
    received(world, shipped, 350, "Un carton mouillé", by=world.colleague)
    sent = {"action": "recue", "recu": "300", "remarque": "Deux cartons mouillés", "deja": ""}
    client = logged_in(world.orders)
    answer = client.post(page_of(shipped), sent)
    assert answer.status_code == 422
    assert "350 unités reçues" in text_of(answer)
    assert 'name="deja" value="350"' in answer.content.decode()
    assert "Deux cartons mouillés" in text_of(answer)


@pytest.mark.parametrize("units", [-1, 4_001])
def test_a_slip_is_refused(world, shipped, units):
    with pytest.raises(ReliefError, match="vérifiez"):
        received(world, shipped, units, "Une faute de frappe")


@pytest.mark.parametrize("typed", ["", "1e3", "-5", "12,5"])
def test_a_number_that_cannot_be_read_stays_in_its_field(world, shipped, typed):
    sent = {"action": "recue", "recu": typed, "remarque": "Deux cartons mouillés", "deja": ""}
    answer = logged_in(world.orders).post(page_of(shipped), sent)
    assert answer.status_code == 422
    assert_sound_html(answer)
    assert "Deux cartons mouillés" in text_of(answer)


def test_nothing_is_received_before_it_left_nor_by_anybody_else(world, row):
    world.order(row)
    with pytest.raises(ReliefError, match="Rien n’est parti"):
        received(world, row)
    assert "Ce que vous avez reçu" not in text_of(logged_in(world.orders).get(page_of(row)))
    make_shipment(Order.objects.get())
    with pytest.raises(ReliefError, match="Seul l’établissement"):
        received(world, row, by=world.ars)
    sent = {"action": "recue", "recu": "400"}
    assert logged_in(world.ars).post(page_of(row), sent).status_code == 403
    assert logged_in(world.elsewhere).post(page_of(row), sent).status_code == 404


def test_the_words_for_the_establishment_do_not_go_to_the_warehouse(world, row, mails):
    answer = world.answer(message="Gardez-en pour le week-end")
    order = answer_by_order(by=world.ars, request=row, answer=answer)
    assert order.comment == f"Dépannage n°{row.pk}\u00a0: {world.site}"
    assert "Gardez-en" in mails[-1][1]
    assert "Gardez-en" in text_of(logged_in(world.orders).get(page_of(row)))


def test_the_filters_keep_a_state_an_item_a_department(world, row):
    loir = make_department("41", "Loir-et-Cher", region=world.site.region)
    other = make_establishment(department=loir)
    person, home = make_person("OCE", on=other), make_beneficiary(other)
    there = world.ask(by=person, beneficiary=home, site=other)
    refuse(by=world.ars, request=there, reason="Il vous reste du contingent")
    client = logged_in(world.ars)

    def listed(query):
        content = client.get(f"{LIST}?{query}").content.decode()
        return [one for one in (row, there) if page_of(one) in content]

    assert listed("") == [row]
    assert listed("etat=toutes") == [row, there]
    assert listed("etat=refused") == [there]
    assert listed("etat=toutes&departement=41") == [there]
    assert listed(f"etat=toutes&equipement={world.item.pk}") == [row, there]
    assert listed("etat=toutes&equipement=2") == []
