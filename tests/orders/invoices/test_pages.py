"""The pages of invoices: to issue, to read, to download, to cancel."""

import csv
import io

import pytest
from django.urls import reverse

from journal.models import Entry
from orders.models import Deposit, Invoice, OrderLine
from orders.services.credit_notes import lessen_invoice
from orders.services.invoices import issue
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.orders.pages import logged_in, text_of
from tests.orders.paid_builders import (
    consortium,
    make_buyer,
    make_seller,
    make_shipped,
    make_sold,
)

pytestmark = pytest.mark.django_db
LIST = "/distrilog/factures/"


@pytest.fixture
def supplier(db):
    make_seller()
    return make_person("CSM", on=consortium())


@pytest.fixture
def seller(supplier):
    return logged_in(supplier)


def test_an_invoice_is_read_before_it_is_issued(seller):
    order = make_shipped(public=True, engagement="EJ-1")
    due = reverse("orders:invoices_due")
    answer = seller.get(due)
    assert_sound_html(answer)
    assert order.number in text_of(answer)
    refused = seller.post(due, {})
    assert refused.status_code == 422
    assert "Choisissez au moins une commande" in text_of(refused)
    preview = seller.post(due, {"order": order.pk})
    assert_sound_html(preview)
    assert "Rien n’est encore émis" in text_of(preview)
    assert "76,80 €" in text_of(preview)
    assert not Invoice.objects.exists()
    page = seller.post(due, {"order": order.pk, "confirm": "oui"}, follow=True)
    assert_sound_html(page)
    assert "Facture F-" in text_of(page)
    assert "n’est pas déposée d’ici sur Chorus Pro" in text_of(page)
    twice = seller.post(due, {"order": order.pk, "confirm": "oui"})
    assert (twice.status_code, Invoice.objects.count()) == (422, 1)


def test_before_it_says_who_it_is_a_supplier_issues_nothing(db):
    client = logged_in(make_person("CSM", on=consortium()))
    order = make_shipped()
    due = reverse("orders:invoices_due")
    assert "dites qui l’émet" in text_of(client.get(due))
    assert client.post(due, {"order": order.pk}).status_code == 422


def test_the_page_says_what_the_document_says(supplier):
    buyer = make_buyer()
    invoice = issue(by=supplier, orders=[make_shipped(buyer)])
    reader = logged_in(make_person("OCE", on=buyer.establishment))
    answer = reader.get(reverse("orders:invoice", args=[invoice.pk]))
    assert_sound_html(answer)
    text = text_of(answer)
    for words in (
        invoice.number,
        "SIRET 73282932000074",
        "64,00 €",
        "TVA 20 % sur 64,00 €",
        "76,80 €",
        "Pénalités de retard",
        "IBAN FR7630006000011234567890189",
        f"{invoice.due_on:%d/%m/%Y}",
    ):
        assert words in text
    assert "Annuler cette facture" not in text


def test_the_pdf_and_its_data_are_downloaded_as_they_were_issued(supplier):
    buyer = make_buyer()
    invoice = issue(by=supplier, orders=[make_shipped(buyer)])
    reader = logged_in(make_person("APE", on=buyer.establishment))
    pdf = reader.get(reverse("orders:invoice_pdf", args=[invoice.pk]))
    assert (pdf.content, pdf["Content-Type"]) == (bytes(invoice.file.pdf), "application/pdf")
    assert f"{invoice.number}.pdf" in pdf["Content-Disposition"]
    xml = reader.get(reverse("orders:invoice_xml", args=[invoice.pk]))
    assert xml.content == bytes(invoice.file.xml)


def test_the_invoice_of_another_place_is_nowhere(supplier):
    invoice = issue(by=supplier, orders=[make_shipped()])
    stranger = logged_in(make_person("OCE", on=make_buyer().establishment))
    for name in ("invoice", "invoice_pdf", "invoice_xml"):
        assert stranger.get(reverse(f"orders:{name}", args=[invoice.pk])).status_code == 404
    assert invoice.number not in text_of(stranger.get(LIST))


def test_who_reads_does_not_cancel(supplier):
    buyer = make_buyer()
    invoice = issue(by=supplier, orders=[make_shipped(buyer)])
    reader = logged_in(make_person("OCE", on=buyer.establishment))
    address = reverse("orders:invoice_cancel", args=[invoice.pk])
    assert reader.post(address, {"reason": "Non"}).status_code == 403
    assert Invoice.objects.count() == 1


def test_a_cancellation_asks_why_and_shows_the_credit_note(supplier, seller):
    invoice = issue(by=supplier, orders=[make_shipped()])
    address = reverse("orders:invoice_cancel", args=[invoice.pk])
    assert_sound_html(seller.get(address))
    assert seller.post(address, {"reason": ""}).status_code == 422
    page = seller.post(address, {"reason": "Prix faux"}, follow=True)
    assert_sound_html(page)
    assert "Annule la facture" in text_of(page)
    assert "Annulée par l’avoir" in text_of(
        seller.get(reverse("orders:invoice", args=[invoice.pk]))
    )
    assert seller.get(address).status_code == 302
    assert Invoice.objects.count() == 2


def test_some_packs_are_taken_off_from_the_page(supplier, seller):
    invoice = issue(by=supplier, orders=[make_shipped()])
    line = invoice.lines.get()
    address = reverse("orders:invoice_cancel", args=[invoice.pk])
    asked = {"what": "part", f"packs-{line.pk}": "99", "reason": "Manquants"}
    refused = seller.post(address, asked)
    assert_sound_html(refused)
    assert refused.status_code == 422
    assert "10 colis au plus" in text_of(refused)
    assert 'value="99"' in text_of(refused)
    assert seller.post(address, asked | {f"packs-{line.pk}": "deux"}).status_code == 422
    page = seller.post(address, asked | {f"packs-{line.pk}": "2"}, follow=True)
    assert_sound_html(page)
    assert "Diminue la facture" in text_of(page)
    whole = seller.get(reverse("orders:invoice", args=[invoice.pk]))
    assert "Diminuée de 15,36 € TTC par l’avoir" in text_of(whole)
    again = text_of(seller.get(address))
    assert "8 colis facturés" in again
    assert "Annuler toute la facture" not in again


