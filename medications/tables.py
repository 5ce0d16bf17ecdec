"""The table of what a list follows, declared once for its page and for its file."""

import re

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import Column, Table
from medications.models import MonitoredList, Monitoring

FICTITIOUS = "fictif"
NUMBER_AND_UNIT = re.compile(r"(?<=[0-9]) (?=[a-zUµ])")
NATIONAL_BADGE = '<span class="fr-badge fr-badge--sm fr-badge--warning fr-badge--no-icon">{}</span>'


def product_link(row: Monitoring) -> SafeString:
    """The label leads to the page of the product; an invented code says so in words."""
    product = row.product
    mark = (
        format_html(' <span class="app-fictif">{}</span>', FICTITIOUS)
        if product.is_fictitious
        else ""
    )
    address = reverse("medications:product", args=[product.code])
    return format_html(
        '<a href="{}"><strong>{}</strong></a>{}', address, unbroken(product.label), mark
    )


def priority_badge(row: Monitoring) -> SafeString | str:
    """The priority in words; the ministry's own is the one that stands out [001]."""
    label = row.get_priority_display()
    return format_html(NATIONAL_BADGE, label) if row.is_national else label


def unbroken(text: str) -> str:
    """A number stays on the line of its unit."""
    return NUMBER_AND_UNIT.sub("\u00a0", text)


def substance_name(row: Monitoring) -> str:
    return row.product.substance.name if row.product.substance else ""


def reference_label(row: Monitoring) -> str:
    return row.product.reference.label if row.product.reference else ""


def substance_cell(row: Monitoring) -> SafeString | str:
    name, atc = substance_name(row), row.product.atc
    return format_html('{} <span class="app-sous">{}</span>', name, atc) if atc else name


def end_cell(row: Monitoring) -> str:
    return f"jusqu’au {row.ends_on:%d/%m/%Y}" if row.ends_on else ""


def start_cell(row: Monitoring) -> SafeString:
    until = end_cell(row)
    start = f"{row.starts_on:%d/%m/%Y}"
    return format_html('{} <span class="app-sous">{}</span>', start, until) if until else start


def yes(value: bool) -> str:
    return "oui" if value else "non"


CODE = Column("UCD", lambda row: row.product.code, under=True)
UCD13 = Column("UCD13", lambda row: row.product.ucd13, lambda row: "", under=True)
LABORATORY = Column("Laboratoire", lambda row: row.product.laboratory, under=True)
INVENTED = Column("Fictif", lambda row: yes(row.product.is_fictitious), lambda row: "", under=True)
UNIT = Column("Unité", lambda row: row.product.unit)
SINCE = Column("Suivi depuis", lambda row: row.starts_on, start_cell, order="depuis")
UNTIL = Column("Suivi jusqu’au", lambda row: row.ends_on, lambda row: "", under=True)
SUBSTANCES = (
    Column(
        "UCD de référence",
        reference_label,
        lambda row: unbroken(reference_label(row)),
        order="reference",
    ),
    Column("DCI", substance_name, substance_cell, order="dci"),
    Column("ATC", lambda row: row.product.atc, lambda row: "", under=True),
    Column("Forme", lambda row: row.product.form, lambda row: "", under=True),
    Column("Dosage", lambda row: row.product.strength, lambda row: "", under=True),
)
PRIORITY = Column(
    "Priorité", lambda row: row.get_priority_display(), priority_badge, order="priorite"
)


def table_of(monitored_list: MonitoredList) -> Table:
    """Devices have a code of their own, and neither DCI nor priority."""
    words = monitored_list.words
    name = Column(words.product, lambda row: row.product.label, product_link, order="libelle")
    if monitored_list.is_devices:
        code = Column(words.code, lambda row: row.product.code, under=True)
        columns = [name, code, LABORATORY, INVENTED, UNIT, SINCE, UNTIL]
    else:
        columns = [name, CODE, UCD13, LABORATORY, INVENTED, *SUBSTANCES, UNIT]
        columns += [PRIORITY, SINCE, UNTIL]
    return Table("produits", monitored_list.title, columns)
