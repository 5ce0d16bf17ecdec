"""The document: PDF/A-3b that opens, the XML of Factur-X inside, both saying what the page says."""

from decimal import Decimal
from io import BytesIO

import facturx
import pytest
from lxml import etree
from pypdf import PdfReader

from orders.services.credit_notes import cancel_invoice
from orders.services.invoices import issue
from tests.builders import make_person
from tests.orders.paid_builders import (
    PUBLIC_SIRET,
    SIRET,
    consortium,
    make_buyer,
    make_seller,
    make_shipped,
    make_sold,
)

pytestmark = pytest.mark.django_db
NAMES = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
}


@pytest.fixture
def supplier(db):
    make_seller()
    return make_person("CSM", on=consortium())


@pytest.fixture
def invoice(supplier):
    masks = make_sold("1234.56", label="Masques «\u00a0chirurgicaux\u00a0»", kind="type IIR")
    gloves = make_sold("3.33", label="Gants", tax_rate=Decimal("5.50"))
    order = make_shipped(
        make_buyer(public=True),
        [(masks, 7), (gloves, 3)],
        public=True,
        service_code="PHARMA",
        engagement="EJ-2020-17",
    )
    return issue(by=supplier, orders=[order])


def tree(invoice):
    return etree.fromstring(bytes(invoice.file.xml))


def said(invoice, path):
    return [one.text for one in tree(invoice).iterfind(f".//{path}", NAMES)]


def test_the_xml_holds_to_the_schema_of_its_profile(invoice):
    xml = bytes(invoice.file.xml)
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert facturx.get_level(tree(invoice)) == "en16931"


def test_the_xml_says_the_amounts_of_the_invoice(invoice):
    assert (invoice.net, invoice.tax, invoice.gross) == (
        Decimal("8651.91"),
        Decimal("1728.93"),
        Decimal("10380.84"),
    )
    assert said(invoice, "ram:TaxBasisTotalAmount") == ["8651.91"]
    assert said(invoice, "ram:TaxTotalAmount") == ["1728.93"]
    assert said(invoice, "ram:GrandTotalAmount") == ["10380.84"]
    assert said(invoice, "ram:DuePayableAmount") == ["10380.84"]
    lines = [Decimal(one) for one in said(invoice, "ram:LineTotalAmount")]
    assert sum(lines[:-1]) == lines[-1] == invoice.net
    taxes = [Decimal(one) for one in said(invoice, "ram:CalculatedAmount")]
    assert sum(taxes) == invoice.tax