def test_the_due_page_says_how_many_packs_and_lets_correct_whom_to_bill(seller):
    order = make_shipped(lines=[(make_sold(label="Gants"), 10)], public=True, engagement="EJ-1")
    OrderLine.objects.filter(order=order).update(shipped=150)
    text = text_of(seller.get(reverse("orders:invoices_due")))
    assert "3 × Gants" in text
    assert "engagement EJ-1" in text
    assert reverse("orders:billing", args=[order.pk]) in text


def test_the_list_tells_what_each_is_and_where_it_stands(supplier, seller):
    private = issue(by=supplier, orders=[make_shipped()])
    public = issue(by=supplier, orders=[make_shipped(public=True)])
    lines = [{one.lines.get().pk: 1} for one in (private, public)]
    lessen_invoice(by=supplier, invoice=private, packs=lines[0], reason="Manquant")
    lessen_invoice(by=supplier, invoice=public, packs=lines[1], reason="Manquant")
    text = text_of(seller.get(LIST))
    assert f"Diminue {private.number} ; à télécharger par le client" in text
    assert f"Diminue {public.number} ; Chorus Pro : à déposer à la main" in text
    assert "À télécharger par le client" in text
    assert "−&nbsp;7,68" in text.replace("− ", "−&nbsp;")


def test_an_invoice_put_on_chorus_by_hand_is_told_so(supplier, seller):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    assert "1 facture à déposer à la main" in text_of(seller.get("/"))
    address = reverse("orders:invoice_deposit", args=[invoice.pk])
    page = seller.post(address, {"by_hand": "oui"}, follow=True)
    assert "Le dépôt sur Chorus Pro est noté" in text_of(page)
    assert "Je l’ai déposée" not in text_of(page)
    assert "à déposer à la main" not in text_of(seller.get("/"))


def test_the_list_is_filtered_and_taken_away_with_the_same_rows(supplier, seller):
    kept = issue(by=supplier, orders=[make_shipped(name="EHPAD des Tilleuls")])
    other = issue(by=supplier, orders=[make_shipped(public=True)])
    answer = seller.get(LIST)
    assert_sound_html(answer)
    assert (kept.number in text_of(answer), other.number in text_of(answer)) == (True, True)
    assert reverse("orders:invoices_due") in text_of(answer)
    found = text_of(seller.get(LIST, {"cherche": "tilleuls"}))
    assert (kept.number in found, other.number in found) == (True, False)
    found = text_of(seller.get(LIST, {"etat": "by_hand", "du": "2020-01-01"}))
    assert (kept.number in found, other.number in found) == (False, True)
    assert seller.get(LIST, {"du": "hier", "etat": "rien"}).status_code == 200
    file = seller.get(reverse("orders:invoices_file", args=["csv"]), {"cherche": "tilleuls"})
    content = b"".join(file).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content), delimiter=";")
    assert (row["Numéro"], row["Total TTC"]) == (kept.number, "76,80")
    assert Entry.objects.get(verb="orders.invoices_exported").details["rows"] == 1


def test_the_list_is_read_in_a_constant_number_of_queries(
    supplier, seller, django_assert_max_num_queries
):
    for n in range(8):
        issue(by=supplier, orders=[make_shipped(public=bool(n % 2))])
    seller.get(LIST)
    with django_assert_max_num_queries(14):
        seller.get(LIST)


def test_what_is_due_is_read_in_a_constant_number_of_queries(
    supplier, seller, django_assert_max_num_queries
):
    due = reverse("orders:invoices_due")
    for _ in range(8):
        make_shipped(lines=[(make_sold(), 1), (make_sold(), 2)])
    seller.get(due)
    with django_assert_max_num_queries(16):
        seller.get(due)


def test_a_deposit_by_hand_is_not_asked_of_chorus_without_an_account(supplier, seller):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    address = reverse("orders:invoice_deposit", args=[invoice.pk])
    answer = seller.post(address, follow=True)
    assert "à la main" in text_of(answer)
    private = issue(by=supplier, orders=[make_shipped()])
    assert seller.post(reverse("orders:invoice_deposit", args=[private.pk])).status_code == 404


def test_the_home_page_says_what_is_to_invoice_and_what_was_refused(supplier, seller):
    make_shipped()
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    assert "1 commande à facturer" in text_of(seller.get("/"))
    Deposit.objects.filter(invoice=invoice).update(state=Deposit.State.REJECTED)
    assert "1 facture refusée sur Chorus Pro" in text_of(seller.get("/"))


def test_the_page_of_a_paid_order_says_what_it_costs_and_its_invoices(supplier):
    buyer = make_buyer()
    order = make_shipped(buyer)
    invoice = issue(by=supplier, orders=[order])
    reader = logged_in(make_person("OCE", on=buyer.establishment))
    answer = reader.get(reverse("orders:order", args=[order.pk]))
    assert_sound_html(answer)
    assert "Commande payante, 64,00 € HT" in text_of(answer)
    assert invoice.number in text_of(answer)
    warehouse = logged_in(make_person("ARL", domain="distrilog"))
    assert invoice.number not in text_of(warehouse.get(reverse("orders:order", args=[order.pk])))
