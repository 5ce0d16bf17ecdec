"""The support form of the vaccines guide [000]: a subject like the others, with its six fields."""

import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from support.models import Ticket
from tests.builders import make_establishment, make_person
from tests.orders.following.pages import logged_in, text_of
from tests.pui.builders import make_pui
from tests.support.contact.builders import TEXT, make_subject
from tests.vaccines.builders import make_line, make_wave

pytestmark = pytest.mark.django_db
NEW = "/aide/contact/nouvelle/"
FIELDS = ["pui", "destinataire", "finess", "ville"]


@pytest.fixture(autouse=True)
def subject():
    cache.clear()
    return make_subject("vaccins", "spf", asks=FIELDS, is_for_visitors=False)


@pytest.fixture
def pui():
    return make_pui("PUI centrale")


@pytest.fixture
def gf(pui):
    return make_person("GF", on=pui.establishment)


@pytest.fixture
def line(pui):
    home = make_establishment(name="EHPAD Les Tilleuls")
    return make_line(make_wave(), pui=pui, recipient=home)


def typed(**more):
    sent = {"sujet": "vaccins", "objet": "Un carton manque", "message": TEXT}
    return sent | {"jeton": uuid.uuid4()} | more


def test_a_pharmacy_is_chosen_and_says_its_number_and_its_town(gf, pui, line):
    client = logged_in(gf)
    page = client.get(
        reverse("vaccines:question"), {"destinataire": line.recipient_id}, follow=True
    )
    form = page.context["form"]
    assert "finess" not in form.fields
    assert form["destinataire"].value() == str(line.recipient_id)
    client.post(NEW, typed(pui=pui.pk, destinataire=line.recipient_id, telephone="02 38 00 00 00"))
    ticket = Ticket.objects.get()
    assert ticket.answers == {
        "Nom de la PUI": f"PUI centrale, {pui.establishment.name}",
        "EHPAD ou USLD destinataire": f"EHPAD Les Tilleuls ({line.recipient.finess_text})",
        "Numéro FINESS géographique de la PUI": pui.establishment.finess_text,
        "Ville de la PUI": "ORLÉANS",
    }
    assert (ticket.body.kind, ticket.phone, ticket.desk) == ("spf", "02 38 00 00 00", "")
    assert "spf@bal.example" in {one.to[0] for one in mail.outbox}


def test_the_pivot_hospital_that_delivers_reads_the_six_fields(gf, pui):
    pivot = make_pui("PUI de Montclair", contact_email="pharmacie@montclair.example")
    line = make_line(pui=pui, recipient=make_establishment(name="EHPAD du Lac"), pivot=pivot)
    sent = typed(pui=pui.pk, destinataire=line.recipient_id, telephone="02 38 00 00 00")
    logged_in(gf).post(NEW, sent)
    told = next(one for one in mail.outbox if one.to == ["pharmacie@montclair.example"])
    wanted = ("PUI centrale", "EHPAD du Lac", pui.establishment.finess_text, "ORLÉANS",
              "02 38 00 00 00", TEXT)  # fmt: skip
    for words in wanted:
        assert words in told.body, words


@pytest.mark.parametrize("field", ["pui", "destinataire"])
def test_one_asks_for_ones_own_pharmacy_about_ones_own_recipients(gf, pui, line, field):
    other = make_line(line.wave)
    forged = {"pui": other.pui_id, "destinataire": other.recipient_id}[field]
    sent = typed(pui=pui.pk, destinataire=line.recipient_id) | {field: forged}
    assert logged_in(gf).post(NEW, sent).status_code == 422
    assert not Ticket.objects.exists()


def test_who_has_no_pharmacy_types_them(operator):
    client = logged_in(operator)
    assert "Numéro FINESS géographique de la PUI" in text_of(client.get(NEW, {"sujet": "vaccins"}))
    sent = typed(pui="PUI de la Rive", finess="45 099 013 0", ville="Orléans")
    client.post(NEW, sent)
    assert Ticket.objects.get().answers["Nom de la PUI"] == "PUI de la Rive"
    assert client.post(NEW, typed(pui="", finess="", ville="")).status_code == 422
