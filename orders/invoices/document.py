"""The PDF of an invoice: PDF/A-3, its fonts inside, the XML of Factur-X attached to it."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import facturx
from django.contrib.staticfiles import finders
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from orders.invoices.content import Content, euros, percent
from orders.invoices.structured import PROFILE, xml_of

STANDARD: Final = "PDF/A-3B"
FAMILY: Final = "Marianne"
FONTS: Final = {"": "Marianne-Regular.woff2", "B": "Marianne-Bold.woff2"}
MARGIN, SMALL, NORMAL, LARGE = 15, 8, 9, 16
BLUE, GREY = (0, 0, 145), (93, 93, 93)
HALF: Final = 85


class Sheet(FPDF):
    """A page of an invoice, whose foot says which of how many."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(FAMILY, size=SMALL)
        self.set_text_color(*GREY)
        self.cell(0, 4, f"{self.foot} – page {self.page_no()} sur {{nb}}", align="C")


def pdf_of(content: Content) -> tuple[bytes, bytes]:
    """The document to keep and to send, and the XML that it carries."""
    xml = xml_of(content)
    name = f"{content.title} {content.invoice.number}"
    told = {
        "author": content.invoice.seller["name"],
        "title": name,
        "subject": f"{name} du {content.invoice.issued_on:%d/%m/%Y}",
        "keywords": "Factur-X",
    }
    made: bytes = facturx.generate_from_binary(
        drawn(content),
        xml,
        flavor="factur-x",
        level=PROFILE,
        check_xsd=False,  # checked when it was written
        pdf_metadata=told,
        lang="fr-FR",
        afrelationship="alternative",
    )
    return made, xml


def drawn(content: Content) -> bytes:
    """The pages alone."""
    sheet = Sheet(enforce_compliance=STANDARD)
    sheet.set_lang("fr-FR")
    sheet.set_title(f"{content.title} {content.invoice.number}")
    sheet.set_margin(MARGIN)
    sheet.set_auto_page_break(True, margin=MARGIN + 8)
    for style, file in FONTS.items():
        sheet.add_font(FAMILY, style, font_path(file))
    sheet.foot = _foot(content.invoice.seller)
    sheet.add_page()
    _heading(sheet, content)
    _parties(sheet, content)
    _lines(sheet, content)
    _totals(sheet, content)
    _ending(sheet, content)
    return bytes(sheet.output())


@cache
def font_path(file: str) -> Path:
    """Where the design system keeps a font."""
    found = finders.find(f"dsfr/dist/fonts/{file}")
    if not isinstance(found, str):
        raise FileNotFoundError(file)
    return Path(found)


def _foot(seller: dict[str, Any]) -> str:
    parts = [seller["name"], seller["legal_form"], f"SIRET {seller['siret']}", seller["register"]]
    return " – ".join(part for part in parts if part)


def _write(sheet: FPDF, text: str, *, bold: bool = False, size: int = NORMAL) -> None:
    """A paragraph, and to the next line."""
    sheet.set_font(FAMILY, "B" if bold else "", size)
    sheet.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _heading(sheet: FPDF, content: Content) -> None:
    invoice = content.invoice
    sheet.set_text_color(*BLUE)
    _write(sheet, f"{content.title} {invoice.number}", bold=True, size=LARGE)
    sheet.set_text_color(0, 0, 0)
    sheet.ln(1)
    _write(sheet, f"Émis{'' if invoice.is_credit else 'e'} le {invoice.issued_on:%d/%m/%Y}.")
    orders = ", ".join(content.orders)
    _write(sheet, f"Commande {orders}. Livraison du {invoice.delivered_on:%d/%m/%Y}.")
    for place in content.delivered_to:
        _write(sheet, f"Livré à\u00a0: {place}.")
    sheet.ln(4)


def _parties(sheet: FPDF, content: Content) -> None:
    seller, buyer = content.invoice.seller, content.invoice.billed_to
    top = sheet.get_y()
    _party(sheet, MARGIN, top, ["Fournisseur", *_address(seller), *_seller_words(seller)])
    left_end = sheet.get_y()
    _party(sheet, MARGIN + HALF + 10, top, ["Client", *_address(buyer), *_buyer_words(buyer)])
    sheet.set_y(max(left_end, sheet.get_y()) + 6)


def _party(sheet: FPDF, left: float, top: float, texts: list[str]) -> None:
    for rank, text in enumerate(texts):
        sheet.set_xy(left, top if not rank else sheet.get_y())
        sheet.set_font(FAMILY, "B" if rank < 2 else "", NORMAL)
        sheet.multi_cell(HALF, 5, text, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)


def _address(told: dict[str, Any]) -> list[str]:
    return [told["name"], told["lines"], f"{told['postal_code']} {told['town']}"]


def _seller_words(seller: dict[str, Any]) -> list[str]:
    return [f"SIRET {seller['siret']}", f"TVA {seller['vat_number']}", seller["email"]]


def _buyer_words(buyer: dict[str, Any]) -> list[str]:
    labels = {
        "siret": "SIRET",
        "service_code": "Code service",
        "engagement": "Numéro d’engagement",
        "reference": "Votre référence",
    }
    return [f"{label} {buyer[name]}" for name, label in labels.items() if buyer[name]]


def _lines(sheet: FPDF, content: Content) -> None:
    headings = FontFace(emphasis="BOLD", fill_color=(238, 238, 238))
    widths = (30, 62, 18, 24, 18, 28)
    aligns = ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")
    sheet.set_font(FAMILY, size=SMALL)
    with sheet.table(
        col_widths=widths,
        text_align=aligns,
        line_height=5,
        headings_style=headings,
        borders_layout="HORIZONTAL_LINES",
        padding=1,
    ) as table:
        table.row(("Référence", "Produit", "Colis", "Prix HT", "TVA", "Montant HT"))
        for one in content.lines:
            label = f"{one.label}, {one.packing}"
            price, net = euros(one.price), euros(one.net)
            table.row((one.code, label, str(one.packs), price, percent(one.tax_rate), net))
    sheet.ln(4)


def _totals(sheet: FPDF, content: Content) -> None:
    totals, invoice = content.totals, content.invoice
    rows = [("Total hors taxes", totals.net)]
    rows += [(f"TVA {percent(one.rate)} sur {euros(one.base)}", one.tax) for one in totals.bands]
    due = "Total de l’avoir" if invoice.is_credit else "Net à payer"
    rows.append((f"{due}, toutes taxes comprises", totals.gross))
    for rank, (label, amount) in enumerate(rows):
        sheet.set_font(FAMILY, "B" if rank == len(rows) - 1 else "", NORMAL)
        sheet.cell(140, 6, label, align="R")
        sheet.cell(40, 6, euros(amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(4)


def _ending(sheet: FPDF, content: Content) -> None:
    seller = content.invoice.seller
    if not content.invoice.is_credit:
        _write(sheet, f"Paiement. {content.terms}", bold=True)
        bic = f", BIC {seller['bic']}" if seller["bic"] else ""
        _write(sheet, f"IBAN {seller['iban']}{bic}. Rappelez le numéro de la facture.")
        sheet.ln(2)
    for _, text in content.mentions:
        _write(sheet, text, size=SMALL)
