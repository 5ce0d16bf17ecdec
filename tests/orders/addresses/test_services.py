"""A free address is proposed by one person and validated by another, APE or ARS."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from establishments.perimeter import Action
from journal.models import Entry
from orders.addresses.remarks import remarks
from orders.addresses.rights import own_agency, to_decide
from orders.models import DeliveryAddress
from orders.services.addresses import (
    AddressChangedError,
    AddressError,
    ProposedAddress,
    Terms,
    propose,
    refuse,
    retire,
    set_terms,
    validate,
)
from orders.services.errors import OrderingError
from orders.services.finess_addresses import finess_address
from orders.services.holders import Holder
from orders.services.sending import Delivery, require_delivery, snapshot
from tests.builders import make_department, make_person, make_region
from tests.orders.addresses.conftest import WANTED
from tests.orders.builders import make_address, make_order

pytestmark = pytest.mark.django_db
State = DeliveryAddress.State


def test_another_administrator_validates_what_one_proposed(world, mails):
    address = world.propose()
    assert address.state == State.PROPOSED
    assert not DeliveryAddress.objects.usable().filter(pk=address.pk).exists()
    assert {to for _, _, to in mails} == {world.head.email, world.deputy.email}
    validate(by=world.head, address=address)
    address.refresh_from_db()
    assert (address.state, address.decided_by) == (State.VALIDATED, world.head)
    assert mails[-1][2] == world.orders.email
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "orders.address_proposed",
        "orders.address_validated",
    ]


@pytest.mark.parametrize("who", ["ars", "deputy"])
def test_the_ars_validates_as_another_administrator_does(world, who):
    address = world.propose()
    assert validate(by=getattr(world, who), address=address).state == State.VALIDATED


def test_who_proposed_never_validates_even_as_an_administrator(world):
    address = world.propose(by=world.ars)
    with pytest.raises(AddressError, match="une autre personne"):
        validate(by=world.ars, address=address)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryAddress.objects.filter(pk=address.pk).update(decided_by=world.ars)
    assert not to_decide(world.ars).exists()


def test_who_proposed_never_validates_under_another_of_their_profiles(world):
    """She orders for the EHPAD, administers it under a second profile, and its ARS besides."""
    address = world.propose()
    site = world.home.establishment
    for code, on in (("APE", site), ("ARA", site.region)):
        other = make_person(code, on=on, user=world.orders)
        other.forget_rights()
        other.chosen_profile_id = other.profiles.order_by("pk").last().pk
        assert other.may(Action.ADDR_VALIDATE)
        assert not to_decide(other).exists()
        with pytest.raises(AddressError, match="Vous l’avez proposée"):
            validate(by=other, address=address)
        with pytest.raises(AddressError, match="Vous l’avez proposée"):
            refuse(by=other, address=address, reason="Trop loin")
    address.refresh_from_db()
    assert address.state == State.PROPOSED


def test_the_mail_goes_to_the_ars_where_the_only_administrator_proposed(world, mails):
    """Nobody is asked to decide of their own proposal."""
    both = make_person("APE", on=world.home.establishment, user=world.orders)
    for each in (world.head, world.deputy):
        each.is_active = False
        each.save()
        each.profiles.update(state="closed")
    assert both == world.orders
    world.propose()
    assert {to for _, _, to in mails} == {world.ars.email, world.ars2.email}


def test_who_only_orders_does_not_decide(world):
    address = world.propose(by=world.ars)
    with pytest.raises(AddressError, match="administrateur"):
        validate(by=world.orders, address=address)


def test_the_ars_of_another_region_neither_proposes_nor_decides(world):
    with pytest.raises(AddressError, match="ne propose pas"):
        world.propose(by=world.elsewhere)
    with pytest.raises(AddressError):
        validate(by=world.elsewhere, address=world.propose())


def test_a_free_address_is_never_usable_without_somebody_who_decided(world):
    address = world.propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryAddress.objects.filter(pk=address.pk).update(state=State.VALIDATED)


def test_a_refusal_says_why_to_who_proposed(world, mails):
    address = world.propose()
    with pytest.raises(AddressError, match="pourquoi"):
        refuse(by=world.head, address=address, reason=" ")
    refuse(by=world.head, address=address, reason="Le quai est fermé")
    address.refresh_from_db()
    assert (address.state, address.answer) == (State.REFUSED, "Le quai est fermé")
    assert "Le quai est fermé" in mails[-1][1]


def test_of_two_who_decide_the_second_reads_what_the_first_did(world):
    address = world.propose()
    validate(by=world.head, address=address)
    with pytest.raises(AddressChangedError, match=f"déjà validée par {world.head}"):
        refuse(by=world.deputy, address=address, reason="Trop loin")
    address.refresh_from_db()
    assert address.state == State.VALIDATED


@pytest.mark.parametrize(
    "written",
    [{}, {"lines": "za du clos  Bâtiment 4"}, {"lines": "ZA DU CLOS BATIMENT 4", "label": "Autre"}],
)
def test_the_same_address_is_proposed_once(world, written):
    address = world.propose()
    assert world.propose() == address
    with pytest.raises(AddressError, match=f"proposée par {world.orders}"):
        world.propose(by=world.ars, **written)
    assert DeliveryAddress.objects.count() == 1


def test_that_of_finess_is_not_proposed_again(world):
    finess_address(world.home)
    with pytest.raises(AddressError, match="FINESS"):
        world.propose(lines="12, RUE DES ACACIAS", postal_code="45000")


def test_one_that_was_refused_may_be_proposed_again(world):
    refuse(by=world.head, address=world.propose(), reason="Le quai est fermé")
    assert world.propose().state == State.PROPOSED


@pytest.mark.parametrize(
    ("field", "value"),
    [("postal_code", "4516"), ("postal_code", "4516A"), ("lines", ""), ("reason", "oui")],
)
def test_an_address_that_is_not_whole_is_refused(world, field, value):
    with pytest.raises(AddressError):
        world.propose(**{field: value})


def test_who_proposed_takes_it_back_and_nobody_orders_to_a_retired_one(world):
    address = retire(by=world.orders, address=world.propose())
    assert address.state == State.RETIRED
    with pytest.raises(AddressChangedError, match="déjà retirée"):
        validate(by=world.head, address=address)


def test_who_proposed_is_told_when_somebody_else_retires_it(world, mails):
    address = world.propose()
    validate(by=world.head, address=address)
    mails.clear()
    retire(by=world.ars, address=address)
    ((subject, text, to),) = mails
    assert (to, "retirée" in subject) == (world.orders.email, True)
    assert str(world.ars) in text
    mails.clear()
    retire(by=world.orders, address=world.propose(lines="Autre rue"))
    assert [to for _, _, to in mails] == [world.head.email, world.deputy.email]


def test_an_order_that_was_sent_keeps_its_address_once_it_is_retired(world):
    address = world.propose()
    validate(by=world.head, address=address)
    order = make_order(world.home, address=address, delivery=snapshot(address))
    retire(by=world.head, address=address)
    order.refresh_from_db()
    assert (order.state, order.delivery["lines"]) == ("submitted", "ZA du Clos, bâtiment 4")


@pytest.mark.parametrize(
    ("state", "words"), [("retired", "vient d’être retirée"), ("proposed", "n’est pas validée")]
)
def test_nobody_orders_to_an_address_that_is_not_validated(world, state, words):
    address = world.propose()
    if state == "retired":
        retire(by=world.orders, address=address)
    address.refresh_from_db()
    delivery = Delivery(address, "Camille Test", "02 00 00 02 10")
    with pytest.raises(OrderingError, match=words):
        require_delivery(delivery, Holder(beneficiary=world.home))


def test_the_address_of_finess_does_not_retire_by_hand(world):
    with pytest.raises(AddressError, match="ne se retire pas"):
        retire(by=world.head, address=finess_address(world.home))


def test_terms_change_without_validation_and_two_people_see_each_other(world):
    address = finess_address(world.home)
    told = Terms("8 h – 12 h", "Camille Test", "02 38 00 00 00")
    set_terms(by=world.orders, address=address, terms=told, seen=Terms().version)
    with pytest.raises(AddressChangedError, match="Une autre personne"):
        set_terms(by=world.orders, address=address, terms=Terms("Quai 2"), seen=Terms().version)
    address.refresh_from_db()
    assert (address.terms, address.contact_name) == ("8 h – 12 h", "Camille Test")


def test_terms_are_told_by_who_orders_there_on_an_address_that_lives(world):
    address = finess_address(world.home)
    for person in (world.head, world.elsewhere):
        with pytest.raises(AddressError, match="ne changent pas"):
            set_terms(by=person, address=address, terms=Terms("Quai 2"), seen=Terms().version)
    retired = retire(by=world.orders, address=world.propose())
    with pytest.raises(AddressError, match="ne changent pas"):
        set_terms(by=world.orders, address=retired, terms=Terms("Quai 2"), seen=Terms().version)


def test_the_ars_has_addresses_of_its_own_that_two_of_its_people_decide(world, mails):
    agency = own_agency(world.ars)
    address = world.propose(by=world.ars, holder=agency, label="Entrepôt régional")
    assert [to for _, _, to in mails] == [world.ars2.email]
    with pytest.raises(AddressError):
        validate(by=world.head, address=address)
    assert validate(by=world.ars2, address=address).state == State.VALIDATED


def test_an_address_out_of_the_region_or_the_department_is_remarked_not_refused(world):
    make_department("41", "Loir-et-Cher", region=world.home.region)
    make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    said = {
        code: " ".join(remarks(world.propose(postal_code=code)))
        for code in ("45160", "41000", "35000", "00123", "20090")
    }
    assert said["45160"] == ""
    assert "autre département" in said["41000"]
    assert "hors de la région" in said["35000"]
    assert "Aucun département" in said["00123"]


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_the_same_at_once_make_one(world):
    wanted = ProposedAddress(**WANTED)

    def ask(by):
        try:
            return propose(by=by, holder=world.home, wanted=wanted).pk
        except AddressError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, [world.orders, world.ars, world.ars2, world.orders]))
    assert DeliveryAddress.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_leave_one_decision(world):
    address = world.propose()

    def decide(by):
        try:
            return validate(by=by, address=address).decided_by_id
        except AddressChangedError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(decide, [world.head, world.deputy, world.ars, world.ars2]))
    address.refresh_from_db()
    assert [one for one in found if one] == [address.decided_by_id]


def test_the_addresses_of_others_do_not_exist(world):
    make_address(agency=own_agency(world.elsewhere), site=None)
    own = world.propose()
    assert list(to_decide(world.head)) == [own]
    assert list(to_decide(world.elsewhere)) == []