def test_the_xml_says_who_sells_who_buys_and_where_it_is_to_go(invoice):
    assert said(invoice, "ram:BuyerReference") == ["PHARMA"]
    assert said(invoice, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID") == ["EJ-2020-17"]
    assert said(invoice, "ram:SellerTradeParty/ram:GlobalID") == ["73282932000074"]
    assert said(invoice, "ram:BuyerTradeParty/ram:GlobalID") == ["26450005900011"]
    assert said(invoice, "ram:SpecifiedTaxRegistration/ram:ID") == ["FR44732829320"]
    assert said(invoice, "rsm:ExchangedDocument/ram:ID") == [invoice.number]
    assert said(invoice, "rsm:ExchangedDocument/ram:TypeCode") == ["380"]


def test_chorus_pro_reads_a_public_buyer_and_its_supplier_by_their_siret(invoice):
    path = "ram:{}TradeParty/ram:SpecifiedLegalOrganization/ram:ID"
    assert said(invoice, path.format("Buyer")) == [PUBLIC_SIRET]
    assert said(invoice, path.format("Seller")) == [SIRET]
    assert said(invoice, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID") == ["A1"]


def test_nothing_but_a_service_and_an_engagement_stands_where_chorus_pro_looks_for_them(supplier):
    order = make_shipped(public=True, reference="notre bon 17")
    invoice = issue(by=supplier, orders=[order])
    assert said(invoice, "ram:BuyerReference") == []
    assert said(invoice, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID") == []
    path = "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"
    assert said(invoice, path) == [order.number]


def test_a_private_buyer_reads_its_reference_and_its_siren(supplier):
    invoice = issue(by=supplier, orders=[make_shipped(reference="BC-17")])
    assert said(invoice, "ram:BuyerReference") == ["BC-17"]
    path = "ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID"
    assert said(invoice, path) == [SIRET[:9]]


def test_it_says_where_it_was_delivered(supplier):
    order = make_shipped()
    order.delivery = {
        "label": "Réserve",
        "lines": "3 quai du Fret",
        "postal_code": "45000",
        "town": "ORLÉANS",
    }
    order.save()
    invoice = issue(by=supplier, orders=[order])
    assert said(invoice, "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:LineOne") == [
        "3 quai du Fret"
    ]
    assert "Livré à : Réserve, 3 quai du Fret, 45000 ORLÉANS." in text_of(invoice)


def test_the_pdf_is_a_pdf_a_3b_that_carries_the_xml(invoice):
    pdf = PdfReader(BytesIO(bytes(invoice.file.pdf)), strict=True)
    root = pdf.trailer["/Root"]
    words = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in words
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in words
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in words
    assert "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>" in words
    (attached,) = [one.get_object() for one in root["/AF"]]
    assert (attached["/AFRelationship"], attached["/UF"]) == ("/Alternative", "factur-x.xml")
    assert attached["/EF"]["/F"].get_data() == bytes(invoice.file.xml)
    (intent,) = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert root["/Lang"] == "fr-FR"
    name, found = facturx.get_facturx_xml_from_pdf(bytes(invoice.file.pdf))
    assert (name, found) == ("factur-x.xml", bytes(invoice.file.xml))


def test_every_font_is_inside_and_nothing_acts_by_itself(invoice):
    pdf = PdfReader(BytesIO(bytes(invoice.file.pdf)))
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            (inside,) = font["/DescendantFonts"]
            described = inside.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described)
    assert "/Encrypt" not in pdf.trailer
    assert "/JavaScript" not in pdf.trailer["/Root"]["/Names"]


def text_of(invoice):
    pdf = PdfReader(BytesIO(bytes(invoice.file.pdf)))
    text = " ".join(page.extract_text() for page in pdf.pages)
    return " ".join(text.replace("\u00a0", " ").split())


def test_a_person_reads_on_it_all_that_the_law_wants(invoice):
    text = text_of(invoice)
    for words in (
        f"Facture {invoice.number}",
        f"{invoice.issued_on:%d/%m/%Y}",
        f"{invoice.due_on:%d/%m/%Y}",
        "SIRET 73282932000074",
        "TVA FR44732829320",
        "SIRET 26450005900011",
        "Code service PHARMA",
        "Numéro d’engagement EJ-2020-17",
        "Masques « chirurgicaux » type IIR",
        "8 641,92 €",
        "TVA 20 % sur 8 641,92 €",
        "TVA 5,5 % sur 9,99 €",
        "10 380,84 €",
        "Pénalités de retard : 12 % par an",
        "40 €",
        "Pas d’escompte",
        "IBAN FR7630006000011234567890189",
        "page 1 sur 1",
    ):
        assert words in text


def test_a_credit_note_names_what_it_cancels_and_why(supplier, invoice):
    credit = cancel_invoice(by=supplier, invoice=invoice, reason="Prix faux")
    assert said(credit, "rsm:ExchangedDocument/ram:TypeCode") == ["381"]
    assert said(credit, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == [invoice.number]
    assert facturx.xml_check_xsd(bytes(credit.file.xml), flavor="factur-x", level="en16931")
    text = text_of(credit)
    assert f"annule entièrement la facture {invoice.number}" in text
    assert "Prix faux" in text
    assert "Net à payer" not in text


def test_a_long_invoice_goes_on_over_several_pages(supplier):
    lines = [(make_sold(label=f"Produit au libellé plutôt long {n}"), n + 1) for n in range(60)]
    invoice = issue(by=supplier, orders=[make_shipped(lines=lines)])
    pages = PdfReader(BytesIO(bytes(invoice.file.pdf))).pages
    assert len(pages) > 1
    assert f"page {len(pages)} sur {len(pages)}" in text_of(invoice)


def test_texts_that_people_typed_are_only_texts(supplier):
    order = make_shipped(
        lines=[(make_sold(label="A & B <c> **gras** 漢"), 1)], name="L’œuvre d’Àbé & fils"
    )
    invoice = issue(by=supplier, orders=[order])
    assert "A & B <c> **gras**" in text_of(invoice)
    assert said(invoice, "ram:BuyerTradeParty/ram:Name") == ["L’œuvre d’Àbé & fils"]
