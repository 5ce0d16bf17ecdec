"""The table of the sites a person fills or reads, with where each one stands in a week."""

from collections.abc import Iterator
from dataclasses import dataclass

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.identifiers import format_finess
from epi_stocks.grid import Entity, Site
from establishments.models.search import plain_words


@dataclass(frozen=True, slots=True)
class ListedSite:
    """A row: a site, its entity, the address of its grid, its rank among those to fill."""

    site: Site
    entity: str
    address: str
    urgency: int

    @property
    def name(self) -> str:
        return self.site.name


class InventorySiteTable(tables.Table):
    name = tables.Column("Établissement")
    entity = tables.Column("Entité juridique")
    state = tables.Column("Où il en est", accessor="site__state", order_by="urgency")

    class Meta:
        attrs = {"caption": "Inventaire de chaque établissement"}

    def render_name(self, record: ListedSite) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="app-sous app-nb">{}</span>',
            record.address,
            record.name,
            format_finess(record.site.finess),
        )

    def render_state(self, record: ListedSite) -> SafeString:
        state = record.site.state
        return format_html(
            '<span class="app-etat {} {} fr-icon--sm">{}</span>',
            state.css_class,
            state.icon,
            state.sentence,
        )


def found_sites(entities: list[Entity], text: str) -> Iterator[tuple[Entity, Site]]:
    """Those whose name or entity holds the beginning of each word, or whose number begins so."""
    words = plain_words(text)
    number = "".join(words).upper()
    for entity in entities:
        for site in entity.sites:
            held = "".join(f" {word}" for word in plain_words(f"{site.name} {entity.name}"))
            if all(f" {word}" in held for word in words) or site.finess.startswith(number):
                yield entity, site
