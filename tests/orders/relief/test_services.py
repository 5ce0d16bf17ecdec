"""A request for relief: asked once, answered once, by an order, by mutual aid or by a refusal."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Domain
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EquipmentNeed
from establishments.redistribution.services.needs import end_need
from journal.models import Entry
from orders.models import Order, ReliefRequest
from orders.services.errors import OrderingError
from orders.services.ordering import cancel
from orders.services.relief import (
    AnsweredMeanwhileError,
    ReliefError,
    answer_by_aid,
    answer_by_order,
    is_answerable,
    refuse,
    withdraw,
)
from tests.builders import make_establishment, make_legal_entity, make_person
from tests.orders.builders import make_address, make_beneficiary, make_item, make_product

pytestmark = pytest.mark.django_db
State = ReliefRequest.State


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_request_reaches_the_ars_and_is_kept(world, mails):
    row = world.ask()
    assert (row.state, row.quantity, row.asked_by) == (State.OPEN, 400, world.orders)
    assert [to for _, _, to in mails] == [world.ars.email, world.ars2.email]
    assert "Cas groupés" in mails[0][1]
    assert verbs() == ["orders.relief_asked"]


def test_the_same_request_sent_twice_is_one(world):
    assert world.ask() == world.ask()
    assert ReliefRequest.objects.count() == 1


def test_one_request_is_open_per_item_and_site(world):
    world.ask()
    with pytest.raises(ReliefError, match=f"demandées par {world.orders}"):
        world.ask(by=world.colleague)
    with pytest.raises(ReliefError, match="déjà ouverte"):
        world.ask(quantity=500)
    assert world.ask(item=make_item(2)).is_open


def test_once_answered_it_may_be_asked_again(world):
    refuse(by=world.ars, request=world.ask(), reason="Le pot commun est vide")
    assert world.ask().is_open


@pytest.mark.parametrize("fields", [{"quantity": 0}, {"quantity": 10_000_001}, {"reason": " ok "}])
def test_a_request_that_says_too_little_is_refused(world, fields):
    with pytest.raises(ReliefError):
        world.ask(**fields)


@pytest.mark.parametrize("code", ["APE", "OIE", "ARA", "ARL"])
def test_only_those_who_order_for_the_place_ask(world, code):
    on = world.site.region if code in ("ARA", "ARL") else world.site
    with pytest.raises(ReliefError, match="ne commande pas"):
        world.ask(by=make_person(code, on=on))


def test_nobody_asks_for_the_place_of_another(world):
    other = make_establishment(address="1 rue X", postal_code="45000")
    with pytest.raises(ReliefError):
        world.ask(by=make_person("OCE", on=other))
    with pytest.raises(ReliefError, match="site ouvert"):
        world.ask(site=other)


def test_an_item_is_asked_whole_never_one_of_its_sizes(world):
    with pytest.raises(ReliefError, match="n’est pas suivi"):
        world.ask(item=make_item(401))


def test_an_entity_chooses_the_site_to_help(world):
    entity = make_legal_entity()
    north, south = (make_establishment(entity) for _ in range(2))
    person, home = make_person("OCE", on=entity), make_beneficiary(entity)
    assert world.ask(by=person, beneficiary=home, site=north).site == north
    assert world.ask(by=person, beneficiary=home, site=south).site == south


def test_the_ars_answers_by_an_order_on_its_pool_delivered_to_the_place(world, mails):
    row = world.ask()
    order = world.order(row, units=300)
    row.refresh_from_db()
    world.pool.refresh_from_db()
    assert (row.state, row.order, row.granted) == (State.ORDERED, order, 300)
    assert (order.kind, order.delivery["lines"]) == ("pool", "12 rue des Acacias")
    assert world.pool.used == 300
    assert mails[-1][2] == world.orders.email
    assert order.number in mails[-1][1]
    assert verbs()[-1] == "orders.relief_ordered"


def test_the_same_answer_sent_twice_is_one_order(world):
    row, answer = world.ask(), world.answer()
    first = answer_by_order(by=world.ars, request=row, answer=answer)
    assert answer_by_order(by=world.ars, request=row, answer=answer) == first
    assert Order.objects.count() == 1


def test_a_pool_that_does_not_hold_it_leaves_the_request_open(world):
    row = world.ask()
    with pytest.raises(OrderingError, match="Reste"):
        world.order(row, units=1_050)
    row.refresh_from_db()
    assert (row.state, Order.objects.count()) == (State.OPEN, 0)


def test_the_order_goes_to_the_one_who_asked_with_products_of_what_it_asked(world):
    row = world.ask()
    with pytest.raises(ReliefError, match="adresse de l’établissement"):
        world.order(row, address=make_address())
    with pytest.raises(ReliefError, match="produits"):
        world.order(row, lines={make_product(make_item(2)).pk: 50})


def test_mutual_aid_opens_a_need_for_the_site(world):
    row = world.ask()
    need = answer_by_aid(by=world.ars, request=row)
    row.refresh_from_db()
    assert (row.state, row.need) == (State.AIDED, need)
    assert (need.establishment, need.item, need.quantity) == (world.site, world.item, 400)
    assert f"n°{row.pk}" in need.reason
    assert answer_by_aid(by=world.ars2, request=row) == need
    assert EquipmentNeed.objects.count() == 1


def test_a_need_already_open_is_joined(world):
    first = answer_by_aid(by=world.ars, request=world.ask())
    assert answer_by_aid(by=world.ars, request=world.ask()) == first


def test_a_refusal_says_why(world, mails):
    row = world.ask()
    with pytest.raises(ReliefError, match="pourquoi"):
        refuse(by=world.ars, request=row, reason=" non ")
    refuse(by=world.ars, request=row, reason="Il vous reste du contingent")
    row.refresh_from_db()
    assert (row.state, row.answer) == (State.REFUSED, "Il vous reste du contingent")
    assert "Il vous reste du contingent" in mails[-1][1]


def test_of_two_of_the_ars_the_second_reads_the_answer_of_the_first(world):
    row = world.ask()
    world.order(row)
    with pytest.raises(AnsweredMeanwhileError, match=str(world.ars)):
        refuse(by=world.ars2, request=row, reason="Trop tard pour cette semaine")
    with pytest.raises(AnsweredMeanwhileError):
        world.order(row, by=world.ars2)
    assert Order.objects.count() == 1


def test_another_ars_and_the_establishment_itself_do_not_answer(world):
    row = world.ask()
    for person in (world.elsewhere, world.orders, make_person("ARL", on=world.site.region)):
        with pytest.raises(ReliefError, match="ARS de la région"):
            refuse(by=person, request=row, reason="Je refuse")


def test_who_helps_with_medicines_does_not_answer_for_equipment_that_they_do_not_read(world):
    row = world.ask()
    person = make_person("ARA", on=world.site.region, domain=Domain.DISPOSTOCK)
    with pytest.raises(ReliefError, match="ARS de la région"):
        refuse(by=person, request=row, reason="Je refuse")
    with pytest.raises(ReliefError, match="ARS de la région"):
        answer_by_aid(by=person, request=row)


def test_the_national_cell_may_turn_to_mutual_aid_but_orders_on_no_pool(world):
    row, cell = world.ask(), make_person("NAT", domain=Domain.DISTRILOG)
    with pytest.raises(ReliefError, match="commande sur son pot commun"):
        world.order(row, by=cell)
    assert answer_by_aid(by=cell, request=row).item == world.item


def test_the_establishment_takes_it_back_until_it_is_answered(world):
    row = withdraw(by=world.colleague, request=world.ask())
    assert row.state == State.WITHDRAWN
    with pytest.raises(AnsweredMeanwhileError, match="retirée"):
        world.order(row)
    other = world.ask()
    world.order(other)
    with pytest.raises(AnsweredMeanwhileError):
        withdraw(by=world.orders, request=other)


def test_nobody_else_takes_it_back(world):
    with pytest.raises(ReliefError, match="Seul l’établissement"):
        withdraw(by=world.ars, request=world.ask())


def test_an_order_that_is_cancelled_lets_the_ars_answer_again(world):
    row = world.ask()
    cancel(by=world.ars, order=world.order(row))
    row = ReliefRequest.objects.get(pk=row.pk)
    assert is_answerable(row)
    second = world.order(row)
    row.refresh_from_db()
    assert row.order == second


def test_a_need_that_is_closed_lets_the_ars_answer_again(world):
    row = world.ask()
    need = answer_by_aid(by=world.ars, request=row)
    end_need(EQUIPMENT, by=world.ars, need=need, answer="Personne ne peut donner")
    refuse(by=world.ars, request=row, reason="Personne ne peut donner")
    row.refresh_from_db()
    assert row.state == State.REFUSED


@pytest.mark.parametrize("state", ["ordered", "aided", "refused", "withdrawn"])
def test_the_database_keeps_no_answer_without_what_it_says(world, state):
    row = world.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReliefRequest.objects.filter(pk=row.pk).update(state=state)


def at_once(tasks):
    def run(task):
        try:
            return task()
        except OrderingError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.django_db(transaction=True)
def test_two_of_the_ars_at_once_send_one_order(world):
    row = world.ask()
    answers = [(by, world.answer()) for by in (world.ars, world.ars2) * 2]
    found = at_once(
        [
            lambda by=by, one=one: answer_by_order(by=by, request=row, answer=one)
            for by, one in answers
        ]
    )
    assert len([one for one in found if isinstance(one, Order)]) == 1
    world.pool.refresh_from_db()
    assert (Order.objects.count(), world.pool.used) == (1, 400)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_open_one_request(world):
    people = [replace(world, orders=one) for one in (world.orders, world.colleague) * 2]
    at_once([one.ask for one in people])
    assert ReliefRequest.objects.count() == 1
