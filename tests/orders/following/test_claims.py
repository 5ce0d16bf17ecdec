"""A claim from its opening to its end, as each side writes and reads it."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Entry
from orders.following import letters
from orders.models import Claim, ClaimMessage, Order, Photo
from orders.services.claims import (
    ClaimError,
    Complaint,
    Message,
    close_claim,
    open_claim,
    write_message,
)
from tests.builders import make_body, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_beneficiary, make_order
from tests.orders.following.pages import logged_in, text_of
from tests.photos import photo

pytestmark = pytest.mark.django_db
TEXT = "Trois cartons sont arrivés ouverts."


@pytest.fixture
def sent(monkeypatch):
    found = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: found.append(words))
    return found


@pytest.fixture
def warehouse(world):
    return make_person("LPO", on=make_body("la_poste"))


@pytest.fixture
def claim(world):
    return complain(world)


def complain(world, *, by=None, token=None, order=None, **more):
    complaint = Complaint(**{"kind": "damaged", "text": TEXT, "line": world.masks} | more)
    return open_claim(
        by=by or world.operator,
        order=order or world.order,
        complaint=complaint,
        token=token or uuid.uuid4(),
    )


def answer(claim, by, text="Un nouvel envoi part demain.", token=None, *, is_answer=True):
    message = Message(text, token or uuid.uuid4())
    return write_message(by=by, claim=claim, message=message, is_answer=is_answer)


def page(claim):
    return reverse("orders:claim", args=[claim.pk])


def sent_form(text=TEXT, **more):
    return {"message": text, "jeton": str(uuid.uuid4())} | more


def test_a_claim_is_written_to_who_serves_the_order(world, warehouse, sent):
    claim = complain(world, quantity=150)
    assert (claim.state, claim.messages.get().text) == ("open", TEXT)
    [(subject, text, address)] = sent
    assert address == warehouse.email
    assert world.order.number in subject
    assert TEXT in text
    assert str(world.operator) not in text
    assert Entry.objects.get(verb="orders.claim_opened").finess == world.place.finess


def test_before_its_file_is_written_the_national_cell_reads_it(world, warehouse, sent):
    cell = make_person("NAT", domain="distrilog")
    Order.objects.filter(pk=world.order.pk).update(exported_at=None, state="submitted")
    complain(world, kind="late")
    assert [address for _, _, address in sent] == [cell.email]


def test_answered_it_is_written_to_who_opened_it_who_says_when_it_is_settled(
    world, claim, warehouse, sent
):
    assert answer(claim, warehouse).state == "answered"
    assert [address for _, _, address in sent] == [world.operator.email]
    assert answer(claim, world.operator, "Rien n’est venu.", is_answer=False).state == "open"
    assert close_claim(by=world.operator, claim=claim).state == "closed"
    with pytest.raises(ClaimError, match="close"):
        answer(claim, warehouse)


def test_sent_twice_it_is_one_claim_and_one_message(world, warehouse, sent):
    token = uuid.uuid4()
    claim = complain(world, token=token)
    assert complain(world, token=token) == claim
    answer(claim, warehouse, token=token)  # that of the first message: already there
    again = uuid.uuid4()
    answer(claim, warehouse, token=again)
    answer(claim, warehouse, token=again)
    assert ClaimMessage.objects.filter(claim=claim).count() == 2


def test_each_writes_on_their_own_side_alone(world, claim, warehouse):
    other = make_person("SPF", on=make_body("spf"), domain="distrilog")
    elsewhere = make_person("OCE", on=make_establishment())
    for person, is_answer in (
        (other, True),
        (world.operator, True),
        (warehouse, False),
        (elsewhere, False),
    ):
        with pytest.raises(ClaimError):
            answer(claim, person, is_answer=is_answer)
    with pytest.raises(ClaimError):
        close_claim(by=warehouse, claim=claim)
    with pytest.raises(ClaimError):
        complain(world, by=elsewhere)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": "humeur"}, "n’existe pas"),
        ({"text": "Bof"}, "quelques mots"),
        ({"line": None, "kind": "late", "text": " "}, "quelques mots"),
    ],
)
def test_a_claim_that_nobody_could_answer_is_refused(world, more, sentence):
    with pytest.raises(ClaimError, match=sentence):
        complain(world, **more)
    assert not Claim.objects.exists()


def test_a_product_or_a_reception_of_another_order_is_refused(world):
    reception, other = world.receive(), make_order(world.place, [(world.masks.product, 50)])
    with pytest.raises(ClaimError, match="Ce produit n’est pas de cette commande"):
        complain(world, line=other.lines.get())
    with pytest.raises(ClaimError, match="Cette réception n’est pas de cette commande"):
        complain(world, order=other, line=None, reception=reception)


def test_from_a_reception_what_it_says_is_already_there(world):
    reception = world.receive((350, 50, ""))
    line = reception.lines.get(line=world.masks)
    address = reverse("orders:claim_new", args=[world.order.pk])
    client = logged_in(world.operator)
    shown = client.get(address, {"ligne": line.pk})
    assert_sound_html(shown)
    form = shown.context["form"]
    assert (form["motif"].value(), form["quantite"].value()) == ("damaged", 50)
    sent = sent_form(motif="damaged", produit=world.masks.pk, quantite="50", ligne=line.pk)
    done = client.post(address, sent | {"photo": photo()}, follow=True)
    assert "La réclamation est envoyée." in text_of(done)
    claim = Claim.objects.get()
    assert (claim.reception, claim.quantity, Photo.objects.count()) == (reception, 50, 1)
    assert_sound_html(done)


def test_without_a_reason_the_form_says_so_and_keeps_what_was_typed(world):
    address = reverse("orders:claim_new", args=[world.order.pk])
    refused = logged_in(world.operator).post(address, sent_form())
    assert refused.status_code == 422
    assert "Choisissez ce qui ne va pas." in text_of(refused)
    assert TEXT in text_of(refused)


def test_the_warehouse_answers_without_reading_the_name_of_a_person(world, claim, warehouse):
    client = logged_in(warehouse)
    shown = client.get(page(claim))
    assert_sound_html(shown)
    text = text_of(shown)
    assert TEXT in text
    assert str(world.place) in text
    assert str(world.operator) not in text
    done = client.post(page(claim), sent_form("Un nouvel envoi part demain."), follow=True)
    assert "Un nouvel envoi part demain." in text_of(done)
    assert client.post(reverse("orders:claim_close", args=[claim.pk])).status_code == 403


def test_the_supplier_answers_for_what_it_serves_and_sees_no_other(world, claim):
    supplier = make_person("CSM")
    client = logged_in(supplier)
    assert client.get(page(claim)).status_code == 404
    body = supplier.active_profile.body
    Order.objects.filter(pk=world.order.pk).update(operator=body, kind="paid")
    assert client.get(page(claim)).status_code == 200
    assert client.post(page(claim), sent_form()).status_code == 302
    assert Claim.objects.get().state == "answered"


@pytest.mark.parametrize("code", ["APE", "ARL", "NAL"])
def test_who_reads_the_order_reads_the_thread_and_writes_nothing(world, claim, code):
    places = {"APE": world.place.establishment, "ARL": world.order.region}
    client = logged_in(
        make_person(code, on=places.get(code), domain=None if code == "APE" else "distrilog")
    )
    assert TEXT in text_of(client.get(page(claim)))
    assert client.post(page(claim), sent_form()).status_code == 403
    assert claim.messages.count() == 1


def test_the_list_shows_each_side_its_own_by_state(world, claim, warehouse):
    for person in (world.operator, warehouse):
        shown = logged_in(person).get(reverse("orders:claims"))
        assert_sound_html(shown)
        assert world.order.number in text_of(shown)
    closed = logged_in(world.operator).get(reverse("orders:claims"), {"etat": "closed"})
    assert world.order.number not in text_of(closed)
    stranger = logged_in(make_person("OCE", on=make_establishment()))
    assert world.order.number not in text_of(stranger.get(reverse("orders:claims")))
    assert stranger.get(page(claim)).status_code == 404


def test_closed_twice_nothing_more_happens(world, claim):
    client = logged_in(world.operator)
    for _ in range(2):
        client.post(reverse("orders:claim_close", args=[claim.pk]))
    assert Entry.objects.filter(verb="orders.claim_closed").count() == 1
    assert "Cette réclamation est close." in text_of(client.get(page(claim)))


def test_nobody_lacks_more_than_they_ordered(world):
    for kind in ("missing", "damaged"):
        with pytest.raises(ClaimError, match="commandé 400"):
            complain(world, kind=kind, quantity=401)
    with pytest.raises(ClaimError, match="commandé 600"):
        complain(world, line=None, kind="missing", quantity=601)
    assert complain(world, kind="missing", quantity=400).quantity == 400
    assert complain(world, kind="wrong", quantity=4_000).state == "open"


@pytest.mark.parametrize("state", ["cancelled", "refused"])
def test_an_order_that_will_not_come_has_no_claim(world, state):
    Order.objects.update(state=state)
    client = logged_in(world.operator)
    shown = client.get(reverse("orders:order", args=[world.order.pk]))
    assert "Ouvrir une réclamation" not in text_of(shown)
    address = reverse("orders:claim_new", args=[world.order.pk])
    assert "Cette commande est " in text_of(client.get(address, follow=True))
    with pytest.raises(ClaimError, match="transmise"):
        complain(world)


def test_a_gap_that_led_to_a_claim_leads_to_it(world):
    reception = world.receive((350, 50, ""))
    client, page = logged_in(world.operator), reverse("orders:order", args=[world.order.pk])
    link = f"?ligne={reception.lines.get(line=world.masks).pk}"
    assert link in text_of(client.get(page))
    complain(world, reception=reception)
    text = text_of(client.get(page))
    assert "Réclamation ouverte<span" in text
    assert link not in text


def test_an_agency_complains_of_its_pool_alone(world, sent, warehouse):
    region = world.order.region
    agent = make_person("ARA", on=region)
    with pytest.raises(ClaimError, match="Seul un opérateur"):
        complain(world, by=agent)
    with pytest.raises(ClaimError, match="pas à vous"):
        close_claim(by=agent, claim=complain(world))
    sent.clear()
    body = make_body("ars", region=region)
    Order.objects.update(beneficiary=None, agency=body, kind="pool")
    claim = complain(world, by=agent)
    assert [address for *_, address in sent] == [warehouse.email]
    assert answer(claim, make_person("NAT", domain="distrilog")).state == "answered"
    assert close_claim(by=agent, claim=claim).state == "closed"


def test_before_its_file_is_written_the_warehouse_neither_reads_nor_answers(world, warehouse):
    Order.objects.update(exported_at=None, state="submitted")
    claim = complain(world)
    assert logged_in(warehouse).get(page(claim)).status_code == 404
    with pytest.raises(ClaimError, match="pas à vous"):
        answer(claim, warehouse)


def test_the_list_takes_as_many_statements_whatever_its_length(world, claim):
    client = logged_in(make_person("NAT", domain="distrilog"))
    address = reverse("orders:claims")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(6):
        order = make_order(make_beneficiary())
        by = make_person("OCE", on=order.beneficiary.establishment)
        complain(world, by=by, order=order, line=None)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
